/* A carrier for demonstrations: where there is one, it takes every shipment one step further after
   a while, as staff and a carrier would. */
#ifndef FULFILMENT_DEMO_H
#define FULFILMENT_DEMO_H

#include "depart.h"

extern const souk_query_t fulfilment_claim_demo;
extern const souk_saga_t fulfilment_carry;

#endif
