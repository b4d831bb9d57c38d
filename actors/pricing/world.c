/* What holds at the moment, read for a whole batch. */
#include "world.h"

#include <ctype.h>
#include <string.h>

#include "queries/pricing.h"

static const souk_record_t found_promotion = {
    .name = "found_promotion",
    .size = sizeof(struct found_promotion),
    .fields = {
        FIELD(found_promotion, id),
        FIELD(found_promotion, code, .optional = true),
        FIELD(found_promotion, body),
        FIELD(found_promotion, has_begun),
        FIELD(found_promotion, has_ended),
        FIELD(found_promotion, used_up),
        FIELD(found_promotion, limit_total),
        FIELD(found_promotion, limit_per_customer),
    },
};
static const souk_record_t use_asked = {
    .name = "use_asked",
    .size = sizeof(struct customer_use),
    .fields = {
        FIELD(customer_use, promotion_id),
        FIELD(customer_use, customer),
    },
};
const souk_record_t pricing_use_counted = {
    .name = "use_counted",
    .size = sizeof(struct customer_use),
    .fields = {
        FIELD(customer_use, key),
        FIELD(customer_use, uses),
    },
};

const souk_query_t pricing_find_promotions = {
    .sql = &sql_find_promotions,
    .takes = &codes,
    .gives = &found_promotion,
};
const souk_query_t pricing_find_uses = {
    .sql = &sql_find_uses,
    .takes = &use_asked,
    .gives = &pricing_use_counted,
    .many = true,
};

const char *pricing_use_key(souk_call_t *call, const char *promotion_id, const char *customer)
{
    return souk_pool_format(souk_call_pool(call), "%s %s", promotion_id, customer);
}

const char *pricing_customer(souk_call_t *call, const char *user_id, const char *email)
{
    if (user_id || !email)
        return user_id;
    char *small = souk_pool_text(souk_call_pool(call), email, strlen(email));
    for (char *c = small; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return small;
}

static bool find_promotions(struct pricing_world *world, const souk_list_t *coupons)
{
    souk_list_t rows = { 0 };

    if (!souk_db_all(world->all, &pricing_find_promotions, &(struct codes){ *coupons }, &rows))
        return false;
    world->found = rows.items;
    world->count = rows.count;
    struct promotion *says = souk_alloc(world->all, (rows.count + 1) * sizeof *says);
    for (size_t i = 0; i < rows.count; i++)
        if (!pricing_read_promotion(world->all, world->found[i].body, &says[i]))
            return false;
    world->says = says;
    return true;
}

/* Only of what may be used up by one customer. */
static bool count_uses(struct pricing_world *world, const souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(world->all);
    souk_list_t asked = { 0 }, counted = { 0 };

    for (size_t k = 0; k < world->count; k++)
        for (size_t i = 0; world->found[k].limit_per_customer && i < batch->count; i++) {
            const struct total_question *it = souk_batch_request(batch, i);
            const char *customer = pricing_customer(world->all, it->user_id, it->email);
            if (customer)
                *(struct customer_use *)souk_list_add(&asked, pool, sizeof(struct customer_use)) =
                    (struct customer_use){ world->found[k].id, customer };
        }
    if (asked.count && !souk_db_all(world->all, &pricing_find_uses, &asked, &counted))
        return false;
    world->uses = souk_index_of(&counted, &pricing_use_counted, "key", pool);
    return true;
}

bool pricing_look_round(struct pricing_world *world, const souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(world->all);
    souk_list_t coupons = { 0 }, countries = { 0 }, methods = { 0 };
    bool any_without = false;

    for (size_t i = 0; i < batch->count; i++) {
        const struct total_question *it = souk_batch_request(batch, i);
        const char *const *given = it->coupons.items;
        for (size_t k = 0; k < it->coupons.count; k++)
            souk_list_add_text(&coupons, pool, pricing_code(world->all, given[k]));
        if (it->country)
            souk_list_add_text(&countries, pool, it->country);
        if (it->shipping_method)
            souk_list_add_text(&methods, pool, it->shipping_method);
        any_without = any_without || (it->country && !it->shipping_method);
    }
    return find_promotions(world, &coupons) && count_uses(world, batch) &&
        pricing_rates_of(world->all, &countries, &world->rates) &&
        pricing_find_methods(world->all, &methods, &world->methods) &&
        (!any_without || pricing_all_methods(world->all, &world->choice));
}
