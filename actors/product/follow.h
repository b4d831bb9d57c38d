/* Products follow the category that they are in, or below, when that is moved. */
#ifndef PRODUCT_FOLLOW_H
#define PRODUCT_FOLLOW_H

#include "records.h"

extern const souk_query_t product_find_filed, product_begin_move, product_take_move,
    product_keep_move, product_end_move;

/* Whether there is any product in a category or below it, whatever its status. */
must_check bool product_is_filed(souk_call_t *call, const char *slug, bool *is_filed);

/* The first products follow at once. Where there are more, they follow soon, with
   product_follow_on. The tree is locked, and says where the category is now. */
must_check bool product_follow(souk_call_t *call, const char *slug);

/* A few of those that have yet to follow; the handler of a timer. */
bool product_follow_on(souk_call_t *call);

#endif
