/* The catalogue: what is sold, under which name and for how much. */
#include <string.h>

#include "../../lib/index.h"
#include "../../lib/souk.h"
#include "records.h"

static const souk_error_t no_such_product = {
    .code = "no_such_product",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The catalogue has no product of this SKU.",
};
static const souk_error_t unknown_sku = {
    .code = "unknown_sku",
    .kind = SOUK_MISUSED,
    .meaning = "A product that was asked for is not in the catalogue.",
};
static const souk_error_t mixed_currencies = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "Products in different currencies cannot be ordered together.",
};
static const souk_error_t total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "No order may cost as much as this.",
};

static const souk_collection_t products = {
    .name = "product",
    .record = &product,
    .key = "sku",
};

static bool find_products(souk_call_t *call, const souk_list_t *skus, souk_index_t **found)
{
    souk_list_t rows = { 0 };
    if (!souk_documents_find(call, &products, skus, &rows))
        return false;
    *found = souk_index_of(&rows, &product, "sku", souk_call_pool(call));
    return true;
}

/* One more than was asked for tells whether there is a next page. */
static bool list(souk_call_t *call, const void *request, void *reply)
{
    const struct page *asked = request;
    struct products *answer = reply;
    if (!souk_documents_page(call, &products, asked->after, asked->limit + 1, &answer->items))
        return false;
    if (souk_list_cut(&answer->items, (size_t)asked->limit))
        answer->next = ((const struct product *)answer->items.items)[asked->limit - 1].sku;
    return true;
}

static bool get(souk_batch_t *batch)
{
    souk_list_t skus = { 0 };
    souk_index_t *found;
    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&skus, souk_call_pool(batch->all),
            ((const struct product_key *)souk_batch_request(batch, i))->sku);
    if (!find_products(batch->all, &skus, &found))
        return false;

    for (size_t i = 0; i < batch->count; i++) {
        const struct product_key *key = souk_batch_request(batch, i);
        const struct product *row = souk_index_find(found, key->sku);
        if (row)
            *(struct product *)souk_batch_reply(batch, i) = *row;
        else
            souk_batch_fail(batch, i, &no_such_product, "there is no product %s", key->sku);
    }
    return true;
}

/* Adds quantity times price to total; false where the sum would be out of all bounds. */
static bool add_price(souk_money_t *total, souk_money_t each, int quantity)
{
    int64_t amount;
    total->currency = each.currency;
    return !__builtin_mul_overflow(each.amount, (int64_t)quantity, &amount) &&
        !__builtin_add_overflow(total->amount, amount, &total->amount) &&
        total->amount <= TOTAL_MAX;
}

static void quote_one(souk_batch_t *batch, size_t i, const souk_index_t *found)
{
    const struct basket *asked = souk_batch_request(batch, i);
    struct quote *quote = souk_batch_reply(batch, i);
    const struct wanted *wanted = asked->lines.items;

    for (size_t k = 0; k < asked->lines.count; k++) {
        const struct product *row = souk_index_find(found, wanted[k].sku);
        struct quoted_line *line =
            souk_list_add(&quote->lines, souk_call_pool(batch->all), sizeof *line);
        if (!row) {
            souk_batch_fail(batch, i, &unknown_sku, "there is no product %s", wanted[k].sku);
            return;
        }
        *line = (struct quoted_line){ row->sku, row->name, wanted[k].quantity, row->price };
        if (quote->total.currency && strcmp(quote->total.currency, row->price.currency) != 0)
            souk_batch_fail(batch, i, &mixed_currencies, "%s is not sold in %s", row->sku,
                quote->total.currency);
        else if (!add_price(&quote->total, row->price, wanted[k].quantity))
            souk_batch_fail(batch, i, &total_too_large, "%s", total_too_large.meaning);
    }
}

static bool quote(souk_batch_t *batch)
{
    souk_list_t skus = { 0 };
    souk_index_t *found;
    for (size_t i = 0; i < batch->count; i++) {
        const struct basket *asked = souk_batch_request(batch, i);
        for (size_t k = 0; k < asked->lines.count; k++)
            souk_list_add_text(&skus, souk_call_pool(batch->all),
                ((const struct wanted *)asked->lines.items)[k].sku);
    }
    if (!find_products(batch->all, &skus, &found))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        quote_one(batch, i, found);
    return true;
}

/* A product that is there already keeps its id, a new one that comes without gets one. */
static void give_id(souk_call_t *call, struct product *document, const souk_index_t *known)
{
    const struct product *before = souk_index_find(known, document->sku);
    if (before) {
        document->id = before->id;
    } else if (!document->id) {
        char *id = souk_alloc(call, SOUK_ID_SIZE);
        souk_id_new(id);
        document->id = id;
    }
}

/* What comes twice in one delivery is as what comes in two: the later one stays. */
static bool put(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *delivery = request;
    struct product *documents = delivery->products.items;
    souk_list_t skus = { 0 };
    souk_index_t *known;

    for (size_t i = 0; i < delivery->products.count; i++)
        souk_list_add_text(&skus, souk_call_pool(call), documents[i].sku);
    if (!find_products(call, &skus, &known))
        return false;
    for (size_t i = 0; i < delivery->products.count; i++)
        give_id(call, &documents[i], known);
    return souk_documents_put(call, &products, &delivery->products);
}

const souk_actor_t product_actor = {
    .name = "product",
    .summary = "What is sold, and for how much.",
    .queries = {
        &souk_documents_find_query,
        &souk_documents_page_query,
        &souk_documents_put_query,
    },
    .operations = {
        {
            .name = "product.list",
            .http = "GET /v1/products",
            .summary = "The catalogue, page by page, by SKU.",
            .request = &page,
            .reply = &product_page,
            .handler = list,
            .repeatable = true,
            .role = "anyone",
        },
        {
            .name = "product.get",
            .http = "GET /v1/products/{sku}",
            .summary = "One product.",
            .request = &product_key,
            .reply = &product,
            .errors = { &no_such_product },
            .batch = get,
            .repeatable = true,
            .role = "anyone",
        },
        {
            .name = "product.quote",
            .summary = "What these products cost together, as the catalogue has it now.",
            .request = &basket,
            .reply = &quote_record,
            .errors = { &unknown_sku, &mixed_currencies, &total_too_large },
            .batch = quote,
            .repeatable = true,
        },
        {
            .name = "product.put",
            .summary = "Puts products into the catalogue, each in the place of the one before.",
            .request = &delivery_record,
            .reply = &souk_nothing,
            .handler = put,
            .writes = true,
            .repeatable = true,
        },
    },
};
