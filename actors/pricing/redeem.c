/* Uses of what is limited. Who gets the last one is decided in arrival order over promotions that
   are locked; how often a customer has used one is counted behind the lock, where nobody else
   counts. */
#include "redeem.h"

#include <string.h>

#include "queries/pricing.h"
#include "quote.h"
#include "world.h"

const souk_error_t pricing_redemption_gone = {
    .code = "redemption_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's uses of promotions were given back.",
};

struct locked {
    const char *promotion_id;
    int limit_total, limit_per_customer;
    int used;
};
static const souk_record_t locked_promotion = {
    .name = "locked_promotion",
    .size = sizeof(struct locked),
    .fields = {
        FIELD(locked, promotion_id),
        FIELD(locked, limit_total),
        FIELD(locked, limit_per_customer),
        FIELD(locked, used),
    },
};

struct known {
    const char *order_id;
    const char *status;
};
static const souk_record_t known_order = {
    .name = "known_order",
    .size = sizeof(struct known),
    .fields = {
        FIELD(known, order_id),
        FIELD(known, status),
    },
};

struct use_row {
    const char *order_id;
    const char *promotion_id;
    const char *customer;
};
static const souk_record_t use_row = {
    .name = "use_row",
    .size = sizeof(struct use_row),
    .fields = {
        FIELD(use_row, order_id),
        FIELD(use_row, promotion_id),
        FIELD(use_row, customer),
    },
};

struct locks {
    int count;
};
static const souk_record_t locks = {
    .name = "locks",
    .size = sizeof(struct locks),
    .fields = {
        FIELD(locks, count),
    },
};

struct order_ids {
    souk_list_t order_ids;
};
static const souk_record_t order_ids = {
    .name = "order_ids",
    .size = sizeof(struct order_ids),
    .fields = {
        FIELD(order_ids, order_ids),
    },
};

const souk_query_t pricing_lock_orders = {
    .sql = &sql_lock_orders,
    .takes = &ids,
    .gives = &locks,
};
const souk_query_t pricing_lock_promotions = {
    .sql = &sql_lock_promotions,
    .takes = &ids,
    .gives = &locked_promotion,
};
const souk_query_t pricing_find_redeemed = {
    .sql = &sql_find_redeemed,
    .takes = &ids,
    .gives = &known_order,
};
const souk_query_t pricing_save_redemptions = {
    .sql = &sql_save_redemptions,
    .takes = &use_row,
    .many = true,
};
const souk_query_t pricing_bury_redemptions = {
    .sql = &sql_bury_redemptions,
    .takes = &order_ids,
};
const souk_query_t pricing_give_back_uses = {
    .sql = &sql_give_back,
    .takes = &order_ids,
};

/* The rows that a batch decides over. */
struct desk {
    souk_call_t *all;
    souk_index_t *known; /* struct known, by order */
    souk_index_t *promotions; /* struct locked */
    souk_index_t *uses; /* struct customer_use */
    souk_list_t rows; /* struct use_row: what is to be saved */
};

static const char *customer_of(souk_call_t *call, const struct redemption *it)
{
    const char *customer = pricing_customer(call, it->user_id, it->email);
    return customer ? customer : "";
}

static void gather(const souk_batch_t *batch, struct ids *orders, struct ids *promotions,
    souk_list_t *asked)
{
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        const struct redemption *it = souk_batch_request(batch, i);
        const struct use *uses = it->uses.items;
        souk_list_add_text(&orders->ids, pool, it->order_id);
        for (size_t k = 0; k < it->uses.count; k++) {
            souk_list_add_text(&promotions->ids, pool, uses[k].promotion_id);
            *(struct customer_use *)souk_list_add(asked, pool, sizeof(struct customer_use)) =
                (struct customer_use){ uses[k].promotion_id, customer_of(batch->all, it) };
        }
    }
}

