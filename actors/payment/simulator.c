/* A provider that charges nobody, with a journal of its own; what a card does is in its name. */
#include "simulator.h"

#include <limits.h>
#include <string.h>

#include "../../lib/index.h"
#include "queries/payment_simulator.h"

enum {
    NEVER = INT_MAX
};

static const struct method {
    const char *name;
    const char *outcome;
    int answers_after_ms;
    const char *brand;
    const char *last4;
    int without_money; /* how many tries it has none for, before that */
} methods[] = {
    { "pm_sim_ok", "captured", 0, "visa", "4242", 0 },
    { "pm_sim_declined", "declined", 0, "visa", "0002", 0 },
    { "pm_sim_insufficient", "insufficient", 0, "visa", "9995", 0 },
    { "pm_sim_later", "captured", 0, "visa", "9987", 2 },
    { "pm_sim_later_slow", "captured", 1000, "mastercard", "9979", 1 },
    { "pm_sim_later_declined", "declined", 0, "visa", "9961", 1 },
    { "pm_sim_authentication", "authentication_required", 0, "visa", "3155", 0 },
    { "pm_sim_slow", "captured", 1000, "mastercard", "4444", 0 },
    { "pm_sim_lost", "captured", NEVER, "mastercard", "8210", 0 },
};

static const souk_record_t charge_row = {
    .name = "charge_row",
    .size = sizeof(struct deed),
    .fields = {
        FIELD(deed, key),
        FIELD(deed, amount),
        FIELD(deed, method),
        FIELD(deed, outcome),
    },
};
static const souk_record_t charge_outcome = {
    .name = "charge_outcome",
    .size = sizeof(struct deed),
    .fields = {
        FIELD(deed, key),
        FIELD(deed, outcome),
    },
};
static const souk_record_t part_row = {
    .name = "part_row",
    .size = sizeof(struct deed),
    .fields = {
        FIELD(deed, key),
        FIELD(deed, reference),
        FIELD(deed, amount),
    },
};
struct keys {
    souk_list_t keys;
};
static const souk_record_t keys = {
    .name = "keys",
    .size = sizeof(struct keys),
    .fields = {
        FIELD(keys, keys),
    },
};

const souk_query_t simulator_charge = {
    .sql = &sql_simulator_charge,
    .takes = &charge_row,
    .many = true,
};
const souk_query_t simulator_find = {
    .sql = &sql_simulator_find,
    .takes = &keys,
    .gives = &charge_outcome,
};
const souk_query_t simulator_capture = {
    .sql = &sql_simulator_capture,
    .takes = &part_row,
    .many = true,
};
const souk_query_t simulator_void = {
    .sql = &sql_simulator_void,
    .takes = &part_row,
    .many = true,
};
const souk_query_t simulator_refund = {
    .sql = &sql_simulator_refund,
    .takes = &part_row,
    .many = true,
};

/* What a charge that was opened earlier gets whose method is there no more. */
static const struct method gone = { .name = "", .outcome = "declined" };

static const struct method *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return &gone;
}

static bool takes(const char *method)
{
    return find_method(method) != &gone;
}

static const char *outcome_of(const struct deed *deed)
{
    const struct method *method = find_method(deed->method);
    const char *outcome = deed->tries > method->without_money ? method->outcome : "insufficient";
    return deed->manual && strcmp(outcome, "captured") == 0 ? "authorized" : outcome;
}

/* Into the journal they go at once; it is the answer that may take its time. */
static bool ask_new(souk_call_t *call, struct deed **charges, size_t count)
{
    souk_list_t asked = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (charges[i]->asked_ms)
            continue;
        struct deed *row = souk_list_add(&asked, souk_call_pool(call), sizeof *row);
        *row = *charges[i];
        row->outcome = outcome_of(row);
    }
    if (!souk_db_run(call, &simulator_charge, &asked))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!charges[i]->asked_ms)
            charges[i]->asked_ms = souk_clock_ms();
    return true;
}

