/* What a service says of itself when asked `describe`: its operations with their routes, fields and
   errors; and the way back, from such a description to records, for the edge and for tools. */
#ifndef SOUK_DESCRIBE_H
#define SOUK_DESCRIBE_H

#include "actor.h"

/* These are what travels; docs/PROTOCOL.md lists the keys. */
struct souk_field_description {
    const char *name;
    const char *type; /* souk_type_name */
    const char *of; /* lists only: the type of the items, "text" or "record" */
    const char *record; /* the record's name, where there are fields */
    souk_list_t fields; /* struct souk_field_description: of a record, or of the items of a list */
    int64_t min, max;
    const char *format;
    souk_list_t one_of; /* const char * */
    const char *fallback;
    const char *doc;
    bool optional, secret;
};
struct souk_error_description {
    const char *code;
    const char *kind; /* souk_kind_row_t.name */
    const char *meaning;
};
struct souk_operation_description {
    const char *name, *http, *summary;
    const char *request_name, *reply_name;
    souk_list_t request, reply; /* struct souk_field_description */
    souk_list_t errors; /* struct souk_error_description */
    bool writes, repeatable, needs_key, takes_key, uuid_key;
    bool accepts; /* may be answered "accepted" */
    bool batched; /* calls that come together are served together */
    const char *role;
    const char *etag; /* a number of the reply */
    const char *if_match; /* a number of the request */
    const char *signature; /* the header that signs the body */
    int http_status; /* of success; 204 has no body */
};
struct souk_event_description {
    const char *topic, *summary;
    const char *subject; /* the text of the data that says what it is about */
    const char *data_name;
    souk_list_t data; /* struct souk_field_description */
};
struct souk_description {
    const char *service, *summary;
    souk_list_t operations; /* struct souk_operation_description */
    souk_list_t events; /* struct souk_event_description: what it tells of */
    souk_list_t follows; /* const char *: topics that it follows */
};
extern const souk_record_t souk_field_description, souk_error_description,
    souk_operation_description, souk_event_description, souk_description;

/* Fills description; what is new is in pool, texts are the actor's. */
void souk_describe(const souk_actor_t *actor, struct souk_description *description,
    souk_pool_t *pool);

/* Makes a record, with offsets of its own, from described fields; name is NULL where the service
   gave it none. NULL: *why says what is wrong with them (they come from outside: too many, too
   deep, an unknown type). All in pool. */
must_check const souk_record_t *souk_record_from(const char *name, const souk_list_t *fields,
    souk_pool_t *pool, const char **why);

/* What every service answers to `health`. */
struct souk_health {
    const char *status; /* "ok", or "degraded" where the database is away */
    const char *database; /* "ok", "away" or "none" */
    int64_t served; /* calls answered since the start */
    int in_progress;
};
extern const souk_record_t souk_health;

#endif
