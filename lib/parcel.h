/* A message from the bus becomes calls, and their answers become one message. */
#ifndef SOUK_PARCEL_H
#define SOUK_PARCEL_H

#include "call_internal.h"

/* Makes a call of each argument frame in body, decoded, checked and, where it cannot be served,
   already failed. The list (of souk_call_t *) is in the memory of the calls. A body that is no
   request is answered here, and gives an empty list. */
souk_list_t souk_parcel_open(souk_desk_t *desk, souk_link_t *link, const souk_return_t *to,
    const souk_message_t *body, souk_pool_t *pool);

/* Writes the call's answer, and sends the message when it was the last. The call lives on. */
void souk_parcel_answer(souk_call_t *call, const char *code);

#endif
