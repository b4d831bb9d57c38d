/* From an actor's tables to what it says of itself. */
#include "describe.h"

#include "builtin.h"

enum {
    NAME_MAX_SIZE = 200,
    DOC_MAX_SIZE = 2000,
    DESCRIBED_OPERATIONS_MAX = 64, /* with those of builtin.h */
    /* The whole and its operations are two records around the first field. */
    FIELDS_DEPTH_MAX = SOUK_DEPTH_MAX - 2,
};

const souk_record_t souk_field_description = {
    .name = "field_description",
    .size = sizeof(struct souk_field_description),
    .fields = {
        FIELD(souk_field_description, name, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_field_description, type, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_field_description, of, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_field_description, record, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_field_description, fields,
            .of = &souk_field_description,
            .max = SOUK_FIELDS_MAX,
            .optional = true),
        FIELD(souk_field_description, min, .optional = true),
        FIELD(souk_field_description, max, .optional = true),
        FIELD(souk_field_description, format, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_field_description, one_of, .optional = true),
        FIELD(souk_field_description, fallback, .optional = true),
        FIELD(souk_field_description, doc, .max = DOC_MAX_SIZE, .optional = true),
        FIELD(souk_field_description, optional, .optional = true),
        FIELD(souk_field_description, secret, .optional = true),
    },
};

const souk_record_t souk_error_description = {
    .name = "error_description",
    .size = sizeof(struct souk_error_description),
    .fields = {
        FIELD(souk_error_description, code, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_error_description, kind, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_error_description, meaning, .max = DOC_MAX_SIZE, .optional = true),
    },
};

const souk_record_t souk_operation_description = {
    .name = "operation_description",
    .size = sizeof(struct souk_operation_description),
    .fields = {
        FIELD(souk_operation_description, name, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_operation_description, http, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, summary, .max = DOC_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, request_name, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, reply_name, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, request,
            .of = &souk_field_description,
            .max = SOUK_FIELDS_MAX,
            .optional = true),
        FIELD(souk_operation_description, reply,
            .of = &souk_field_description,
            .max = SOUK_FIELDS_MAX,
            .optional = true),
        FIELD(souk_operation_description, errors,
            .of = &souk_error_description,
            .max = SOUK_ERRORS_MAX,
            .optional = true),
        FIELD(souk_operation_description, writes, .optional = true),
        FIELD(souk_operation_description, repeatable, .optional = true),
        FIELD(souk_operation_description, needs_key, .optional = true),
        FIELD(souk_operation_description, takes_key, .optional = true),
        FIELD(souk_operation_description, uuid_key, .optional = true),
        FIELD(souk_operation_description, accepts, .optional = true),
        FIELD(souk_operation_description, batched, .optional = true),
        FIELD(souk_operation_description, role, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, etag, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, if_match, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, signature, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_operation_description, http_status, .fallback = "200"),
    },
};

const souk_record_t souk_event_description = {
    .name = "event_description",
    .size = sizeof(struct souk_event_description),
    .fields = {
        FIELD(souk_event_description, topic, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_event_description, summary, .max = DOC_MAX_SIZE, .optional = true),
        FIELD(souk_event_description, subject, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_event_description, data_name, .max = NAME_MAX_SIZE, .optional = true),
        FIELD(souk_event_description, data,
            .of = &souk_field_description,
            .max = SOUK_FIELDS_MAX,
            .optional = true),
    },
};

