/* Orders as their customers look them up: each by who placed it, and by
   nobody else but staff. */
#ifndef ORDER_LOOKUP_H
#define ORDER_LOOKUP_H

#include "records.h"

extern const souk_error_t order_missing;
extern const souk_query_t order_find, order_find_page, order_find_line_rows, order_find_detail_rows,
    order_find_history_rows;

/* Whose an order must be for this caller to see it; NULL: anybody's, since it is one of the staff.
 */
const char *order_owner(const souk_call_t *call);

bool order_get(souk_call_t *call, const void *request, void *reply);
bool order_track(souk_call_t *call, const void *request, void *reply);
bool order_tell_history(souk_call_t *call, const void *request, void *reply);
bool order_list(souk_call_t *call, const void *request, void *reply);

/* All lines (struct order_line) of the orders with these ids (const char *). */
must_check bool order_find_lines(souk_call_t *call, const souk_list_t *ids, souk_list_t *lines);
/* Those of one order among them, not copied. */
souk_list_t order_lines_of(const souk_list_t *lines, const char *id);
/* What orders say beyond their lines (struct detail_row), of those that say something. */
must_check bool order_find_details(souk_call_t *call, const souk_list_t *ids, souk_list_t *details);

#endif
