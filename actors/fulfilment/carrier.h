/* What carriers say of parcels: signed, heard once, and harmless in whatever order it comes. */
#ifndef FULFILMENT_CARRIER_H
#define FULFILMENT_CARRIER_H

#include "depart.h"

extern const souk_error_t fulfilment_no_carrier;
extern const souk_query_t fulfilment_find_tracked, fulfilment_find_events, fulfilment_keep_events,
    fulfilment_forget_events;
extern const souk_saga_t fulfilment_hear;

bool fulfilment_forget_old_events(souk_call_t *call);

#endif
