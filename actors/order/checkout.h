/* What is asked for when an order is placed, before anybody else is asked. */
#ifndef ORDER_CHECKOUT_H
#define ORDER_CHECKOUT_H

#include "placing.h"

/* .open of order.place. */
bool order_open(souk_call_t *call, const void *request, void *state);

/* Whose a guest's orders are: an id that follows from the e-mail address, and is no user's. */
const char *order_guest(souk_call_t *call, const char *email);

/* What is said beyond the lines, as the JSON of order_detail; NULL: nothing. */
const char *order_write_detail(souk_call_t *call, const struct placing *placing);
/* From detail, the JSON of order_detail (NULL: there is none). False: it does not fit, and the call
   has failed. */
must_check bool order_read_detail(souk_call_t *call, const char *detail, struct order *into);

#endif
