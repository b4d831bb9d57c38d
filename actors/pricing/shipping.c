/* Shipping methods: documents, by code. */
#include "shipping.h"

#include <string.h>

#include "queries/pricing.h"

enum {
    COUNTRIES_MAX = 250,
    TIERS_MAX = 50,
    METHODS_MAX = 100, /* that are quoted; a shop has a handful */
};

const souk_error_t pricing_no_such_method = {
    .code = "no_such_shipping_method",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such shipping method.",
};

static const souk_record_t tier_record = {
    .name = "shipping_tier",
    .size = sizeof(struct tier),
    .fields = {
        FIELD(tier, currency, .format = SOUK_CURRENCY),
        FIELD(tier, max_weight_g, .min = 0, .max = PARCEL_MAX, .fallback = "0",
            .doc = "the heaviest parcel that it is for; 0: any"),
        FIELD(tier, min_value, .min = 0, .max = PRICING_TOTAL_MAX, .fallback = "0",
            .doc = "minor units that the goods must come to, after discounts"),
        FIELD(tier, price, .min = 0, .max = PRICING_TOTAL_MAX, .doc = "minor units"),
    },
};
const souk_record_t pricing_method = {
    .name = "shipping_method",
    .size = sizeof(struct method),
    .fields = {
        FIELD(method, code, .min = 1, .max = CODE_MAX),
        FIELD(method, name, .min = 1, .max = NAME_MAX_SIZE),
        FIELD(method, countries, .max = COUNTRIES_MAX, .optional = true,
            .doc = "their ISO 3166-1 codes; none: it goes everywhere"),
        FIELD(method, tiers, .of = &tier_record, .min = 1, .max = TIERS_MAX,
            .doc = "of those that fit, the cheapest counts"),
        FIELD(method, tax_class, .min = 1, .max = CLASS_MAX, .fallback = "standard"),
        FIELD(method, active, .fallback = "true", .doc = "false: nobody can choose it"),
    },
};
static const souk_collection_t collection = {
    .name = "shipping_method",
    .record = &pricing_method,
    .key = "code",
};

const souk_record_t pricing_method_key = {
    .name = "shipping_method_key",
    .size = sizeof(struct method),
    .fields = {
        FIELD(method, code, .min = 1, .max = CODE_MAX),
    },
};

struct method_query {
    const char *after;
    int limit;
};
const souk_record_t pricing_method_query = {
    .name = "shipping_method_query",
    .size = sizeof(struct method_query),
    .fields = {
        FIELD(method_query, after, .max = CODE_MAX, .optional = true,
            .doc = "the next of the page before"),
        FIELD(method_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
    },
};

struct methods {
    souk_list_t items;
    const char *next;
};
const souk_record_t pricing_methods = {
    .name = "shipping_methods",
    .size = sizeof(struct methods),
    .fields = {
        FIELD(methods, items, .of = &pricing_method, .doc = "by code"),
        FIELD(methods, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

const souk_record_t pricing_shipping_query = {
    .name = "shipping_query",
    .size = sizeof(struct parcel),
    .fields = {
        FIELD(parcel, country, .format = SOUK_COUNTRY),
        FIELD(parcel, currency, .format = SOUK_CURRENCY),
        FIELD(parcel, weight_g, .min = 0, .max = PARCEL_MAX, .fallback = "0"),
        FIELD(parcel, value, .min = 0, .max = PRICING_TOTAL_MAX, .fallback = "0",
            .doc = "of the goods, in minor units"),
    },
};

struct shipping_quote {
    const char *code;
    const char *name;
    souk_money_t price;
};
static const souk_record_t shipping_quote = {
    .name = "shipping_quote",
    .size = sizeof(struct shipping_quote),
    .fields = {
        FIELD(shipping_quote, code),
        FIELD(shipping_quote, name),
        FIELD(shipping_quote, price, .doc = "with tax or without, as the goods"),
    },
};
struct shipping_quotes {
    souk_list_t items;
};
const souk_record_t pricing_shipping_quotes = {
    .name = "shipping_quotes",
    .size = sizeof(struct shipping_quotes),
    .fields = {
        FIELD(shipping_quotes, items, .of = &shipping_quote),
    },
};

const souk_query_t pricing_drop_method = {
    .sql = &sql_drop_method,
    .takes = &pricing_method_key,
    .gives = &pricing_method_key,
    .missing = &pricing_no_such_method,
};

static bool is_country(const char *text)
{
    return souk_format_fits(SOUK_COUNTRY, text);
}

bool pricing_put_method(souk_call_t *call, const void *request, void *reply)
{
    const struct method *method = request;
    const char *const *countries = method->countries.items;

    for (size_t i = 0; i < method->countries.count; i++)
        if (!is_country(countries[i]))
            return souk_fail_field(call, "/countries", "%s is no country's ISO 3166-1 code",
                countries[i]);
    *(struct method *)reply = *method;
    return souk_documents_put(call, &collection, &(souk_list_t){ reply, 1 });
}

bool pricing_remove_method(souk_call_t *call, const void *request, void *reply)
{
    struct method gone;
    return souk_db_one(call, &pricing_drop_method, request, &gone);
}

bool pricing_show_methods(souk_call_t *call, const void *request, void *reply)
{
    const struct method_query *query = request;
    struct methods *page = reply;

    if (!souk_documents_page(call, &collection, query->after, query->limit + 1, &page->items))
        return false;
    if (souk_list_cut(&page->items, (size_t)query->limit))
        page->next = ((const struct method *)page->items.items)[query->limit - 1].code;
    return true;
}

bool pricing_find_methods(souk_call_t *call, const souk_list_t *codes_wanted,
    souk_index_t **methods)
{
    souk_list_t found = { 0 };

    if (codes_wanted->count && !souk_documents_find(call, &collection, codes_wanted, &found))
        return false;
    *methods = souk_index_of(&found, &pricing_method, "code", souk_call_pool(call));
    return true;
}

static bool takes(const struct tier *tier, const struct parcel *parcel)
{
    return strcmp(tier->currency, parcel->currency) == 0 &&
        (!tier->max_weight_g || parcel->weight_g <= tier->max_weight_g) &&
        parcel->value >= tier->min_value;
}

static bool goes_to(const struct method *method, const char *country)
{
    return !method->countries.count || (country && souk_list_has_text(&method->countries, country));
}

const struct tier *pricing_tier_for(const struct method *method, const struct parcel *parcel)
{
    const struct tier *tiers = method->tiers.items, *best = NULL;

    if (!method->active || !goes_to(method, parcel->country))
        return NULL;
    for (size_t i = 0; i < method->tiers.count; i++)
        if (takes(&tiers[i], parcel) && (!best || tiers[i].price < best->price))
            best = &tiers[i];
    return best;
}

bool pricing_all_methods(souk_call_t *call, souk_list_t *methods)
{
    return souk_documents_page(call, &collection, NULL, METHODS_MAX, methods);
}

bool pricing_quote_shipping(souk_call_t *call, const void *request, void *reply)
{
    const struct parcel *parcel = request;
    struct shipping_quotes *quotes = reply;
    souk_list_t found = { 0 };

    if (!pricing_all_methods(call, &found))
        return false;
    const struct method *methods = found.items;
    for (size_t i = 0; i < found.count; i++) {
        const struct tier *tier = pricing_tier_for(&methods[i], parcel);
        if (tier)
            *(struct shipping_quote *)souk_list_add(&quotes->items, souk_call_pool(call),
                sizeof(struct shipping_quote)) = (struct shipping_quote){ methods[i].code,
                methods[i].name, { tier->price, tier->currency } };
    }
    return true;
}
