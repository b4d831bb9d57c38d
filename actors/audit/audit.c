/* Who did what, when, and from where: the index of what this actor does. */
#include "note.h"
#include "search.h"

enum {
    GATHER_MS = 100, /* nobody waits for the trail, and a tenth of the commits cost a tenth */
};

#define FOLLOWED(source)                                                                           \
    {                                                                                              \
        .topic = source ".", .batch = audit_note                                                   \
    }

const souk_actor_t audit_actor = {
    .name = "audit",
    .summary = "Who did what, when, and from where.",
    .queries = {
        &audit_lock_chain,
        &audit_find_last,
        &audit_add_entries,
        &audit_find_place,
        &audit_list,
        &audit_list_of_user,
        &audit_list_of_object,
    },
    .operations = {
        {
            .name = "audit.search",
            .http = "GET /v1/audit",
            .summary = "What was done and what was refused, the latest first.",
            .request = &audit_query,
            .reply = &audit_page,
            .handler = audit_search,
            .repeatable = true,
            .role = "admin",
        },
    },
    .events = { SOUK_CALLED("audit") },
    .follows = {
        FOLLOWED("audit"),
        FOLLOWED("auth"),
        FOLLOWED("cart"),
        FOLLOWED("fulfilment"),
        FOLLOWED("inventory"),
        FOLLOWED("order"),
        FOLLOWED("payment"),
        FOLLOWED("pricing"),
        FOLLOWED("product"),
        FOLLOWED("user"),
    },
    .gather_ms = GATHER_MS,
};
