/* Orders: placed as a saga over the other services, looked up by who placed them. */
#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "asks.h"
#include "desk.h"
#include "lookup.h"
#include "moves.h"
#include "queries/order.h"
#include "recall.h"

static const souk_error_t card_declined = {
    .code = "card_declined",
    .kind = SOUK_DECLINED,
    .meaning = "The payment was declined for good. Nothing was ordered.",
};

/* As the other services name them. */
static const souk_error_t unknown_sku = {
    .code = "unknown_sku",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such product.",
};
static const souk_error_t mixed_currencies = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "One order cannot hold prices in different currencies.",
};
static const souk_error_t no_price_in_currency = {
    .code = "no_price_in_currency",
    .kind = SOUK_MISUSED,
    .meaning = "A product is not sold in the currency of the order.",
};
static const souk_error_t total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "The prices add up to more than one order may cost.",
};
static const souk_error_t out_of_stock = {
    .code = "out_of_stock",
    .kind = SOUK_CONFLICT,
    .meaning = "There is less left of a product than was asked for.",
};
static const souk_error_t reservation_gone = {
    .code = "reservation_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's reservation was given back, or has run out.",
};
static const souk_error_t unknown_payment_method = {
    .code = "unknown_payment_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such payment method.",
};
static const souk_error_t payment_voided = {
    .code = "payment_voided",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's payment was voided.",
};

static const souk_query_t save_orders = {
    .sql = &sql_save_orders,
    .takes = &placing,
    .many = true,
};
static const souk_query_t save_lines = {
    .sql = &sql_save_lines,
    .takes = &line_row,
    .gives = &order_id,
    .commits = true,
    .many = true,
};
static const souk_query_t settle_orders = {
    .sql = &sql_settle_orders,
    .takes = &placing,
    .gives = &order_id,
    .commits = true,
    .many = true,
};
static const souk_query_t reject_orders = {
    .sql = &sql_reject_orders,
    .takes = &placing,
    .many = true,
};
static const souk_query_t claim_stranded = {
    .sql = &sql_claim_stranded,
    .takes = &souk_stranded,
    .gives = &stranded_order,
};

static const souk_ask_t quote_lines = {
    .operation = "product.quote",
    .takes = &quote_question,
    .gives = &quote,
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

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct placement *wish = request;
    const souk_caller_t *caller = souk_caller(call);
    char *id = souk_alloc(call, SOUK_ID_SIZE);

    souk_id_new(id);
    *(struct placing *)state = (struct placing){
        .id = id,
        .user_id = caller->user,
        .request_key = caller->key,
        .fingerprint = souk_fingerprint(call),
        .status = "placing",
        .payment_method = wish->payment_method,
        .lines = wish->lines,
        .placed_at = souk_now(),
        .attempt = 1,
    };
    return true;
}

static bool ask_prices(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct quote *)question = (struct quote){ .lines = it->lines };
    return true;
}

static bool keep_prices(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct quote *quoted = answer;
    it->lines = quoted->lines;
    it->total = quoted->total;
    return true;
}

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

/* Of two calls under one key, whichever comes first has the order. The other fails here, and is
   told what .recall finds: the first one, unless that was given up meanwhile. */
static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), lines = { 0 }, rows = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        add_lines(&lines, batch->all, souk_batch_state(batch, i));
    if (!souk_db_run(batch->all, &save_orders, &wanted) ||
        !souk_db_all(batch->all, &save_lines, &lines, &rows))
        return false;
    const souk_index_t *saved = souk_index_of(&rows, &order_id, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct placing *it = souk_batch_state(batch, i);
        if (!souk_index_find(saved, it->id))
            souk_batch_fail(batch, i, &souk_busy, "the order under this key was just given up");
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

static bool ask_payment(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct bill *)question = (struct bill){ it->id, it->total, it->payment_method };
    return true;
}

/* Nobody is told the outcome before it is certain. A card without money today may have some
 * tomorrow; a card that is refused stays refused. */
