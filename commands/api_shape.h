/* Records as docs/API.md tells them: tables, each of which stands there once for its service. */
#ifndef SOUK_API_SHAPE_H
#define SOUK_API_SHAPE_H

#include "actor.h"
#include "buffer.h"

/* The shapes that one service's operations speak of. */
typedef struct {
    souk_pool_t *pool;
    const char *service;
    souk_list_t told; /* in the order in which they were first spoken of; api_shape.c knows more */
} souk_shapes_t;

/* A table of the fields; if_match is the one that a header has, or NULL. */
const char *souk_shapes_table(souk_shapes_t *shapes, const souk_record_t *record,
    const char *if_match);

/* A link to the record, which is among the service's shapes from then on. */
const char *souk_shapes_link(souk_shapes_t *shapes, const souk_record_t *record);

/* All of them, each under its heading. */
void souk_shapes_tell(const souk_shapes_t *shapes, souk_buffer_t *out);

/* Where a link to this heading leads, without the #. */
const char *souk_api_anchor(const char *heading, souk_pool_t *pool);

/* Text as it may stand in a cell of a table. */
const char *souk_api_cell(const char *text, souk_pool_t *pool);

#endif
