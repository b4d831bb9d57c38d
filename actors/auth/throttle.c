/* Slows down whoever guesses passwords: failures are counted by what they have in common, and the
   more there are, the longer the next attempt has to wait. */
#include "throttle.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "queries/auth.h"

const souk_error_t auth_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "There were too many attempts; a later one is welcome.",
};

enum {
    HEAL_S = 300, /* after which a failure is forgotten */
    DOUBLINGS_MAX = 20,
};

/* So many are free; then the wait is a second, and doubles up to most_s. All are bounds on
   guessing, and none keeps the owner out: who has been at home in a network before is held up by
   failures of the same account from there only. */
static const struct {
    const char *name;
    int free;
    int most_s;
} rules[AUTH_COMMONS] = {
    [AUTH_PAIR] = { "pair", 5, 300 },
    [AUTH_ACCOUNT] = { "account", 20, 60 },
    [AUTH_NETWORK] = { "network", 50, 300 },
    [AUTH_OWN] = { "own", 5, 300 },
    [AUTH_MAIL] = { "mail", 3, 3600 },
    [AUTH_MAILS] = { "mails", 20, 300 },
    [AUTH_REGISTRATIONS] = { "registrations", 20, 300 },
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

struct failure {
    const char *key;
    int count;
    int age_s;
};
static const souk_record_t failure = {
    .name = "failure",
    .size = sizeof(struct failure),
    .fields = {
        FIELD(failure, key),
        FIELD(failure, count),
        FIELD(failure, age_s),
    },
};

const souk_query_t auth_find_failures = {
    .sql = &sql_find_failures,
    .takes = &failure_keys,
    .gives = &failure,
};
const souk_query_t auth_count_failures = {
    .sql = &sql_count_failures,
    .takes = &failure_keys,
};
const souk_query_t auth_forgive = {
    .sql = &sql_forgive,
    .takes = &failure_keys,
};
const souk_query_t auth_drop_failures = {
    .sql = &sql_drop_old_failures,
};

int auth_throttle_wait_s(auth_common_t common, int count, int age_s)
{
    int over = count - age_s / HEAL_S - rules[common].free;
    int wait_s = 1 << (over < DOUBLINGS_MAX ? (over > 0 ? over : 1) - 1 : DOUBLINGS_MAX);

    if (over <= 0)
        return 0;
    wait_s = wait_s < rules[common].most_s ? wait_s : rules[common].most_s;
    return wait_s > age_s ? wait_s - age_s : 0;
}

/* Nobody who reads the table learns an address from it. */
static const char *key_of(souk_call_t *call, const auth_attempt_t *attempt)
{
    char *text = souk_pool_format(souk_call_pool(call), "%s %s", rules[attempt->common].name,
        attempt->subject);
    char *key = souk_alloc(call, SOUK_HASH_SIZE);

    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    souk_hash((souk_bytes_t){ text, strlen(text) }, key);
    return key;
}

static struct failure_keys keys_of(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    struct failure_keys wanted = { .heal_s = HEAL_S };

    for (size_t i = 0; i < count; i++)
        if (attempts[i].subject)
            souk_list_add_text(&wanted.keys, souk_call_pool(call), key_of(call, &attempts[i]));
    return wanted;
}

static int wait_of(souk_call_t *call, const auth_attempt_t *attempt, const souk_list_t *found)
{
    const struct failure *failures = found->items;
    const char *key = attempt->subject ? key_of(call, attempt) : "";

    for (size_t i = 0; i < found->count; i++)
        if (strcmp(failures[i].key, key) == 0)
            return auth_throttle_wait_s(attempt->common, failures[i].count, failures[i].age_s);
    return 0;
}

bool auth_throttle_check(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    struct failure_keys failed = keys_of(call, attempts, count);
    souk_list_t found = { 0 };
    int longest_s = 0;

    if (!souk_db_all(call, &auth_find_failures, &failed, &found))
        return false;
    for (size_t i = 0; i < count && found.count; i++) {
        int wait_s = wait_of(call, &attempts[i], &found);
        longest_s = wait_s > longest_s ? wait_s : longest_s;
    }
    return longest_s == 0 ||
        souk_fail_later(call, &auth_too_many_attempts, longest_s, "%s",
            auth_too_many_attempts.meaning);
}

bool auth_throttle_count(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    struct failure_keys failed = keys_of(call, attempts, count);
    return souk_db_run(call, &auth_count_failures, &failed);
}

bool auth_throttle_forgive(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    struct failure_keys failed = keys_of(call, attempts, count);
    return souk_db_run(call, &auth_forgive, &failed);
}

const char *auth_network_of(souk_call_t *call, const char *address)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];

    if (!address || inet_pton(AF_INET6, address, &six) != 1)
        return address;
    memset(six.s6_addr + 8, 0, 8);
    if (!inet_ntop(AF_INET6, &six, text, sizeof text))
        return address;
    return souk_pool_format(souk_call_pool(call), "%s/64", text);
}

const char *auth_network(souk_call_t *call)
{
    return auth_network_of(call, souk_caller(call)->address);
}

const char *auth_pair(souk_call_t *call, const char *email)
{
    const char *network = auth_network(call);
    return souk_pool_format(souk_call_pool(call), "%s %s", email, network ? network : "-");
}
