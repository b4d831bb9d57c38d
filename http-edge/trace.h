/* W3C Trace Context: which request of the outside world this one belongs to. */
#ifndef SOUK_TRACE_H
#define SOUK_TRACE_H

#include "../lib/base.h"

#define SOUK_TRACEPARENT_SIZE 56
#define SOUK_TRACE_ID_SIZE 33

/* given carried along where it is valid, else (or where given is NULL) a new one. */
void souk_trace_begin(const char *given, char traceparent[SOUK_TRACEPARENT_SIZE]);

/* The trace's id within traceparent. */
void souk_trace_id(const char *traceparent, char id[SOUK_TRACE_ID_SIZE]);

#endif
