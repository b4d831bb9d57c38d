/* What things cost together: read from what is sold, never from a document. */
#include "quote.h"

#include <string.h>

#include "../../lib/index.h"
#include "queries/product.h"

const souk_error_t product_unknown_sku = {
    .code = "unknown_sku",
    .kind = SOUK_MISUSED,
    .meaning = "A product that was asked for is not in the catalogue.",
};
const souk_error_t product_mixed_currencies = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "Products in different currencies cannot be ordered together.",
};
const souk_error_t product_no_price_in_currency = {
    .code = "no_price_in_currency",
    .kind = SOUK_MISUSED,
    .meaning = "A product that was asked for is not sold in this currency.",
};
const souk_error_t product_total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "No order may cost as much as this.",
};

struct wanted {
    const char *sku;
    int quantity;
};
static const souk_record_t wanted_record = {
    .name = "wanted",
    .size = sizeof(struct wanted),
    .fields = {
        FIELD(wanted, sku, .min = 1, .max = SKU_MAX),
        FIELD(wanted, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};

struct basket {
    souk_list_t lines;
    const char *currency;
};
const souk_record_t product_basket = {
    .name = "basket",
    .size = sizeof(struct basket),
    .fields = {
        FIELD(basket, lines, .of = &wanted_record, .min = 1, .max = LINES_MAX),
        FIELD(basket, currency, .format = SOUK_CURRENCY, .optional = true,
            .doc = "that all is to be paid in; absent: the products' own"),
    },
};

struct quoted_line {
    const char *sku;
    const char *name;
    int quantity;
    souk_money_t price;
    int weight_g;
    const char *tax_class;
    souk_list_t categories;
};
static const souk_record_t quoted_line = {
    .name = "quoted_line",
    .size = sizeof(struct quoted_line),
    .fields = {
        FIELD(quoted_line, sku),
        FIELD(quoted_line, name),
        FIELD(quoted_line, quantity),
        FIELD(quoted_line, price, .doc = "of one"),
        FIELD(quoted_line, weight_g, .fallback = "0", .doc = "of one; 0: not known"),
        FIELD(quoted_line, tax_class, .fallback = "standard"),
        FIELD(quoted_line, categories, .optional = true, .doc = "their slugs, with those of "
            "all above them"),
    },
};

struct quote {
    souk_list_t lines;
    souk_money_t total;
};
const souk_record_t product_quote_record = {
    .name = "quote",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &quoted_line, .doc = "in the order of the question"),
        FIELD(quote, total),
    },
};

const souk_record_t product_offers_record = {
    .name = "offers",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &quoted_line,
            .doc = "in the order of the question; what cannot be bought, or not in the "
                "currency, is left out"),
    },
};

/* A line of any of the calls of a batch, and the offer for it. The key is the SKU, a space and the
   currency, if any: no two questions have the same. */
struct asked {
    const char *key;
    const char *sku;
    const char *currency;
};
static const souk_record_t asked_record = {
    .name = "asked",
    .size = sizeof(struct asked),
    .fields = {
        FIELD(asked, key),
        FIELD(asked, sku),
        FIELD(asked, currency),
    },
};

struct offered {
    const char *key;
    const char *sku;
    const char *name;
    souk_money_t price;
    int weight_g;
    const char *tax_class;
    souk_list_t categories;
};
static const souk_record_t offered = {
    .name = "offered",
    .size = sizeof(struct offered),
    .fields = {
        FIELD(offered, key),
        FIELD(offered, sku),
        FIELD(offered, name),
        FIELD(offered, price, .optional = true),
        FIELD(offered, weight_g),
        FIELD(offered, tax_class),
        FIELD(offered, categories),
    },
};

const souk_query_t product_find_offers = {
    .sql = &sql_find_offers,
    .takes = &asked_record,
    .gives = &offered,
    .many = true,
};

/* Adds quantity times price to total; false where the sum would be out of all bounds. */
static bool add_price(souk_money_t *total, souk_money_t each, int quantity)
{
    int64_t amount;
    total->currency = each.currency;
    return !__builtin_mul_overflow(each.amount, (int64_t)quantity, &amount) &&
        !__builtin_add_overflow(total->amount, amount, &total->amount) &&
        total->amount <= TOTAL_MAX;
}

