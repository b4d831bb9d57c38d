/* Slows down whoever guesses, and nobody else. Failures are rows of the service's own table
   "failure", counted by what they have in common; they heal with time. */
#ifndef SOUK_THROTTLE_H
#define SOUK_THROTTLE_H

#include "../db/database.h"

/* So many failures are free; then the wait is a second, and doubles up to most_s. */
typedef struct {
    const char *name;
    int free;
    int most_s;
} souk_throttle_t;

/* Seconds that the next attempt has to wait for, after so many failures; pure. */
int souk_throttle_wait_s(const souk_throttle_t *rule, int count, int age_s);

/* What failures of a subject are counted under. Nobody who reads the table learns who it is. */
const char *souk_throttle_key(const souk_throttle_t *rule, const char *subject, souk_pool_t *pool);

/* An address as far as it tells one customer of a provider from another: IPv6 by its first 64
   bits. NULL: it is not known. */
const char *souk_network_of(const char *address, souk_pool_t *pool);

struct souk_failure {
    const char *key;
    int count;
    int age_s; /* of the last */
};
extern const souk_record_t souk_failure;

/* For the row of an actor that uses what is below. */
extern const souk_query_t souk_find_failures_query, souk_count_failures_query,
    souk_forgive_failures_query, souk_drop_failures_query;

/* Of lists of keys (const char *): what there is of them (struct souk_failure); one more for each,
   and for one that is there twice two; none any more. */
must_check bool souk_find_failures(souk_call_t *call, const souk_list_t *keys, souk_list_t *found);
must_check bool souk_count_failures(souk_call_t *call, const souk_list_t *keys);
must_check bool souk_forgive_failures(souk_call_t *call, const souk_list_t *keys);
/* Those that have healed long ago, a few at a time. */
must_check bool souk_drop_failures(souk_call_t *call);

#endif
