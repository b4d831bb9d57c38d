/* The part of docs/API.md that holds for every operation, so that the others need not say it. */
#include "api_common.h"

#include "../http-edge/problem.h"
#include "api_shape.h"
#include "call.h"
#include "once.h"

static const char manners[] =
    "## What holds for all\n"
    "\n"
    "Over HTTP, what stands in braces is part of the path; of GET and DELETE the other fields are "
    "the\n"
    "query (a list is the same name again and again), of POST, PUT and PATCH a JSON object that "
    "comes\n"
    "with `Content-Type: application/json`. On the bus all fields together are the arguments\n"
    "([PROTOCOL.md](PROTOCOL.md)). Fields that nobody knows are refused over HTTP, and ignored on "
    "the bus.\n"
    "\n"
    "**Who may call.** *anyone* needs no token. *customer* is whoever is logged in: send\n"
    "`Authorization: Bearer TOKEN`. *staff* and *admin* are customers who were given that role. "
    "What is\n"
    "somebody else's is not found. An operation of the bus alone is for other services: it asks "
    "for no\n"
    "role, for only those who are trusted are on the bus.\n"
    "\n"
    "**Fields** must be there unless the table says *optional* or what they are where absent. In "
    "an answer\n"
    "an optional field may be null, and is told all the same. A text has up to %d characters and a "
    "list\n"
    "up to %d items where the table does not say. `integer` has 32 bits, `long` 64. `time` is RFC "
    "3339 in\n"
    "JSON. `uuid`, `email`, `url` (http or https), `currency` (ISO 4217) and `country` (ISO "
    "3166-1, two\n"
    "letters) are what a text has to look like. What is *secret* reaches no log.\n"
    "\n"
    "**Idempotency-Key**: 1 to %d printable characters, made up by the caller, one for each thing "
    "that is\n"
    "meant to be done. Asked again with the same key and the same request, it is not done again; "
    "the\n"
    "answer is the first one, which for most operations is kept for %d hours and marked with\n"
    "`Idempotent-Replayed: true`. A call that failed leaves its key free, but for an "
    "order that\n"
    "was refused over its stock or its payment: to try it otherwise wants another key. A *random "
    "UUID* (version 4, as\n"
    "RFC 9562 writes it) is wanted where whoever guessed a key could come by a password, a token "
    "or "
    "a\n"
    "cart: another key is `invalid` there.\n"
    "\n"
    "**Versions.** An operation that answers with an ETag says which version of the thing that "
    "is:\n"
    "`\"5\"`. If-Match says which version is to be changed, that tag or `*` for any. A GET with "
    "such an\n"
    "If-None-Match is answered 304 where nothing has changed.\n"
    "\n"
    "**202** means that the work goes on, and the answer says how it stands; asking again with the "
    "same\n"
    "key tells how it went on.\n"
    "\n"
    "**Money** is in minor units, and never in floating point:\n"
    "\n";

static const char errors[] =
    "### Errors\n"
    "\n"
    "Every error over HTTP is a problem document (RFC 9457): `code` is for programs, `title` and\n"
    "`detail` are for people, `errors` says which fields are wrong (`pointer`, RFC 6901), "
    "`instance`\n"
    "names the request in the logs. Where there is a `Retry-After` it is worth asking again. "
    "Besides\n"
    "those that its table has, an operation may answer:\n"
    "\n"
    "| error | HTTP | when | |\n"
    "|---|---|---|---|\n";

static const struct {
    const souk_error_t *error;
    const char *when;
} common[] = {
    { &souk_invalid, "always" },
    { &souk_unauthorized, "a token was sent, or is needed" },
    { &souk_forbidden, "a role is needed" },
    { &souk_not_found, "something is named that is not there" },
    { &souk_no_such_operation, "on the bus" },
    { &souk_key_missing, "Idempotency-Key must be sent" },
    { &souk_key_reused, "Idempotency-Key was sent" },
    { &souk_running, "Idempotency-Key was sent" },
    { &souk_interrupted, "202 is among the answers" },
    { &souk_stale, "If-Match was sent" },
    { &souk_internal, "always" },
    { &souk_busy, "always" },
    { &souk_unavailable, "always" },
    { &souk_expired, "always" },
    { &souk_timeout, "always" },
    { &souk_worker_lost, "always" },
};

static const struct {
    const souk_problem_t *problem;
    const char *when;
} of_http[] = {
    { &souk_problem_malformed, "always" },
    { &souk_problem_no_such_route, "the path is wrong" },
    { &souk_problem_wrong_method, "the method is wrong" },
    { &souk_problem_too_large, "there is a body" },
    { &souk_problem_wrong_type, "there is a body" },
    { &souk_problem_version_missing, "If-Match must be sent" },
    { &souk_problem_bad_reply, "always" },
    { &souk_problem_not_ready, "the shop is being started" },
};

static void tell_error(souk_buffer_t *out, const char *code, int status, const char *when,
    const char *meaning)
{
    souk_buffer_add_text(out,
        souk_pool_format(out->pool, "| `%s` | %d | %s | %s |\n", code, status, when,
            souk_api_cell(meaning, out->pool)));
}

static void tell_errors(souk_buffer_t *out)
{
    souk_buffer_add_text(out, errors);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        tell_error(out, common[i].error->code, souk_kind(common[i].error->kind)->http_status,
            common[i].when, common[i].error->meaning);
    for (size_t i = 0; i < sizeof of_http / sizeof *of_http; i++)
        tell_error(out, of_http[i].problem->code, of_http[i].problem->status, of_http[i].when,
            of_http[i].problem->title);
    souk_buffer_add_text(out, "\n");
}

static void tell_money(souk_buffer_t *out, const souk_record_t *record)
{
    souk_shapes_t none = { .pool = out->pool };

    souk_buffer_add_text(out,
        souk_pool_format(out->pool, "#### %s\n\n%s\n", record->name,
            souk_shapes_table(&none, record, NULL)));
}

void souk_api_tell_common(souk_buffer_t *out)
{
    souk_buffer_add_text(out,
        souk_pool_format(out->pool, manners, SOUK_TEXT_MAX, SOUK_LIST_MAX, SOUK_KEY_MAX,
            SOUK_ONCE_KEPT_S / 3600));
    tell_money(out, &souk_money);
    tell_money(out, &souk_price);
    tell_errors(out);
}