static bool lock(struct desk *desk, const souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(desk->all);
    struct ids orders = { 0 }, promotions = { 0 };
    souk_list_t asked = { 0 }, known = { 0 }, locked = { 0 }, counted = { 0 };
    struct locks held;

    gather(batch, &orders, &promotions, &asked);
    if (!souk_db_one(desk->all, &pricing_lock_orders, &orders, &held) ||
        !souk_db_all(desk->all, &pricing_lock_promotions, &promotions, &locked) ||
        !souk_db_all(desk->all, &pricing_find_redeemed, &orders, &known) ||
        !souk_db_all(desk->all, &pricing_find_uses, &asked, &counted))
        return false;
    desk->known = souk_index_of(&known, &known_order, "order_id", pool);
    desk->promotions = souk_index_of(&locked, &locked_promotion, "promotion_id", pool);
    desk->uses = souk_index_of(&counted, &pricing_use_counted, "key", pool);
    return true;
}

/* What keeps an order from one of its uses; NULL: nothing. */
static const char *hindrance(const struct desk *desk, const struct redemption *it, const char *id)
{
    const struct locked *promotion = souk_index_find(desk->promotions, id);
    const struct customer_use *customer =
        souk_index_find(desk->uses, pricing_use_key(desk->all, id, customer_of(desk->all, it)));

    if (!promotion)
        return "there is no such promotion";
    if (promotion->limit_total && promotion->used >= promotion->limit_total)
        return "it was used as often as it may be";
    if (promotion->limit_per_customer && customer &&
        customer->uses >= promotion->limit_per_customer)
        return "this customer has used it as often as anybody may";
    return NULL;
}

/* The rows are counted on, so that the next order of the batch sees what this one has. */
static void take(struct desk *desk, const struct redemption *it)
{
    const struct use *uses = it->uses.items;
    const char *customer = customer_of(desk->all, it);

    for (size_t k = 0; k < it->uses.count; k++) {
        const char *id = uses[k].promotion_id;
        struct locked *promotion = souk_index_find(desk->promotions, id);
        struct customer_use *counted =
            souk_index_find(desk->uses, pricing_use_key(desk->all, id, customer));
        promotion->used++;
        if (counted)
            counted->uses++;
        *(struct use_row *)souk_list_add(&desk->rows, souk_call_pool(desk->all),
            sizeof(struct use_row)) = (struct use_row){ it->order_id, id, customer };
    }
}

static bool is_in_rows(const struct desk *desk, const char *order_id)
{
    const struct use_row *rows = desk->rows.items;

    for (size_t i = 0; i < desk->rows.count; i++)
        if (strcmp(rows[i].order_id, order_id) == 0)
            return true;
    return false;
}

static void redeem_one(struct desk *desk, souk_batch_t *batch, size_t i)
{
    const struct redemption *it = souk_batch_request(batch, i);
    const struct known *before = souk_index_find(desk->known, it->order_id);
    const struct use *uses = it->uses.items;
    const char *why = NULL;

    if (before && strcmp(before->status, "given_back") == 0)
        souk_batch_refuse(batch, i, &pricing_redemption_gone);
    if (before || is_in_rows(desk, it->order_id))
        return;
    for (size_t k = 0; k < it->uses.count && !why; k++)
        why = hindrance(desk, it, uses[k].promotion_id);
    if (why)
        souk_batch_fail(batch, i, &pricing_coupon_used_up, "%s", why);
    else
        take(desk, it);
}

bool pricing_redeem(souk_batch_t *batch)
{
    struct desk desk = { .all = batch->all };

    if (!lock(&desk, batch))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        redeem_one(&desk, batch, i);
    return souk_db_run(batch->all, &pricing_save_redemptions, &desk.rows);
}

bool pricing_give_back(souk_batch_t *batch)
{
    struct order_ids orders = { 0 };
    struct locks held;

    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&orders.order_ids, souk_call_pool(batch->all),
            ((const struct order_key *)souk_batch_request(batch, i))->order_id);
    return souk_db_one(batch->all, &pricing_lock_orders, &(struct ids){ orders.order_ids },
               &held) &&
        souk_db_run(batch->all, &pricing_bury_redemptions, &orders) &&
        souk_db_run(batch->all, &pricing_give_back_uses, &orders);
}
