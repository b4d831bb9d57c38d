/* JSON Schemas (2020-12, as OpenAPI 3.1 has them) of described records. */
#ifndef SOUK_OPENAPI_SCHEMA_H
#define SOUK_OPENAPI_SCHEMA_H

#include <jansson.h>

#include "offer.h"

/* components/schemas, by the records' names, which different services may use for different things:
   then the service's name is put in front. What is given to a service may hold no other fields and
   null for those that may be absent: where the same record is also told, it is RECORD.given. */
typedef struct {
    json_t *components;
    const char *service; /* whose records are being described */
    bool given; /* it is a body that is being described */
} souk_schemas_t;

/* What these return is the caller's. */
json_t *souk_schema_of_field(souk_schemas_t *schemas, const souk_field_t *field);
/* A reference, after the record has been put among the components. */
json_t *souk_schema_of_record(souk_schemas_t *schemas, const souk_record_t *record);
/* What a request's body is: without what stands in the path. */
json_t *souk_schema_of_body(souk_schemas_t *schemas, const souk_offer_t *offer);
json_t *souk_schema_reference(const char *name);

#endif
