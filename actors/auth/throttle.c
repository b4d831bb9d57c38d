/* Slows down whoever guesses passwords: what failures have in common, and how many are free. */
#include "throttle.h"

#include <string.h>

const souk_error_t auth_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "There were too many attempts; a later one is welcome.",
};

/* All are bounds on guessing, and none keeps the owner out: who has been at home in a network
   before is held up by failures of the same account from there only. */
static const souk_throttle_t rules[AUTH_COMMONS] = {
    [AUTH_PAIR] = { "pair", 5, 300 },
    [AUTH_ACCOUNT] = { "account", 20, 60 },
    [AUTH_NETWORK] = { "network", 50, 300 },
    [AUTH_OWN] = { "own", 5, 300 },
    [AUTH_MAIL] = { "mail", 3, 3600 },
    [AUTH_MAILS] = { "mails", 20, 300 },
    [AUTH_REGISTRATIONS] = { "registrations", 20, 300 },
};

int auth_throttle_wait_s(auth_common_t common, int count, int age_s)
{
    return souk_throttle_wait_s(&rules[common], count, age_s);
}

static const char *key_of(souk_call_t *call, const auth_attempt_t *attempt)
{
    return souk_throttle_key(&rules[attempt->common], attempt->subject, souk_call_pool(call));
}

static souk_list_t keys_of(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    souk_list_t counted = { 0 };

    for (size_t i = 0; i < count; i++)
        if (attempts[i].subject)
            souk_list_add_text(&counted, souk_call_pool(call), key_of(call, &attempts[i]));
    return counted;
}

static int wait_of(souk_call_t *call, const auth_attempt_t *attempt, const souk_list_t *found)
{
    const struct souk_failure *failures = found->items;
    const char *key = attempt->subject ? key_of(call, attempt) : "";

    for (size_t i = 0; i < found->count; i++)
        if (strcmp(failures[i].key, key) == 0)
            return auth_throttle_wait_s(attempt->common, failures[i].count, failures[i].age_s);
    return 0;
}

bool auth_throttle_check(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    const souk_list_t counted = keys_of(call, attempts, count);
    souk_list_t found = { 0 };
    int longest_s = 0;

    if (!souk_find_failures(call, &counted, &found))
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
    const souk_list_t counted = keys_of(call, attempts, count);
    return souk_count_failures(call, &counted);
}

bool auth_throttle_forgive(souk_call_t *call, const auth_attempt_t *attempts, size_t count)
{
    const souk_list_t counted = keys_of(call, attempts, count);
    return souk_forgive_failures(call, &counted);
}

const char *auth_network(souk_call_t *call)
{
    return souk_network_of(souk_caller(call)->address, souk_call_pool(call));
}

const char *auth_pair(souk_call_t *call, const char *email)
{
    const char *network = auth_network(call);
    return souk_pool_format(souk_call_pool(call), "%s %s", email, network ? network : "-");
}
