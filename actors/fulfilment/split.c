/* Splits shipments. */
#include "split.h"

#include <string.h>

#include "desk.h"
#include "errors.h"
#include "jobs.h"
#include "plan.h"
#include "queries/fulfilment.h"

const souk_error_t fulfilment_not_in_shipment = {
    .code = "not_in_shipment",
    .kind = SOUK_CONFLICT,
    .meaning = "More is to leave by itself than is in the shipment, or all of it.",
};

struct splitting {
    const char *id;
    const char *who;
};
static const souk_record_t splitting = {
    .name = "splitting",
    .size = sizeof(struct splitting),
    .fields = {
        FIELD(splitting, id),
        FIELD(splitting, who),
    },
};

const souk_query_t fulfilment_take_lines = {
    .sql = &sql_take_lines,
    .takes = &line_row,
    .many = true,
};
const souk_query_t fulfilment_note_split = {
    .sql = &sql_note_split,
    .takes = &splitting,
};

static struct line *find_line(const souk_list_t *lines, const char *sku)
{
    struct line *rows = lines->items;

    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(rows[i].sku, sku) == 0)
            return &rows[i];
    return NULL;
}

/* Takes what is wanted out of the lines that are there, of which something must be left. */
static bool take(souk_call_t *call, const souk_list_t *wanted, souk_list_t *lines)
{
    const struct line *want = wanted->items;
    const struct line *there = lines->items;
    int left = 0;

    for (size_t i = 0; i < wanted->count; i++) {
        struct line *in = find_line(lines, want[i].sku);
        if (!in || in->quantity < want[i].quantity)
            return souk_fail(call, &fulfilment_not_in_shipment, "%s: %d are in it", want[i].sku,
                in ? in->quantity : 0);
        in->quantity -= want[i].quantity;
    }
    for (size_t i = 0; i < lines->count; i++)
        left += there[i].quantity;
    return left > 0 || souk_fail(call, &fulfilment_not_in_shipment, "nothing would be left of it");
}

static souk_list_t named(souk_call_t *call, const souk_list_t *lines, const char *id)
{
    souk_list_t copy = { 0 };

    for (size_t i = 0; i < lines->count; i++) {
        struct line *one = souk_list_add(&copy, souk_call_pool(call), sizeof *one);
        *one = ((const struct line *)lines->items)[i];
        one->id = id;
    }
    return copy;
}

static bool check_whole(souk_call_t *call, const struct shipment *whole)
{
    if (!fulfilment_has_status(whole, "pending") && !fulfilment_has_status(whole, "picking"))
        return souk_fail(call, &wrong_status, "it is %s", whole->status);
    if (whole->departure_id)
        return souk_refuse(call, &leaving_already);
    return true;
}

static bool check_count(souk_call_t *call, const struct shipment *whole)
{
    const souk_list_t orders = { (void *)&whole->order_id, 1 };
    souk_list_t all = { 0 };

    if (!fulfilment_find_of_orders(call, &orders, &all))
        return false;
    return all.count < PARTS_MAX || souk_refuse(call, &too_many);
}

bool fulfilment_split(souk_call_t *call, const void *request, void *reply)
{
    const struct split *wish = request;
    const struct by_id key = { souk_call_new_id(call) };
    struct shipment whole;
    struct job order;

    if (!souk_db_one(call, &fulfilment_lock_job_of, &(struct by_id){ wish->id }, &order) ||
        !fulfilment_find_one(call, wish->id, &whole) || !check_whole(call, &whole) ||
        !check_count(call, &whole) || !fulfilment_fill_lines(call, &(souk_list_t){ &whole, 1 }) ||
        !take(call, &wish->lines, &whole.lines))
        return false;
    souk_list_t taken = named(call, &wish->lines, whole.id);
    souk_list_t given = named(call, &wish->lines, key.id);
    return souk_db_run(call, &fulfilment_take_lines, &taken) &&
        souk_db_run(call, &fulfilment_note_split,
            &(struct splitting){ whole.id, fulfilment_who(call) }) &&
        fulfilment_add_one(call, key.id, whole.order_id, whole.location) &&
        souk_db_run(call, &fulfilment_add_lines, &given) && fulfilment_get(call, &key, reply);
}