static void answer(struct deed *charge)
{
    const struct method *method = find_method(charge->method);
    int64_t waited_ms = souk_clock_ms() - charge->asked_ms;

    if (waited_ms >= method->answers_after_ms) {
        charge->outcome = outcome_of(charge);
        charge->reference = charge->key;
    } else {
        charge->wait_ms = method->answers_after_ms - (int)waited_ms;
    }
}

static bool charge(souk_call_t *call, const souk_list_t *charges)
{
    struct deed **all = charges->items;

    if (!ask_new(call, all, charges->count))
        return false;
    for (size_t i = 0; i < charges->count; i++)
        answer(all[i]);
    return true;
}

/* Those that it never heard of are asked for anew. */
static bool find(souk_call_t *call, const souk_list_t *charges)
{
    struct deed **lost = charges->items;
    struct keys wanted = { 0 };
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < charges->count; i++)
        souk_list_add_text(&wanted.keys, souk_call_pool(call), lost[i]->key);
    if (!souk_db_all(call, &simulator_find, &wanted, &rows))
        return false;
    const souk_index_t *found = souk_index_of(&rows, &charge_outcome, "key", souk_call_pool(call));
    for (size_t i = 0; i < charges->count; i++) {
        const struct deed *row = souk_index_find(found, lost[i]->key);
        if (row) {
            lost[i]->outcome = row->outcome;
            lost[i]->reference = lost[i]->key;
        } else {
            lost[i]->asked_ms = 0;
        }
    }
    return true;
}

/* What it calls a charge is its key. */
static bool look(souk_call_t *call, const souk_list_t *charges)
{
    struct deed **all = charges->items;

    if (!find(call, charges))
        return false;
    for (size_t i = 0; i < charges->count; i++)
        if (!all[i]->outcome)
            all[i]->outcome = "pending";
    return true;
}

/* What is not about a new charge is done at once, and always works. */
static bool do_at_once(souk_call_t *call, const souk_query_t *query, const souk_list_t *deeds,
    const char *outcome)
{
    struct deed **all = deeds->items;
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < deeds->count; i++) {
        struct deed *row = souk_list_add(&rows, souk_call_pool(call), sizeof *row);
        *row = *all[i];
        row->reference = row->reference ? row->reference : row->order_id;
    }
    if (!souk_db_run(call, query, &rows))
        return false;
    for (size_t i = 0; i < deeds->count; i++)
        all[i]->outcome = outcome;
    return true;
}

static bool capture(souk_call_t *call, const souk_list_t *deeds)
{
    return do_at_once(call, &simulator_capture, deeds, "captured");
}

static bool release(souk_call_t *call, const souk_list_t *deeds)
{
    return do_at_once(call, &simulator_void, deeds, "voided");
}

static bool refund(souk_call_t *call, const souk_list_t *deeds)
{
    return do_at_once(call, &simulator_refund, deeds, "refunded");
}

static bool enroll(souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;

    for (size_t i = 0; i < deeds->count; i++) {
        all[i]->customer = souk_pool_format(all[i]->pool, "cus_sim_%s", all[i]->user_id);
        all[i]->outcome = "enrolled";
    }
    return true;
}

static bool attach(souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;

    for (size_t i = 0; i < deeds->count; i++) {
        const struct method *method = find_method(all[i]->method);
        *all[i]->card = (struct card){ method->brand, method->last4, 12, 2039 };
        all[i]->outcome = method == &gone ? "unknown" : "attached";
    }
    return true;
}

static bool forget(souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;

    for (size_t i = 0; i < deeds->count; i++)
        all[i]->outcome = "gone";
    return true;
}

const struct provider simulator = {
    .name = "simulator",
    .takes = takes,
    .charge = charge,
    .authorize = charge,
    .capture = capture,
    .release = release,
    .refund = refund,
    .find = find,
    .look = look,
    .read = simulator_read,
    .owns = simulator_owns,
    .enroll = enroll,
    .attach = attach,
    .forget = forget,
};
