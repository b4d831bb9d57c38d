/* Products as they are looked up, by their own SKU or a variant's. */
#include "lookup.h"

#include <string.h>

#include "errors.h"
#include "queries/product.h"

const souk_record_t product_skus = {
    .name = "skus",
    .size = sizeof(struct skus),
    .fields = {
        FIELD(skus, skus),
    },
};

struct owner {
    const char *sku;
    const char *product_sku;
};
static const souk_record_t owner = {
    .name = "owner",
    .size = sizeof(struct owner),
    .fields = {
        FIELD(owner, sku),
        FIELD(owner, product_sku),
    },
};

const souk_collection_t product_documents = {
    .name = "product",
    .record = &product_document,
    .key = "sku",
};
const souk_query_t product_find_owners = {
    .sql = &sql_find_owners,
    .takes = &product_skus,
    .gives = &owner,
};

static const char usual_tax_class[] = "standard", usual_status[] = "published";

void product_complete(struct product *product)
{
    if (!product->tax_class)
        product->tax_class = usual_tax_class;
    if (!product->status)
        product->status = usual_status;
    if (!product->version)
        product->version = 1;
}

void product_shorten(struct product *product)
{
    if (strcmp(product->tax_class, usual_tax_class) == 0)
        product->tax_class = NULL;
    if (strcmp(product->status, usual_status) == 0)
        product->status = NULL;
    if (product->version == 1)
        product->version = 0;
}

bool product_find(souk_call_t *call, const souk_list_t *skus, souk_index_t **found)
{
    souk_list_t rows = { 0 };
    if (!souk_documents_find(call, &product_documents, skus, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        product_complete((struct product *)rows.items + i);
    *found = souk_index_of(&rows, &product_document, "sku", souk_call_pool(call));
    return true;
}

static const char *sku_of(const souk_batch_t *batch, size_t i)
{
    return ((const struct product_key *)souk_batch_request(batch, i))->sku;
}

static void answer(souk_batch_t *batch, size_t i, const struct product *row)
{
    if (row && (strcmp(row->status, "published") == 0 || souk_caller_has(batch->calls[i], "staff")))
        *(struct product *)souk_batch_reply(batch, i) = *row;
    else
        souk_batch_fail(batch, i, &no_such_product, "there is no product %s", sku_of(batch, i));
}

/* What is no product's own SKU may be a variant's: only then more than one look-up is needed. */
static bool find_by_variants(souk_call_t *call, const souk_list_t *skus, souk_index_t **owners,
    souk_index_t **found)
{
    souk_list_t rows = { 0 }, wanted = { 0 };
    if (!souk_db_all(call, &product_find_owners, &(struct skus){ *skus }, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        souk_list_add_text(&wanted, souk_call_pool(call),
            ((const struct owner *)rows.items)[i].product_sku);
    *owners = souk_index_of(&rows, &owner, "sku", souk_call_pool(call));
    return product_find(call, &wanted, found);
}

static bool answer_variants(souk_batch_t *batch, const souk_index_t *known, const souk_list_t *skus)
{
    souk_index_t *owners, *found;
    if (!find_by_variants(batch->all, skus, &owners, &found))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        if (souk_index_find(known, sku_of(batch, i)))
            continue;
        const struct owner *row = souk_index_find(owners, sku_of(batch, i));
        answer(batch, i, row ? souk_index_find(found, row->product_sku) : NULL);
    }
    return true;
}

bool product_get(souk_batch_t *batch)
{
    souk_list_t skus = { 0 }, others = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_index_t *found;

    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&skus, pool, sku_of(batch, i));
    if (!product_find(batch->all, &skus, &found))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct product *row = souk_index_find(found, sku_of(batch, i));
        if (row)
            answer(batch, i, row);
        else
            souk_list_add_text(&others, pool, sku_of(batch, i));
    }
    return others.count == 0 || answer_variants(batch, found, &others);
}
