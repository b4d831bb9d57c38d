/* Placing an order: a saga over the services that know what it costs, have the goods, and take the
   money. */
#include "place.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "asks.h"
#include "checkout.h"
#include "close.h"
#include "errors.h"
#include "lookup.h"
#include "price.h"
#include "queries/order.h"
#include "recall.h"

const souk_query_t order_save_orders = {
    .sql = &sql_save_orders,
    .takes = &placing,
    .many = true,
};
const souk_query_t order_save_lines = {
    .sql = &sql_save_lines,
    .takes = &line_row,
    .gives = &order_id,
    .many = true,
};
const souk_query_t order_save_details = {
    .sql = &sql_save_details,
    .takes = &placing,
    .many = true,
};
const souk_query_t order_settle_orders = {
    .sql = &sql_settle_orders,
    .takes = &placing,
    .gives = &order_id,
    .commits = true,
    .many = true,
};
const souk_query_t order_reject_orders = {
    .sql = &sql_reject_orders,
    .takes = &placing,
    .many = true,
};
const souk_query_t order_claim_stranded = {
    .sql = &sql_claim_stranded,
    .takes = &souk_stranded,
    .gives = &stranded_order,
};

static const souk_ask_t redeem_coupons = {
    .operation = "pricing.redeem",
    .takes = &redemption,
    .gives = &souk_nothing,
};
static const souk_ask_t reserve_stock = {
    .operation = "inventory.reserve",
    .takes = &order_demand,
    .gives = &souk_nothing,
};
static const souk_ask_t expire_stock = {
    .operation = "inventory.expire",
    .takes = &expiry,
    .gives = &souk_nothing,
};
/* A lost charge is found out by the payment service itself, which may take its time. */
static const souk_ask_t charge = {
    .operation = "payment.charge",
    .takes = &bill,
    .gives = &receipt,
    .timeout_ms = &souk_settings.charge_timeout_ms,
};

static void add_lines(souk_list_t *rows, souk_call_t *all, const struct placing *it)
{
    const struct order_line *lines = it->lines.items;

    for (size_t i = 0; i < it->lines.count; i++) {
        struct order_line *row = souk_list_add(rows, souk_call_pool(all), sizeof *row);
        *row = lines[i];
        row->order_id = it->id;
        row->position = (int)i + 1;
    }
}

/* Most have none. */
static bool save_details(souk_batch_t *batch, const souk_list_t *wanted)
{
    const struct placing *orders = wanted->items;

    for (size_t i = 0; i < wanted->count; i++)
        if (orders[i].detail)
            return souk_db_run(batch->all, &order_save_details, wanted);
    return true;
}

/* Of two calls under one key, or about one cart, whichever comes first has the order. The other
   fails here, and is told what .recall finds: the first one, unless that was given up meanwhile. */
static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), lines = { 0 }, rows = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        add_lines(&lines, batch->all, souk_batch_state(batch, i));
    if (!souk_db_run(batch->all, &order_save_orders, &wanted) || !save_details(batch, &wanted) ||
        !souk_db_all(batch->all, &order_save_lines, &lines, &rows))
        return false;
    const souk_index_t *saved = souk_index_of(&rows, &order_id, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct placing *it = souk_batch_state(batch, i);
        if (!souk_index_find(saved, it->id))
            souk_batch_fail(batch, i, &souk_busy, "the order that came first was just given up");
    }
    return true;
}

static bool ask_stock(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct order_demand *)question = (struct order_demand){ it->id, it->lines };
    return true;
}

static bool name_order(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct order_reference *)question = (struct order_reference){ it->id };
    return true;
}

/* Most orders use nothing that is limited. */
static bool ask_redemption(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct redemption *)question = (struct redemption){
        .order_id = it->id,
        .user_id = souk_caller(call)->user,
        .email = it->wish->email,
        .uses = it->uses,
    };
    return it->uses.count > 0;
}

/* What a crash left may have used something, whatever is known of it. */
static bool name_redemption(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    return name_order(call, state, question) && (!it->wish || it->uses.count > 0);
}

