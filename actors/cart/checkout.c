/* What orders ask of carts. An order takes its lines from the cart once, at its beginning; what is
   changed in the cart afterwards does not concern it. */
#include "checkout.h"

#include <string.h>

#include "../../lib/index.h"
#include "queries/cart.h"

enum {
    GUESTS_KEPT_S = 30 * 24 * 3600,
    ORDERED_KEPT_S = 7 * 24 * 3600, /* longer than any order is on its way */
};

const souk_error_t cart_empty = {
    .code = "cart_empty",
    .kind = SOUK_MISUSED,
    .meaning = "There is nothing in the cart.",
};

static const souk_record_t ordered_id = {
    .name = "ordered_id",
    .size = sizeof(struct ordered),
    .fields = {
        FIELD(ordered, order_id),
    },
};

/* A coupon that went with an order. NULL: none did. */
struct used_coupon {
    const char *cart_id;
    const char *code;
};
static const souk_record_t used_coupon = {
    .name = "used_coupon",
    .size = sizeof(struct used_coupon),
    .fields = {
        FIELD(used_coupon, cart_id),
        FIELD(used_coupon, code, .optional = true),
    },
};

struct age {
    int kept_s;
};
static const souk_record_t age = {
    .name = "age",
    .size = sizeof(struct age),
    .fields = {
        FIELD(age, kept_s),
    },
};

const souk_query_t cart_note_ordered = {
    .sql = &sql_note_ordered,
    .takes = &ordered_id,
    .gives = &ordered_id,
    .many = true,
};
const souk_query_t cart_take_coupons = {
    .sql = &sql_take_coupons,
    .takes = &used_coupon,
    .many = true,
};
const souk_query_t cart_take_lines = {
    .sql = &sql_take_lines,
    .takes = &line_row,
    .many = true,
};
const souk_query_t cart_forget_old = {
    .sql = &sql_forget_old_carts,
    .takes = &age,
};
const souk_query_t cart_forget_old_orders = {
    .sql = &sql_forget_old_orders,
    .takes = &age,
};

static bool find_lines(souk_batch_t *batch, const souk_list_t *carts, souk_list_t *lines)
{
    const struct cart *found = carts->items;
    struct cart_ids ids = { 0 };

    for (size_t i = 0; i < carts->count; i++)
        souk_list_add_text(&ids.cart_ids, souk_call_pool(batch->all), found[i].id);
    return carts->count == 0 || souk_db_all(batch->all, &cart_find_line_rows, &ids, lines);
}

/* Who asks in the same moment as the owner is not the owner. */
static bool may_have(const struct cart *row, const struct cart_key *key)
{
    return row && (!row->user_id || (key->user_id && strcmp(row->user_id, key->user_id) == 0));
}

static bool find_carts(souk_batch_t *batch, souk_list_t *carts)
{
    struct cart_ids wanted = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&wanted.cart_ids, souk_call_pool(batch->all),
            ((const struct cart_key *)souk_batch_request(batch, i))->cart_id);
    return souk_db_all(batch->all, &cart_find_many, &wanted, carts);
}

bool cart_read(souk_batch_t *batch)
{
    souk_list_t carts = { 0 }, lines = { 0 };

    if (!find_carts(batch, &carts) || !find_lines(batch, &carts, &lines))
        return false;
    const souk_index_t *found =
        souk_index_of(&carts, &owned_cart, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct cart_key *key = souk_batch_request(batch, i);
        const struct cart *row = souk_index_find(found, key->cart_id);
        struct cart *cart = souk_batch_reply(batch, i);
        if (!may_have(row, key)) {
            souk_batch_refuse(batch, i, &cart_missing);
            continue;
        }
        *cart = *row;
        cart->lines = souk_rows_of(&lines, &line_row, "cart_id", row->id);
        if (!cart->lines.count)
            souk_batch_refuse(batch, i, &cart_empty);
    }
    return true;
}

static void add_lines(souk_list_t *rows, souk_call_t *all, const struct ordered *order)
{
    const struct cart_line *lines = order->lines.items;

    for (size_t i = 0; i < order->lines.count; i++) {
        struct cart_line *row = souk_list_add(rows, souk_call_pool(all), sizeof *row);
        *row = lines[i];
        row->cart_id = order->cart_id;
    }
}

/* A row for each, or one that says that there are none. */
static void add_coupons(souk_list_t *rows, souk_call_t *all, const struct ordered *order)
{
    const char *const *codes = order->coupons.items;
    size_t i = 0;

    do {
        const char *code = i < order->coupons.count ? codes[i] : NULL;
        *(struct used_coupon *)souk_list_add(rows, souk_call_pool(all),
            sizeof(struct used_coupon)) = (struct used_coupon){ order->cart_id, code };
    } while (++i < order->coupons.count);
}

/* Who asks twice has asked once. */
bool cart_close(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 }, lines = { 0 }, used = { 0 };

    if (!souk_db_all(batch->all, &cart_note_ordered, &wanted, &rows))
        return false;
    souk_index_t *new = souk_index_of(&rows, &ordered_id, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct ordered *order = souk_batch_request(batch, i);
        struct ordered *noted = souk_index_find(new, order->order_id);
        if (noted && !noted->cart_id) {
            noted->cart_id = order->cart_id;
            add_lines(&lines, batch->all, order);
            add_coupons(&used, batch->all, order);
        }
    }
    return souk_db_run(batch->all, &cart_take_coupons, &used) &&
        souk_db_run(batch->all, &cart_take_lines, &lines);
}

bool cart_forget(souk_call_t *call)
{
    return souk_db_run(call, &cart_forget_old, &(struct age){ GUESTS_KEPT_S }) &&
        souk_db_run(call, &cart_forget_old_orders, &(struct age){ ORDERED_KEPT_S });
}
