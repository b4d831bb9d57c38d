/* A provider that charges nobody, with a journal of its own; what a card does is in its name. */
#ifndef PAYMENT_SIMULATOR_H
#define PAYMENT_SIMULATOR_H

#include "provider.h"

extern const struct provider simulator;
extern const souk_query_t simulator_charge, simulator_find, simulator_capture, simulator_void,
    simulator_refund, simulator_journal;

bool simulator_read(souk_call_t *call, struct journal *journal);
bool simulator_owns(const char *reference);

#endif
