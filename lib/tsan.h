/* For ThreadSanitizer, which does not see libzmq hand content from thread to thread: told here,
   where a message leaves and where it arrives, it looks at all that is ours. */
#ifndef SOUK_TSAN_H
#define SOUK_TSAN_H

#if defined(__SANITIZE_THREAD__)
#define SOUK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SOUK_TSAN 1
#endif
#endif

#ifdef SOUK_TSAN
#include <sanitizer/tsan_interface.h>
#define souk_tsan_leaves(data) __tsan_release(data)
#define souk_tsan_arrives(data) __tsan_acquire(data)
#else
#define souk_tsan_leaves(data) ((void)(data))
#define souk_tsan_arrives(data) ((void)(data))
#endif

#endif