const souk_record_t souk_description = {
    .name = "description",
    .size = sizeof(struct souk_description),
    .fields = {
        FIELD(souk_description, service, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(souk_description, summary, .max = DOC_MAX_SIZE, .optional = true),
        FIELD(souk_description, operations,
            .of = &souk_operation_description,
            .max = DESCRIBED_OPERATIONS_MAX),
        FIELD(souk_description, events,
            .of = &souk_event_description,
            .max = SOUK_EVENTS_MAX,
            .optional = true),
        FIELD(souk_description, follows, .max = SOUK_FOLLOWS_MAX, .optional = true),
    },
};

const souk_record_t souk_health = {
    .name = "health",
    .size = sizeof(struct souk_health),
    .fields = {
        FIELD(souk_health, status),
        FIELD(souk_health, database),
        FIELD(souk_health, served),
        FIELD(souk_health, in_progress),
    },
};

static void describe_fields(const souk_record_t *record, souk_list_t *list, souk_pool_t *pool,
    int depth);

static void describe_one_of(const souk_field_t *field, souk_list_t *list, souk_pool_t *pool)
{
    for (const char *const *text = field->one_of; text && *text; text++)
        *(const char **)souk_list_add(list, pool, sizeof *text) = *text;
}

static void describe_field(const souk_field_t *field, struct souk_field_description *description,
    souk_pool_t *pool, int depth)
{
    *description = (struct souk_field_description){
        .name = field->name,
        .type = souk_type_name(field->type),
        .record = field->of ? field->of->name : NULL,
        .min = field->min,
        .max = field->max,
        .format = field->format ? souk_format_name(field->format) : NULL,
        .fallback = field->fallback,
        .doc = field->doc,
        .optional = field->optional,
        .secret = field->secret,
    };
    if (field->type == SOUK_LIST)
        description->of = souk_type_name(field->of ? SOUK_RECORD : SOUK_TEXT);
    describe_one_of(field, &description->one_of, pool);
    if (field->of && depth < FIELDS_DEPTH_MAX)
        describe_fields(field->of, &description->fields, pool, depth + 1);
}

static void describe_fields(const souk_record_t *record, souk_list_t *list, souk_pool_t *pool,
    int depth)
{
    struct souk_field_description *descriptions;

    *list = souk_list_new(pool, souk_record_count(record), sizeof *descriptions);
    descriptions = list->items;
    for (size_t i = 0; i < list->count; i++)
        describe_field(&record->fields[i], &descriptions[i], pool, depth);
}

static void describe_errors(const souk_operation_t *operation, souk_list_t *list, souk_pool_t *pool)
{
    struct souk_error_description *description;

    for (size_t i = 0; i < SOUK_ERRORS_MAX && operation->errors[i]; i++) {
        description = souk_list_add(list, pool, sizeof *description);
        description->code = operation->errors[i]->code;
        description->kind = souk_kind(operation->errors[i]->kind)->name;
        description->meaning = operation->errors[i]->meaning;
    }
}

static void describe_operation(const souk_operation_t *operation,
    struct souk_operation_description *description, souk_pool_t *pool)
{
    *description = (struct souk_operation_description){
        .name = operation->name,
        .http = operation->http,
        .summary = operation->summary,
        .request_name = operation->request->name,
        .reply_name = operation->reply->name,
        .writes = operation->writes,
        .repeatable = operation->repeatable,
        .needs_key = operation->needs_key,
        .takes_key = operation->takes_key,
        .uuid_key = souk_operation_uuid_key(operation),
        .accepts = operation->saga != NULL,
        .batched = operation->batch != NULL,
        .role = souk_operation_role(operation),
        .etag = operation->etag,
        .if_match = operation->if_match,
        .signature = operation->signature,
        .http_status = souk_operation_status(operation),
    };
    describe_fields(operation->request, &description->request, pool, 1);
    describe_fields(operation->reply, &description->reply, pool, 1);
    describe_errors(operation, &description->errors, pool);
}

/* All but `describe` and `health`, which everybody has. */
static void describe_builtin(const souk_actor_t *actor, souk_list_t *list, souk_pool_t *pool)
{
    const souk_operation_t *operation;
    struct souk_operation_description *description;

    for (size_t i = 0; (operation = souk_builtin(actor, i)); i++) {
        if (!operation->handler)
            continue;
        description = souk_list_add(list, pool, sizeof *description);
        describe_operation(operation, description, pool);
        description->name = souk_pool_format(pool, "%s.%s", actor->name, operation->name);
    }
}

static void describe_events(const souk_actor_t *actor, souk_list_t *list, souk_pool_t *pool)
{
    struct souk_event_description *description;

    for (size_t i = 0; i < SOUK_EVENTS_MAX && actor->events[i].topic; i++) {
        const souk_event_t *event = &actor->events[i];
        description = souk_list_add(list, pool, sizeof *description);
        *description = (struct souk_event_description){
            .topic = event->topic,
            .summary = event->summary,
            .subject = event->subject,
            .data_name = event->data->name,
        };
        describe_fields(event->data, &description->data, pool, 1);
    }
}

void souk_describe(const souk_actor_t *actor, struct souk_description *description,
    souk_pool_t *pool)
{
    *description = (struct souk_description){ .service = actor->name, .summary = actor->summary };
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++)
        describe_operation(&actor->operations[i],
            souk_list_add(&description->operations, pool,
                sizeof(struct souk_operation_description)),
            pool);
    describe_builtin(actor, &description->operations, pool);
    describe_events(actor, &description->events, pool);
    for (size_t i = 0; i < SOUK_FOLLOWS_MAX && actor->follows[i].topic; i++)
        souk_list_add_text(&description->follows, pool, actor->follows[i].topic);
}
