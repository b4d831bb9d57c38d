/* The entries of the audit trail, each sealed with the hash of the one before it: so that none can
   be changed, left out or put in between without all that follow telling (Schneier and Kelsey,
   "Secure Audit Logs to Support Computer Forensics", 1999; without their keys, since whoever keeps
   the last hash elsewhere needs none). */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "../../lib/souk.h"

struct entry {
    int64_t n; /* 1, 2, 3 and so on */
    const char *source; /* the service that told it, */
    int64_t seq; /* under this number */
    souk_time_t at;
    const char *what;
    const char *user_id;
    const char *object;
    const char *address;
    const char *session;
    const char *outcome;
    const char *call;
    int times; /* within a second, of refusals that are alike */
    const char *hash;
};
extern const souk_record_t audit_entry;

/* The hash of an entry behind one with this hash; "" behind none. In pool. */
const char *audit_hash(const struct entry *entry, const char *previous, souk_pool_t *pool);

#endif