static bool ask_payment(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct bill *)question = (struct bill){
        .order_id = it->id,
        .user_id = it->user_id,
        .amount = it->total,
        .method = it->payment_method,
    };
    return true;
}

/* Nobody is told the outcome before it is certain. A card without money today may have some
   tomorrow; a card that is refused stays refused. */
static bool keep_payment(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct receipt *paid = answer;

    if (strcmp(paid->status, "declined") == 0)
        return souk_fail(call, &order_card_declined, "%s was declined", it->payment_method);
    if (strcmp(paid->status, "authentication_required") == 0)
        return souk_refuse(call, &order_authentication_required);
    it->outcome = strcmp(paid->status, "captured") == 0 ? "confirmed" : "awaiting_payment";
    return true;
}

/* What is paid stays reserved. What is not, only for so long. */
static bool ask_lapse(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct expiry *)question = (struct expiry){ it->id, souk_settings.reservation_s };
    return strcmp(it->outcome, "awaiting_payment") == 0;
}

static bool settle(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &order_settle_orders, &wanted, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &order_id);
    for (size_t i = 0; i < batch->count; i++) {
        struct placing *it = souk_batch_state(batch, i);
        if (souk_batch_failed(batch, i))
            continue;
        it->status = it->outcome;
        if (!it->cart_id)
            souk_batch_finish(batch, i);
    }
    return true;
}

static bool reject(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct placing *it = souk_batch_state(batch, i);
        it->reason = souk_batch_reason(batch, i);
        it->keeps_key = order_lasting_error(it->reason);
    }
    souk_list_t rejected = souk_batch_gather(batch);
    return souk_db_run(batch->all, &order_reject_orders, &rejected);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct placing *it = state;
    struct order *told = reply;

    *told = (struct order){
        .id = it->id,
        .status = it->status,
        .lines = it->lines,
        .discount = it->discount,
        .shipping = it->shipping,
        .tax = it->tax,
        .tax_included = it->tax_included,
        .total = it->total,
        .placed_at = it->placed_at,
    };
    return order_read_detail(call, it->detail, told);
}

/* Nothing is written before the prices are known, so an order has its lines and its total from the
   start. Payment comes last: it is the only one that a customer notices when it is given back. What
   is behind the point of no return is for orders from a cart. */
const souk_saga_t order_place = {
    .state = &placing,
    .open = order_open,
    .steps = {
        {
            .name = "cart",
            .ask = &order_read_cart,
            .fill = order_ask_cart,
            .note = order_keep_cart,
        },
        { .name = "eligible", .ask = &order_ask_eligible, .fill = order_ask_user },
        {
            .name = "price",
            .ask = &order_quote_lines,
            .fill = order_ask_prices,
            .note = order_keep_prices,
        },
        {
            .name = "total",
            .ask = &order_total_lines,
            .fill = order_ask_total,
            .note = order_keep_total,
        },
        { .name = "begin", .batch = begin },
        {
            .name = "redeem",
            .ask = &redeem_coupons,
            .fill = ask_redemption,
            .undo = &order_give_back_uses,
            .fill_undo = name_redemption,
        },
        {
            .name = "reserve",
            .ask = &reserve_stock,
            .fill = ask_stock,
            .undo = &order_release_stock,
            .fill_undo = name_order,
        },
        {
            .name = "charge",
            .ask = &charge,
            .fill = ask_payment,
            .note = keep_payment,
            .undo = &order_void_charge,
            .fill_undo = name_order,
            .alone = true,
        },
        { .name = "lapse", .ask = &expire_stock, .fill = ask_lapse },
        { .name = "settle", .batch = settle, .no_return = true },
        { .name = "find_ordered", .batch = order_find_ordered },
        { .name = "close", .ask = &order_close_cart, .fill = order_ask_closing },
        { .name = "forget_closed", .batch = order_forget_carts },
    },
    .reject = reject,
    .recall = order_recall,
    .answer = answer,
    .stranded = &order_claim_stranded,
    .passed = order_is_settled,
    .key = "id",
};
