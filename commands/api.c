/* `souk api`: docs/API.md, the reference of all actors' operations and events, from their tables;
   nothing need run. */
#include <stdio.h>

#include "api_common.h"
#include "api_shape.h"
#include "commands.h"

static const char head[] =
    "# The operations and events\n"
    "\n"
    "Everything that the shop can be asked, and what it tells of, as its services describe it. "
    "This\n"
    "page is made by `./souk api > docs/API.md`; what it says is said in the tables in `actors/`, "
    "and\n"
    "is changed there.\n"
    "A running shop says the same, with what has joined it, at `/openapi.json` and "
    "`SERVICE.describe`.\n"
    "What every service answers besides (`describe`, `health`, `events.since`, `dead_letters`, "
    "`retry`)\n"
    "stands in [PROTOCOL.md](PROTOCOL.md).\n"
    "\n"
    "- [What holds for all](#what-holds-for-all): fields, tokens, keys, versions, "
    "[errors](#errors)\n";

static void say(souk_buffer_t *out, const char *format, const char *text)
{
    souk_buffer_add_text(out, souk_pool_format(out->pool, format, text));
}

static const char *route_of(const souk_operation_t *operation, souk_pool_t *pool)
{
    return operation->http ? souk_pool_format(pool, "`%s`", operation->http) : "only on the bus";
}

static void tell_contents(souk_buffer_t *out, const souk_actor_t *actor)
{
    souk_pool_t *pool = out->pool;

    say(out, "\n| [%s]", actor->name);
    say(out, "(#%s) | who | |\n|---|---|---|\n", actor->name);
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++) {
        const souk_operation_t *operation = &actor->operations[i];
        souk_buffer_add_text(out,
            souk_pool_format(pool, "| %s | %s | [%s](#%s) |\n", route_of(operation, pool),
                operation->role ? operation->role : "", operation->name,
                souk_api_anchor(operation->name, pool)));
    }
}

/* Where and by whom it is called, and with which headers. */
static void tell_route(souk_buffer_t *out, const souk_operation_t *operation)
{
    if (operation->http)
        say(out, "`%s`, for: ", operation->http);
    souk_buffer_add_text(out, operation->http ? operation->role : "Only on the bus");
    souk_buffer_add_text(out, ".");
    if (operation->needs_key)
        souk_buffer_add_text(out, " `Idempotency-Key` must be sent.");
    if (operation->takes_key)
        souk_buffer_add_text(out, " `Idempotency-Key` may be sent.");
    if (souk_operation_uuid_key(operation))
        souk_buffer_add_text(out, " It must be a random UUID.");
    if (operation->if_match)
        souk_buffer_add_text(out, " `If-Match` must be sent.");
    if (operation->signature)
        souk_buffer_add_text(out,
            souk_pool_format(out->pool,
                " Over HTTP `body` is the body as it is sent, and `signature` the header `%s`.",
                operation->signature));
    souk_buffer_add_text(out, "\n\n");
}

static void tell_request(souk_buffer_t *out, souk_shapes_t *shapes,
    const souk_operation_t *operation)
{
    if (souk_record_count(operation->request))
        say(out, "%s\n", souk_shapes_table(shapes, operation->request, operation->if_match));
}

static void tell_status(souk_buffer_t *out, const souk_operation_t *operation)
{
    souk_buffer_add_text(out,
        souk_pool_format(out->pool, " with %d%s", souk_operation_status(operation),
            operation->saga ? " or 202" : ""));
    if (operation->etag)
        say(out, "; its `%s` is the ETag", operation->etag);
}

static void tell_reply(souk_buffer_t *out, souk_shapes_t *shapes, const souk_operation_t *operation)
{
    const bool empty = souk_record_count(operation->reply) == 0;

    say(out, "Answers %s", empty ? "nothing" : souk_shapes_link(shapes, operation->reply));
    if (operation->http)
        tell_status(out, operation);
    souk_buffer_add_text(out, ".\n\n");
}

static void tell_errors(souk_buffer_t *out, const souk_operation_t *operation)
{
    if (!operation->errors[0])
        return;
    souk_buffer_add_text(out, "| error | HTTP | |\n|---|---|---|\n");
    for (size_t i = 0; i < SOUK_ERRORS_MAX && operation->errors[i]; i++) {
        const souk_error_t *error = operation->errors[i];
        souk_buffer_add_text(out,
            souk_pool_format(out->pool, "| `%s` | %d | %s |\n", error->code,
                souk_kind(error->kind)->http_status, souk_api_cell(error->meaning, out->pool)));
    }
    souk_buffer_add_text(out, "\n");
}

static void tell_operation(souk_buffer_t *out, souk_shapes_t *shapes,
    const souk_operation_t *operation)
{
    say(out, "### %s\n\n", operation->name);
    say(out, "%s\n\n", operation->summary);
    tell_route(out, operation);
    tell_request(out, shapes, operation);
    tell_reply(out, shapes, operation);
    tell_errors(out, operation);
}

static void tell_events(souk_buffer_t *out, souk_shapes_t *shapes, const souk_actor_t *actor)
{
    souk_pool_t *pool = out->pool;

    if (!actor->events[0].topic)
        return;
    say(out, "### What %s tells\n\n", actor->name);
    souk_buffer_add_text(out,
        "[Events](PROTOCOL.md#events), for whoever follows them.\n\n"
        "| event | data | |\n|---|---|---|\n");
    for (size_t i = 0; i < SOUK_EVENTS_MAX && actor->events[i].topic; i++) {
        const souk_event_t *event = &actor->events[i];
        souk_buffer_add_text(out,
            souk_pool_format(pool, "| `%s` | %s | %s |\n", event->topic,
                souk_shapes_link(shapes, event->data), souk_api_cell(event->summary, pool)));
    }
    souk_buffer_add_text(out, "\n");
}

static void tell_actor(souk_buffer_t *out, const souk_actor_t *actor)
{
    souk_shapes_t shapes = { .pool = out->pool, .service = actor->name };

    say(out, "## %s\n\n", actor->name);
    say(out, "%s\n\n", actor->summary);
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++)
        tell_operation(out, &shapes, &actor->operations[i]);
    tell_events(out, &shapes, actor);
    if (shapes.told.count)
        say(out, "### What %s speaks of\n\n", actor->name);
    souk_shapes_tell(&shapes, out);
}

int souk_command_api(int argc, char **argv)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_buffer_t out = { .pool = pool };
    (void)argc, (void)argv;

    souk_buffer_add_text(&out, head);
    for (size_t i = 0; souk_actors[i]; i++)
        tell_contents(&out, souk_actors[i]);
    souk_buffer_add_text(&out, "\n");
    souk_api_tell_common(&out);
    for (size_t i = 0; souk_actors[i]; i++)
        tell_actor(&out, souk_actors[i]);
    /* The last line ends, and nothing comes behind it. */
    printf("%.*s\n", (int)out.size - 2, out.data);
    return SOUK_DONE;
}