static bool keep_payment(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct receipt *paid = answer;

    if (strcmp(paid->status, "declined") == 0)
        return souk_fail(call, &card_declined, "%s was declined", it->payment_method);
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

    if (!souk_db_all(batch->all, &settle_orders, &wanted, &rows))
        return false;
    const souk_index_t *settled = souk_index_of(&rows, &order_id, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct placing *it = souk_batch_state(batch, i);
        if (souk_index_find(settled, it->id))
            it->status = it->outcome;
        else
            souk_batch_fail(batch, i, &souk_worker_lost, "another has taken the order up");
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
    return souk_db_run(batch->all, &reject_orders, &rejected);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct placing *it = state;
    *(struct order *)reply = (struct order){
        .id = it->id,
        .status = it->status,
        .total = it->total,
        .lines = it->lines,
        .placed_at = it->placed_at,
    };
    return true;
}

/* Nothing is written before the prices are known, so an order has its lines and its total from the
   start. Payment comes last: it is the only one that a customer notices when it is given back. */
static const souk_saga_t place = {
    .state = &placing,
    .open = open,
    .steps = {
        { .name = "price", .ask = &quote_lines, .fill = ask_prices, .note = keep_prices },
        { .name = "begin", .batch = begin },
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
    },
    .reject = reject,
    .recall = order_recall,
    .answer = answer,
    .stranded = &claim_stranded,
    .key = "id",
};

const souk_actor_t order_actor = {
    .name = "order",
    .summary = "Orders: placed, and looked up by who placed them.",
    .queries = {
        &order_find_known,
        &save_orders,
        &save_lines,
        &settle_orders,
        &reject_orders,
        &claim_stranded,
        &order_find,
        &order_find_page,
        &order_find_line_rows,
        &order_find_history_rows,
        &order_find_page_of_any,
        &order_find_page_of_one,
        &order_begin_moves,
        &order_find_moves,
        &order_end_moves,
        &order_claim_cancelling,
    },
    .operations = {
        [ORDER_PLACE] = {
            .name = "order.place",
            .http = "POST /v1/orders",
            .summary = "Order and pay: all of it or nothing.",
            .request = &placement,
            .reply = &order,
            .errors = {
                &order_running,
                &unknown_sku,
                &mixed_currencies,
                &no_price_in_currency,
                &total_too_large,
                &out_of_stock,
                &reservation_gone,
                &unknown_payment_method,
                &card_declined,
                &payment_voided,
            },
            .saga = &place,
            .writes = true,
            .needs_key = true,
            .role = "customer",
            .http_status = 201,
        },
        {
            .name = "order.get",
            .http = "GET /v1/orders/{id}",
            .summary = "One of the caller's own orders; for staff, anybody's.",
            .request = &order_id,
            .reply = &order,
            .errors = { &order_missing },
            .handler = order_get,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "order.list",
            .http = "GET /v1/orders",
            .summary = "The caller's own orders, newest first.",
            .request = &page_query,
            .reply = &order_page,
            .handler = order_list,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "order.history",
            .http = "GET /v1/orders/{id}/history",
            .summary = "What has become of an order since it was placed, step by step.",
            .request = &order_id,
            .reply = &order_history,
            .errors = { &order_missing },
            .handler = order_tell_history,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "order.cancel",
            .http = "PUT /v1/orders/{id}/cancellation",
            .summary = "Cancel an order that is not on its way yet: stock and money are given back.",
            .request = &cancellation,
            .reply = &order_state,
            .errors = { &order_missing, &order_running, &order_not_cancellable },
            .saga = &order_cancel,
            .writes = true,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "order.search",
            .http = "GET /v1/staff/orders",
            .summary = "Orders of all customers, newest first.",
            .request = &search,
            .reply = &search_page,
            .handler = order_search,
            .repeatable = true,
            .role = "staff",
        },
    },
};
