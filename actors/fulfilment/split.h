/* Some of a shipment leaves by itself. */
#ifndef FULFILMENT_SPLIT_H
#define FULFILMENT_SPLIT_H

#include "shipments.h"

struct split {
    const char *id;
    souk_list_t lines; /* struct line */
};
static const souk_record_t split = {
    .name = "split",
    .size = sizeof(struct split),
    .fields = {
        FIELD(split, id, .format = SOUK_UUID),
        FIELD(split, lines, .of = &line, .min = 1, .max = LINES_MAX,
            .doc = "what leaves by itself; something must be left"),
    },
};

extern const souk_error_t fulfilment_not_in_shipment;
extern const souk_query_t fulfilment_take_lines, fulfilment_note_split;

bool fulfilment_split(souk_call_t *call, const void *request, void *reply);

#endif
