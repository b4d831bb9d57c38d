/* The entries of the audit trail. */
#include "chain.h"

#include "../../lib/wire.h"

/* As it is told, and as it is hashed, with the hash before it in the place of its own: so the order
   and the names of these fields stay as they are. */
const souk_record_t audit_entry = {
    .name = "audit_entry",
    .size = sizeof(struct entry),
    .fields = {
        FIELD(entry, n, .doc = "1, 2, 3 and so on"),
        FIELD(entry, at, .doc = "when it happened"),
        FIELD(entry, what, .doc = "the operation that was asked for, or the event that was told"),
        FIELD(entry, user_id, .optional = true, .doc = "who did it, or whose the object is"),
        FIELD(entry, object, .optional = true, .doc = "the id of what it was about"),
        FIELD(entry, address, .optional = true, .doc = "from where"),
        FIELD(entry, session, .optional = true),
        FIELD(entry, outcome, .optional = true,
            .doc = "of an operation: ok; begun, where it takes several steps; or the code of an error"),
        FIELD(entry, call, .optional = true, .doc = "W3C Trace Context"),
        FIELD(entry, times, .doc = "how often within a second, of refusals that are alike"),
        FIELD(entry, source, .doc = "the service that told it"),
        FIELD(entry, seq, .doc = "the number of the event there"),
        FIELD(entry, hash, .doc = "over all of this and the hash of the entry before"),
    },
};

const char *audit_hash(const struct entry *entry, const char *previous, souk_pool_t *pool)
{
    struct entry it = *entry;
    char *hash = souk_pool_alloc(pool, SOUK_HASH_SIZE);

    it.hash = previous;
    souk_hash(souk_wire_encode(&audit_entry, &it, pool), hash);
    return hash;
}
