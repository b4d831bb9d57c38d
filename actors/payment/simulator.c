/* A provider that charges nobody, with a journal of its own; what a card does is in its name. */
#include "simulator.h"

#include <limits.h>
#include <string.h>

#include "../../lib/index.h"
#include "queries/payment.h"

enum {
    NEVER = INT_MAX
};

static const struct method {
    const char *name;
    const char *outcome;
    int answers_after_ms;
} methods[] = {
    { "pm_sim_ok", "captured", 0 },
    { "pm_sim_declined", "declined", 0 },
    { "pm_sim_insufficient", "insufficient", 0 },
    { "pm_sim_slow", "captured", 1000 },
    { "pm_sim_lost", "captured", NEVER },
};

static const souk_record_t charge_row = {
    .name = "charge_row",
    .size = sizeof(struct charge),
    .fields = {
        FIELD(charge, key),
        FIELD(charge, amount),
        FIELD(charge, method),
        FIELD(charge, outcome),
    },
};
static const souk_record_t charge_outcome = {
    .name = "charge_outcome",
    .size = sizeof(struct charge),
    .fields = {
        FIELD(charge, key),
        FIELD(charge, outcome),
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
const souk_query_t simulator_refund = {
    .sql = &sql_simulator_refund,
    .takes = &keys,
};

/* What a charge that was opened earlier gets whose method is there no more. */
static const struct method gone = { "", "declined", 0 };

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

/* Into the journal they go at once; it is the answer that may take its time. */
static bool ask_new(souk_call_t *call, struct charge **charges, size_t count)
{
    souk_list_t asked = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (charges[i]->asked_ms)
            continue;
        struct charge *row = souk_list_add(&asked, souk_call_pool(call), sizeof *row);
        *row = *charges[i];
        row->outcome = find_method(row->method)->outcome;
    }
    if (!souk_db_run(call, &simulator_charge, &asked))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!charges[i]->asked_ms)
            charges[i]->asked_ms = souk_clock_ms();
    return true;
}

static void answer(struct charge *charge)
{
    const struct method *method = find_method(charge->method);
    int64_t waited_ms = souk_clock_ms() - charge->asked_ms;

    if (waited_ms >= method->answers_after_ms)
        charge->outcome = method->outcome;
    else
        charge->wait_ms = method->answers_after_ms - (int)waited_ms;
}

static bool charge(souk_call_t *call, const souk_list_t *charges)
{
    struct charge **all = charges->items;

    if (!ask_new(call, all, charges->count))
        return false;
    for (size_t i = 0; i < charges->count; i++)
        answer(all[i]);
    return true;
}

static bool find(souk_call_t *call, const souk_list_t *charges)
{
    struct charge **lost = charges->items;
    struct keys wanted = { 0 };
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < charges->count; i++)
        souk_list_add_text(&wanted.keys, souk_call_pool(call), lost[i]->key);
    if (!souk_db_all(call, &simulator_find, &wanted, &rows))
        return false;
    const souk_index_t *found = souk_index_of(&rows, &charge_outcome, "key", souk_call_pool(call));
    for (size_t i = 0; i < charges->count; i++) {
        const struct charge *row = souk_index_find(found, lost[i]->key);
        if (row)
            lost[i]->outcome = row->outcome;
    }
    return true;
}

static bool refund(souk_call_t *call, const souk_list_t *charged)
{
    return souk_db_run(call, &simulator_refund, &(struct keys){ *charged });
}

const struct provider simulator = {
    .takes = takes,
    .charge = charge,
    .find = find,
    .refund = refund,
};
