/* Slows down whoever tries coupons that there are not: a code is worth money to whoever finds it. A
   batch is walked in arrival order, so that who asks often at once gets no more than who asks one
   by one. */
#include "guesses.h"

#include "promotions.h"
#include "queries/pricing.h"

static const souk_throttle_t coupon_rule = { .name = "coupon", .free = 10, .most_s = 300 };

const souk_error_t pricing_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "Too many coupons were tried that there are not; a later attempt is welcome.",
};

struct known_code {
    const char *code;
};
static const souk_record_t known_code = {
    .name = "known_code",
    .size = sizeof(struct known_code),
    .fields = {
        FIELD(known_code, code),
    },
};
const souk_query_t pricing_find_codes = {
    .sql = &sql_find_codes,
    .takes = &codes,
    .gives = &known_code,
};

const char *pricing_guesser(souk_call_t *call, const char *user_id, const char *address)
{
    souk_pool_t *pool = souk_call_pool(call);
    const char *subject = user_id ? user_id : souk_network_of(address, pool);

    return subject ? souk_throttle_key(&coupon_rule, subject, pool) : NULL;
}

void pricing_guesses_add(struct guesses *guesses, const char *guesser)
{
    if (guesser)
        souk_list_add_text(&guesses->keys, souk_call_pool(guesses->all), guesser);
}

/* There is a row for everybody, behind those that were found: a key's first counts. */
bool pricing_guesses_find(struct guesses *guesses)
{
    souk_pool_t *pool = souk_call_pool(guesses->all);
    const char *const *keys = guesses->keys.items;
    souk_list_t rows = { 0 };

    if (guesses->keys.count && !souk_find_failures(guesses->all, &guesses->keys, &rows))
        return false;
    for (size_t i = 0; i < guesses->keys.count; i++)
        *(struct souk_failure *)souk_list_add(&rows, pool, sizeof(struct souk_failure)) =
            (struct souk_failure){ .key = keys[i] };
    guesses->by_key = souk_index_of(&rows, &souk_failure, "key", pool);
    return true;
}

bool pricing_may_guess(const struct guesses *guesses, souk_call_t *call, const char *guesser)
{
    const struct souk_failure *failed = guesser ? souk_index_find(guesses->by_key, guesser) : NULL;
    int wait_s = failed ? souk_throttle_wait_s(&coupon_rule, failed->count, failed->age_s) : 0;

    return wait_s == 0 ||
        souk_fail_later(call, &pricing_too_many_attempts, wait_s, "%s",
            pricing_too_many_attempts.meaning);
}

void pricing_guess_wrong(struct guesses *guesses, const char *guesser)
{
    struct souk_failure *failed = guesser ? souk_index_find(guesses->by_key, guesser) : NULL;

    if (!failed)
        return;
    failed->count++;
    failed->age_s = 0;
    souk_list_add_text(&guesses->wrong, souk_call_pool(guesses->all), guesser);
}

bool pricing_guesses_keep(const struct guesses *guesses)
{
    return !guesses->wrong.count || souk_count_failures(guesses->all, &guesses->wrong);
}

static bool find_codes(souk_batch_t *batch, souk_index_t **known)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t tried = { 0 }, rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct attempt *it = souk_batch_request(batch, i);
        const char *const *coupons = it->coupons.items;
        for (size_t k = 0; k < it->coupons.count; k++)
            souk_list_add_text(&tried, pool, pricing_code(batch->all, coupons[k]));
    }
    if (!souk_db_all(batch->all, &pricing_find_codes, &(struct codes){ tried }, &rows))
        return false;
    *known = souk_index_of(&rows, &known_code, "code", pool);
    return true;
}

static void try_all(struct guesses *guesses, const struct attempt *it, const souk_index_t *known,
    const char *guesser)
{
    const char *const *coupons = it->coupons.items;

    for (size_t i = 0; i < it->coupons.count; i++)
        if (!souk_index_find(known, pricing_code(guesses->all, coupons[i])))
            pricing_guess_wrong(guesses, guesser);
}

/* Whether there is a coupon is not told here. */
bool pricing_try_coupons(souk_batch_t *batch)
{
    const char **guessers = souk_alloc(batch->all, batch->count * sizeof *guessers);
    struct guesses guesses = { .all = batch->all };
    souk_index_t *known;

    for (size_t i = 0; i < batch->count; i++) {
        const struct attempt *it = souk_batch_request(batch, i);
        guessers[i] = pricing_guesser(batch->all, it->user_id, it->address);
        pricing_guesses_add(&guesses, guessers[i]);
    }
    if (!pricing_guesses_find(&guesses) || !find_codes(batch, &known))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        if (pricing_may_guess(&guesses, batch->calls[i], guessers[i]))
            try_all(&guesses, souk_batch_request(batch, i), known, guessers[i]);
    return pricing_guesses_keep(&guesses);
}
