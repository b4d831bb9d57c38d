/* A small service, as its tables: what edges learn it from. */
#ifndef SOUK_TESTS_STALL_H
#define SOUK_TESTS_STALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../lib/describe.h"

struct ware {
    const char *id;
    const char *name;
    int count;
    souk_list_t tags;
    bool fresh;
};
static const souk_record_t ware = {
    .name = "ware",
    .size = sizeof(struct ware),
    .fields = {
        FIELD(ware, id, .max = 40, .doc = "what it is known by"),
        FIELD(ware, name, .optional = true, .max = 20),
        FIELD(ware, count, .min = 1, .max = 9, .fallback = "1"),
        FIELD(ware, tags, .optional = true, .max = 3),
        FIELD(ware, fresh, .optional = true),
    },
};

struct label {
    const char *id;
    const char *text;
    int version;
};
static const souk_record_t label = {
    .name = "label",
    .size = sizeof(struct label),
    .fields = {
        FIELD(label, id, .max = 40),
        FIELD(label, text, .optional = true, .max = 20),
        FIELD(label, version, .optional = true),
    },
};

struct visitor {
    const char *user;
    const char *key;
    const char *traceparent;
    const char *address;
};
static const souk_record_t visitor = {
    .name = "visitor",
    .size = sizeof(struct visitor),
    .fields = {
        FIELD(visitor, user, .optional = true),
        FIELD(visitor, key, .optional = true),
        FIELD(visitor, traceparent, .optional = true),
        FIELD(visitor, address, .optional = true),
    },
};

struct sealed {
    const char *shelf;
    const char *body;
    const char *signature;
};
static const souk_record_t sealed = {
    .name = "sealed",
    .size = sizeof(struct sealed),
    .fields = {
        FIELD(sealed, shelf, .max = 40),
        FIELD(sealed, body),
        FIELD(sealed, signature),
    },
};

struct token {
    const char *token;
};
static const souk_record_t token = {
    .name = "token",
    .size = sizeof(struct token),
    .fields = {
        FIELD(token, token, .max = 100, .secret = true),
    },
};

struct bearer {
    const char *user_id;
    souk_list_t roles, scopes;
};
static const souk_record_t bearer = {
    .name = "bearer",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, user_id),
        FIELD(bearer, roles),
        FIELD(bearer, scopes, .optional = true),
    },
};

static const souk_error_t unknown_token = {
    .code = "unknown_token",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "Nobody has this token.",
};
static const souk_error_t sold_out = {
    .code = "sold_out",
    .kind = SOUK_CONFLICT,
    .meaning = "There is none left.",
};
static const souk_error_t being_packed = {
    .code = "being_packed",
    .kind = SOUK_RUNNING,
    .meaning = "It is just being packed.",
};

static const souk_error_t too_often = {
    .code = "too_often",
    .kind = SOUK_LIMITED,
    .meaning = "One after the other.",
};

/* Its steps are of no concern to an edge. */
static const souk_saga_t sale = { .state = &ware };

static inline bool show_wares(souk_batch_t *batch)
{
    return true;
}

/* What it answers is up to edge_test.c: here it only describes itself. */
static const souk_actor_t stall = {
    .name = "stall",
    .summary = "Sells wares.",
    .operations = {
        {
            .name = "stall.show",
            .http = "GET /v1/wares/{id}",
            .summary = "One ware.",
            .request = &ware,
            .reply = &ware,
            .batch = show_wares,
        },
        {
            .name = "stall.put",
            .http = "POST /v1/wares/{id}",
            .request = &ware,
            .reply = &ware,
            .errors = { &sold_out, &being_packed, &too_often },
            .http_status = 201,
            .writes = true,
        },
        {
            .name = "stall.drop",
            .http = "DELETE /v1/wares/{id}",
            .request = &ware,
            .reply = &souk_nothing,
        },
        {
            .name = "stall.best",
            .http = "GET /v1/wares/best",
            .request = &souk_nothing,
            .reply = &ware,
        },
        {
            .name = "stall.buy",
            .http = "POST /v1/sales",
            .request = &ware,
            .reply = &visitor,
            .needs_key = true,
            .role = "customer",
            .writes = true,
            .saga = &sale,
        },
        {
            .name = "stall.read",
            .http = "GET /v1/labels/{id}",
            .request = &label,
            .reply = &label,
            .etag = "version",
        },
        {
            .name = "stall.write",
            .http = "PUT /v1/labels/{id}",
            .request = &label,
            .reply = &label,
            .takes_key = true,
            .etag = "version",
            .if_match = "version",
        },
        {
            .name = "stall.greet",
            .http = "GET /v1/me",
            .request = &souk_nothing,
            .reply = &visitor,
        },
        {
            .name = "stall.enter",
            .http = "POST /v1/me",
            .request = &souk_nothing,
            .reply = &visitor,
            .takes_key = true,
        },
        {
            .name = "stall.keep_books",
            .http = "GET /v1/books",
            .request = &souk_nothing,
            .reply = &souk_nothing,
            .role = "staff",
        },
        {
            .name = "stall.deliver",
            .http = "POST /v1/deliveries/{shelf}",
            .request = &sealed,
            .reply = &sealed,
            .signature = "Stall-Signature",
        },
        {
            .name = "stall.hang",
            .http = "GET /v1/hang",
            .request = &souk_nothing,
            .reply = &souk_nothing,
        },
        {
            .name = "stall.verify",
            .summary = "Whose a token is; only on the bus.",
            .request = &token,
            .reply = &bearer,
            .errors = { &unknown_token },
        },
    },
};

#endif
