/* Telling what a user has changed, in the transaction of the change. */
#ifndef USER_TELL_H
#define USER_TELL_H

#include "../../lib/souk.h"

extern const souk_query_t user_tell_change_query;

/* Of the caller's account: "name" or "addresses". */
must_check bool user_tell_change(souk_call_t *call, const char *what);

#endif
