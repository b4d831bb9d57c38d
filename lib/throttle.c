/* Slows down whoever guesses: the more failures there are, the longer the next attempt has to wait.
 */
#include "throttle.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "queries/throttle.h"

enum {
    HEAL_S = 300, /* after which a failure is forgotten */
    DOUBLINGS_MAX = 20,
};

struct failure_keys {
    souk_list_t keys;
    int heal_s;
};
static const souk_record_t failure_keys = {
    .name = "failure_keys",
    .size = sizeof(struct failure_keys),
    .fields = {
        FIELD(failure_keys, keys),
        FIELD(failure_keys, heal_s),
    },
};
const souk_record_t souk_failure = {
    .name = "failure",
    .size = sizeof(struct souk_failure),
    .fields = {
        FIELD(souk_failure, key),
        FIELD(souk_failure, count),
        FIELD(souk_failure, age_s),
    },
};

const souk_query_t souk_find_failures_query = {
    .sql = &sql_find_failures,
    .takes = &failure_keys,
    .gives = &souk_failure,
};
const souk_query_t souk_count_failures_query = {
    .sql = &sql_count_failures,
    .takes = &failure_keys,
};
const souk_query_t souk_forgive_failures_query = {
    .sql = &sql_forgive_failures,
    .takes = &failure_keys,
};
const souk_query_t souk_drop_failures_query = {
    .sql = &sql_drop_failures,
};

int souk_throttle_wait_s(const souk_throttle_t *rule, int count, int age_s)
{
    int over = count - age_s / HEAL_S - rule->free;

    if (over <= 0)
        return 0;
    int wait_s = 1 << (over <= DOUBLINGS_MAX ? over - 1 : DOUBLINGS_MAX);
    wait_s = wait_s < rule->most_s ? wait_s : rule->most_s;
    return wait_s > age_s ? wait_s - age_s : 0;
}

const char *souk_throttle_key(const souk_throttle_t *rule, const char *subject, souk_pool_t *pool)
{
    char *text = souk_pool_format(pool, "%s %s", rule->name, subject);
    char *key = souk_pool_alloc(pool, SOUK_HASH_SIZE);

    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    souk_hash((souk_bytes_t){ text, strlen(text) }, key);
    return key;
}

const char *souk_network_of(const char *address, souk_pool_t *pool)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];

    if (!address || inet_pton(AF_INET6, address, &six) != 1)
        return address;
    memset(six.s6_addr + 8, 0, 8);
    if (!inet_ntop(AF_INET6, &six, text, sizeof text))
        return address;
    return souk_pool_format(pool, "%s/64", text);
}

bool souk_find_failures(souk_call_t *call, const souk_list_t *keys, souk_list_t *found)
{
    const struct failure_keys wanted = { .keys = *keys };
    return souk_db_all(call, &souk_find_failures_query, &wanted, found);
}

bool souk_count_failures(souk_call_t *call, const souk_list_t *keys)
{
    const struct failure_keys failed = { .keys = *keys, .heal_s = HEAL_S };
    return souk_db_run(call, &souk_count_failures_query, &failed);
}

bool souk_forgive_failures(souk_call_t *call, const souk_list_t *keys)
{
    const struct failure_keys forgiven = { .keys = *keys };
    return souk_db_run(call, &souk_forgive_failures_query, &forgiven);
}

bool souk_drop_failures(souk_call_t *call)
{
    return souk_db_run(call, &souk_drop_failures_query, NULL);
}
