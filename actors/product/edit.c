/* What staff and other systems do to the catalogue, one product or many. */
#include "edit.h"

#include <string.h>

#include "categories.h"
#include "errors.h"
#include "save.h"

struct delivery {
    souk_list_t categories;
    souk_list_t products;
};
const souk_record_t product_delivery = {
    .name = "product_delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, categories, .of = &category, .optional = true,
            .doc = "put first, one after the other"),
        FIELD(delivery, products, .of = &product_document, .min = 1),
    },
};

static const char changed[] = "product.changed";

static souk_list_t only(const char *const *sku)
{
    return (souk_list_t){ (void *)sku, 1 };
}

static bool save_one(souk_call_t *call, struct product *product, const char *topic)
{
    return product_save(call, &(souk_list_t){ product, 1 }, topic);
}

bool product_create(souk_call_t *call, const void *request, void *reply)
{
    struct product *made = reply;
    souk_index_t *locked;

    *made = *(const struct product *)request;
    if (!product_check(call, made, "") || !product_hold(call, &(souk_list_t){ made, 1 }))
        return false;
    struct skus skus = { only(&made->sku) };
    if (!souk_db_run(call, &product_claim, &skus) || !product_lock(call, &skus.skus, &locked))
        return false;
    if (((const struct locked *)souk_index_find(locked, made->sku))->version)
        return souk_fail(call, &sku_taken, "there is a product %s already", made->sku);
    made->id = souk_call_new_id(call);
    made->version = 1;
    return save_one(call, made, "product.created");
}

/* Locks a product that is there and, unless version is 0, still of this version. */
static bool lock_one(souk_call_t *call, const char *sku, int version, const struct locked **row)
{
    souk_index_t *locked;
    souk_list_t skus = only(&sku);
    if (!product_lock(call, &skus, &locked))
        return false;
    *row = souk_index_find(locked, sku);
    if (!*row)
        return souk_fail(call, &no_such_product, "there is no product %s", sku);
    if (version && version != (*row)->version)
        return souk_fail(call, &souk_stale, "it is of version %d", (*row)->version);
    return true;
}

bool product_revise(souk_call_t *call, const void *request, void *reply)
{
    struct product *revised = reply;
    const struct locked *before;

    *revised = *(const struct product *)request;
    if (!product_check(call, revised, "") || !product_hold(call, &(souk_list_t){ revised, 1 }))
        return false;
    if (!lock_one(call, revised->sku, revised->version, &before))
        return false;
    revised->id = before->id;
    revised->status = before->status;
    revised->version = before->version + 1;
    return save_one(call, revised, changed);
}

/* The product as it is, locked. */
static bool find_locked(souk_call_t *call, const char *sku, int version, struct product *now)
{
    const struct locked *before;
    souk_index_t *found;
    souk_list_t skus = only(&sku);

    if (!lock_one(call, sku, version, &before) || !product_find(call, &skus, &found))
        return false;
    *now = *(const struct product *)souk_index_find(found, sku);
    return true;
}

/* Whatever change says, it says instead of what product says. */
static void merge(struct product *product, const struct product *change)
{
    for (const souk_field_t *field = product_change.fields; field->name; field++)
        if (!souk_field_is_absent(field, (const char *)change + field->offset))
            memcpy((char *)product + field->offset, (const char *)change + field->offset,
                souk_field_size(field));
}

bool product_amend(souk_call_t *call, const void *request, void *reply)
{
    struct product change = *(const struct product *)request;
    struct product *now = reply;

    if (!product_hold(call, &(souk_list_t){ &change, 1 }) ||
        !find_locked(call, change.sku, change.version, now))
        return false;
    change.version = now->version + 1;
    merge(now, &change);
    return product_check(call, now, "") && save_one(call, now, changed);
}

/* What has that status already stays as it is, version and all. */
static bool set_status(souk_call_t *call, const struct product_key *key, const char *status,
    const char *topic, struct product *now)
{
    if (!find_locked(call, key->sku, key->version, now))
        return false;
    if (strcmp(now->status, status) == 0)
        return true;
    now->status = status;
    now->version++;
    return save_one(call, now, topic);
}

bool product_publish(souk_call_t *call, const void *request, void *reply)
{
    const struct publication *wanted = request;
    const struct product_key key = { wanted->sku, wanted->version };
    return wanted->published ? set_status(call, &key, "published", "product.published", reply)
                             : set_status(call, &key, "unpublished", "product.unpublished", reply);
}

bool product_archive(souk_call_t *call, const void *request, void *reply)
{
    return set_status(call, request, "archived", "product.archived", reply);
}

/* What comes twice in one delivery is as what comes in two: the later one stays. */
static souk_list_t last_of_each(souk_call_t *call, const souk_list_t *products)
{
    souk_pool_t *pool = souk_call_pool(call);
    souk_list_t reversed = souk_list_new(pool, products->count, sizeof(struct product));
    struct product *to = reversed.items;
    const struct product *from = products->items;
    souk_list_t kept = { 0 };

    for (size_t i = 0; i < products->count; i++)
        to[i] = from[products->count - 1 - i];
    const souk_index_t *first = souk_index_of(&reversed, &product_document, "sku", pool);
    for (size_t i = 0; i < reversed.count; i++)
        if (souk_index_find(first, to[i].sku) == &to[i])
            *(struct product *)souk_list_add(&kept, pool, sizeof *to) = to[i];
    return kept;
}

static bool check_all(souk_call_t *call, const souk_list_t *products)
{
    struct product *product = products->items;
    for (size_t i = 0; i < products->count; i++)
        product_complete(&product[i]);
    for (size_t i = 0; i < products->count; i++)
        if (!product_check(call, &product[i],
                souk_pool_format(souk_call_pool(call), "/products/%zu", i)))
            return false;
    return true;
}

/* A product that is there already keeps its id, a new one that comes without gets one. */
static bool number_all(souk_call_t *call, souk_list_t *products)
{
    struct product *product = products->items;
    struct skus skus = { 0 };
    souk_index_t *locked;

    for (size_t i = 0; i < products->count; i++)
        souk_list_add_text(&skus.skus, souk_call_pool(call), product[i].sku);
    if (!souk_db_run(call, &product_claim, &skus) || !product_lock(call, &skus.skus, &locked))
        return false;
    for (size_t i = 0; i < products->count; i++) {
        const struct locked *before = souk_index_find(locked, product[i].sku);
        if (before->version)
            product[i].id = before->id;
        else if (!product[i].id)
            product[i].id = souk_call_new_id(call);
        product[i].version = before->version + 1;
    }
    return true;
}

bool product_put(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *delivery = request;
    souk_list_t products;

    if (!check_all(call, &delivery->products))
        return false;
    for (size_t i = 0; i < delivery->categories.count; i++)
        if (!product_put_category(call, (const struct category *)delivery->categories.items + i))
            return false;
    products = last_of_each(call, &delivery->products);
    return product_hold(call, &products) && number_all(call, &products) &&
        product_save(call, &products, changed);
}
