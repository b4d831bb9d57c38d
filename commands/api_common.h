/* What docs/API.md says of all operations together. */
#ifndef SOUK_API_COMMON_H
#define SOUK_API_COMMON_H

#include "buffer.h"

void souk_api_tell_common(souk_buffer_t *out);

#endif
