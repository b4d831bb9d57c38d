/* order.place: the saga, and the statements behind it. */
#ifndef ORDER_PLACE_H
#define ORDER_PLACE_H

#include "placing.h"

extern const souk_query_t order_save_orders, order_save_lines, order_save_details,
    order_settle_orders, order_reject_orders, order_claim_stranded;
extern const souk_saga_t order_place;

#endif
