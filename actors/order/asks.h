/* What more than one saga of the order actor asks of other services. */
#ifndef ORDER_ASKS_H
#define ORDER_ASKS_H

#include "records.h"

extern const souk_ask_t order_release_stock, order_void_charge, order_give_back_uses;

#endif
