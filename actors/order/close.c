/* What was ordered is taken out of the cart, and nothing else: what came in since stays. */
#include "close.h"

#include "../../lib/index.h"
#include "checkout.h"
#include "lookup.h"
#include "queries/order.h"

const souk_query_t order_forget_closed = {
    .sql = &sql_forget_closed,
    .takes = &placing,
    .many = true,
};
const souk_ask_t order_close_cart = {
    .operation = "cart.close",
    .takes = &closing,
    .gives = &souk_nothing,
};

static bool read_discounts(souk_call_t *call, const struct detail_row *row, struct placing *into)
{
    struct order said = { .id = into->id };

    if (row && !order_read_detail(call, row->detail, &said))
        return false;
    into->discounts = said.discounts;
    return true;
}

static bool find_of(souk_batch_t *batch, const souk_list_t *ids)
{
    souk_list_t lines = { 0 }, details = { 0 };

    if (!order_find_lines(batch->all, ids, &lines) ||
        !order_find_details(batch->all, ids, &details))
        return false;
    const souk_index_t *said =
        souk_index_of(&details, &detail_row, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct placing *it = souk_batch_state(batch, i);
        if (it->lines.count)
            continue;
        it->lines = order_lines_of(&lines, it->id);
        if (!read_discounts(batch->all, souk_index_find(said, it->id), it))
            return false;
    }
    return true;
}

/* A call that was found stranded knows neither lines nor coupons. */
bool order_find_ordered(souk_batch_t *batch)
{
    souk_list_t ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct placing *it = souk_batch_state(batch, i);
        if (!it->lines.count)
            souk_list_add_text(&ids, souk_call_pool(batch->all), it->id);
    }
    return !ids.count || find_of(batch, &ids);
}

/* A coupon that took nothing off would have been refused, so those that took something are all. */
bool order_ask_closing(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    const struct discount *taken = it->discounts.items;
    struct closing *asked = question;

    *asked = (struct closing){
        .order_id = it->id,
        .cart_id = it->closing ? it->closing : it->cart_id,
        .lines = it->lines,
    };
    for (size_t i = 0; i < it->discounts.count; i++)
        if (taken[i].code)
            souk_list_add_text(&asked->coupons, souk_call_pool(call), taken[i].code);
    return true;
}

bool order_forget_carts(souk_batch_t *batch)
{
    souk_list_t closed = souk_batch_gather(batch);
    return souk_db_run(batch->all, &order_forget_closed, &closed);
}

/* Carts are only noted once the order is settled. */
bool order_is_settled(const void *state)
{
    return ((const struct placing *)state)->closing != NULL;
}