static struct quote *add_line(souk_batch_t *batch, size_t i, const struct wanted *wanted,
    const struct offered *row)
{
    struct quote *quote = souk_batch_reply(batch, i);
    *(struct quoted_line *)souk_list_add(&quote->lines, souk_call_pool(batch->all),
        sizeof(struct quoted_line)) = (struct quoted_line){ row->sku, row->name, wanted->quantity,
        row->price, row->weight_g, row->tax_class, row->categories };
    return quote;
}

static void charge_line(souk_batch_t *batch, size_t i, const struct wanted *wanted,
    const struct offered *row)
{
    struct quote *quote = add_line(batch, i, wanted, row);
    if (quote->total.currency && strcmp(quote->total.currency, row->price.currency) != 0)
        souk_batch_fail(batch, i, &product_mixed_currencies, "%s is not sold in %s", row->sku,
            quote->total.currency);
    else if (!add_price(&quote->total, row->price, wanted->quantity))
        souk_batch_refuse(batch, i, &product_total_too_large);
}

/* asked are its lines, among those of all calls. */
static void quote_one(souk_batch_t *batch, size_t i, const struct asked *asked,
    const souk_index_t *offers)
{
    const struct basket *basket = souk_batch_request(batch, i);
    const struct wanted *wanted = basket->lines.items;

    for (size_t k = 0; k < basket->lines.count && !souk_batch_failed(batch, i); k++) {
        const struct offered *row = souk_index_find(offers, asked[k].key);
        if (!row)
            souk_batch_fail(batch, i, &product_unknown_sku, "nothing is sold as %s", asked[k].sku);
        else if (!row->price.currency)
            souk_batch_fail(batch, i, &product_no_price_in_currency,
                "/lines/%zu: %s has no price in %s", k, asked[k].sku, asked[k].currency);
        else
            charge_line(batch, i, &wanted[k], row);
    }
}

static void offer_one(souk_batch_t *batch, size_t i, const struct asked *asked,
    const souk_index_t *offers)
{
    const struct basket *basket = souk_batch_request(batch, i);
    const struct wanted *wanted = basket->lines.items;

    for (size_t k = 0; k < basket->lines.count; k++) {
        const struct offered *row = souk_index_find(offers, asked[k].key);
        if (row && row->price.currency)
            add_line(batch, i, &wanted[k], row);
    }
}

/* The lines of all calls, one behind the other. */
static souk_list_t gather_lines(const souk_batch_t *batch)
{
    souk_list_t lines = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);
    for (size_t i = 0; i < batch->count; i++) {
        const struct basket *basket = souk_batch_request(batch, i);
        const struct wanted *wanted = basket->lines.items;
        const char *currency = basket->currency;
        for (size_t k = 0; k < basket->lines.count; k++)
            *(struct asked *)souk_list_add(&lines, pool, sizeof(struct asked)) =
                (struct asked){ souk_pool_format(pool, "%s %s", wanted[k].sku,
                                    currency ? currency : ""),
                    wanted[k].sku, currency };
    }
    return lines;
}

typedef void answer_fn(souk_batch_t *batch, size_t i, const struct asked *asked,
    const souk_index_t *offers);

static bool answer_all(souk_batch_t *batch, answer_fn *answer)
{
    souk_list_t lines = gather_lines(batch), rows;
    const struct asked *asked = lines.items;

    if (!souk_db_all(batch->all, &product_find_offers, &lines, &rows))
        return false;
    const souk_index_t *offers = souk_index_of(&rows, &offered, "key", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct basket *basket = souk_batch_request(batch, i);
        answer(batch, i, asked, offers);
        asked += basket->lines.count;
    }
    return true;
}

bool product_quote(souk_batch_t *batch)
{
    return answer_all(batch, quote_one);
}

bool product_offer_lines(souk_batch_t *batch)
{
    return answer_all(batch, offer_one);
}
