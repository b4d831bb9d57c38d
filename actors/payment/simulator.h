/* A provider that charges nobody, with a journal of its own; what a card does is in its name. */
#ifndef PAYMENT_SIMULATOR_H
#define PAYMENT_SIMULATOR_H

#include "provider.h"

extern const struct provider simulator;
extern const souk_query_t simulator_charge, simulator_find, simulator_capture, simulator_void,
    simulator_refund;

#endif
