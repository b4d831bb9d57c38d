/* Taxes: what they are where, from when to when. */
#include "taxes.h"

#include <string.h>

#include "../../lib/region.h"
#include "queries/pricing.h"

const souk_error_t pricing_unknown_tax_country = {
    .code = "unknown_tax_country",
    .kind = SOUK_MISUSED,
    .meaning = "Say first whether prices include the tax in this country.",
};
const souk_error_t pricing_no_such_tax_rate = {
    .code = "no_such_tax_rate",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such tax rate.",
};

const souk_record_t pricing_tax_country = {
    .name = "tax_country",
    .size = sizeof(struct tax_country),
    .fields = {
        FIELD(tax_country, country, .format = SOUK_COUNTRY),
        FIELD(tax_country, included, .doc = "true: in the prices; false: on top of them"),
    },
};

struct tax_countries {
    souk_list_t items;
};
const souk_record_t pricing_tax_countries = {
    .name = "tax_countries",
    .size = sizeof(struct tax_countries),
    .fields = {
        FIELD(tax_countries, items, .of = &pricing_tax_country),
    },
};

const souk_record_t pricing_tax_rate_draft = {
    .name = "tax_rate_draft",
    .size = sizeof(struct tax_rate),
    .fields = {
        FIELD(tax_rate, country, .format = SOUK_COUNTRY),
        FIELD(tax_rate, region, .format = SOUK_REGION, .optional = true,
            .doc = "ISO 3166-2 without the country; absent: all regions that have no rate of "
                "their own"),
        FIELD(tax_rate, tax_class, .min = 1, .max = CLASS_MAX, .fallback = "standard",
            .doc = "as products and shipping methods name it"),
        FIELD(tax_rate, rate, .min = 0, .max = PRICING_WHOLE,
            .doc = "in parts per million: 190000 is 19 %"),
        FIELD(tax_rate, starts_at, .optional = true, .doc = "absent: now"),
        FIELD(tax_rate, ends_at, .optional = true, .doc = "absent: until another one holds"),
    },
};
const souk_record_t pricing_tax_rate = {
    .name = "tax_rate",
    .size = sizeof(struct tax_rate),
    .fields = {
        FIELD(tax_rate, id),
        FIELD(tax_rate, country),
        FIELD(tax_rate, region, .optional = true),
        FIELD(tax_rate, tax_class),
        FIELD(tax_rate, rate),
        FIELD(tax_rate, starts_at),
        FIELD(tax_rate, ends_at, .optional = true),
    },
};
static const souk_record_t tax_rate_row = {
    .name = "tax_rate_row",
    .size = sizeof(struct tax_rate),
    .fields = {
        FIELD(tax_rate, country),
        FIELD(tax_rate, region),
        FIELD(tax_rate, tax_class),
        FIELD(tax_rate, rate),
        FIELD(tax_rate, included),
    },
};
const souk_record_t pricing_tax_rate_key = {
    .name = "tax_rate_key",
    .size = sizeof(struct tax_rate),
    .fields = {
        FIELD(tax_rate, id, .format = SOUK_UUID),
    },
};
const souk_record_t pricing_tax_rate_query = {
    .name = "tax_rate_query",
    .size = sizeof(struct tax_rate),
    .fields = {
        FIELD(tax_rate, country, .format = SOUK_COUNTRY),
    },
};

struct tax_rates {
    souk_list_t items;
};
const souk_record_t pricing_tax_rates = {
    .name = "tax_rates",
    .size = sizeof(struct tax_rates),
    .fields = {
        FIELD(tax_rates, items, .of = &pricing_tax_rate, .doc = "those of the past, too"),
    },
};

struct countries {
    souk_list_t countries;
};
static const souk_record_t countries_record = {
    .name = "countries",
    .size = sizeof(struct countries),
    .fields = {
        FIELD(countries, countries),
    },
};

const souk_query_t pricing_save_tax_country = {
    .sql = &sql_save_tax_country,
    .takes = &pricing_tax_country,
};
const souk_query_t pricing_list_tax_countries = {
    .sql = &sql_list_tax_countries,
    .gives = &pricing_tax_country,
};
const souk_query_t pricing_save_tax_rate = {
    .sql = &sql_save_tax_rate,
    .takes = &pricing_tax_rate,
    .gives = &pricing_tax_rate_key,
    .missing = &pricing_unknown_tax_country,
};
const souk_query_t pricing_list_tax_rates = {
    .sql = &sql_list_tax_rates,
    .takes = &pricing_tax_rate_query,
    .gives = &pricing_tax_rate,
};
const souk_query_t pricing_drop_tax_rate = {
    .sql = &sql_drop_tax_rate,
    .takes = &pricing_tax_rate_key,
    .gives = &pricing_tax_rate_key,
    .missing = &pricing_no_such_tax_rate,
};
const souk_query_t pricing_find_rates = {
    .sql = &sql_find_rates,
    .takes = &countries_record,
    .gives = &tax_rate_row,
};

bool pricing_set_country(souk_call_t *call, const void *request, void *reply)
{
    *(struct tax_country *)reply = *(const struct tax_country *)request;
    return souk_db_run(call, &pricing_save_tax_country, request);
}

bool pricing_show_countries(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_all(call, &pricing_list_tax_countries, NULL,
        &((struct tax_countries *)reply)->items);
}

bool pricing_add_rate(souk_call_t *call, const void *request, void *reply)
{
    struct tax_rate *rate = reply, saved;

    *rate = *(const struct tax_rate *)request;
    rate->id = souk_call_new_id(call);
    if (!rate->starts_at.ms)
        rate->starts_at = souk_now();
    if (rate->region && !souk_region_exists(rate->country, rate->region))
        return souk_fail_field(call, "/region", "there is no such region in %s", rate->country);
    if (rate->ends_at.ms && rate->ends_at.ms <= rate->starts_at.ms)
        return souk_fail_field(call, "/ends_at", "must be after starts_at");
    return souk_db_one(call, &pricing_save_tax_rate, rate, &saved);
}

bool pricing_show_rates(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_all(call, &pricing_list_tax_rates, request, &((struct tax_rates *)reply)->items);
}

bool pricing_remove_rate(souk_call_t *call, const void *request, void *reply)
{
    struct tax_rate gone;
    return souk_db_one(call, &pricing_drop_tax_rate, request, &gone);
}

bool pricing_rates_of(souk_call_t *call, const souk_list_t *countries, souk_list_t *rates)
{
    return countries->count == 0 ||
        souk_db_all(call, &pricing_find_rates, &(struct countries){ *countries }, rates);
}

static bool holds_in(const struct tax_rate *rate, const char *country, const char *region)
{
    return strcmp(rate->country, country) == 0 &&
        (!*rate->region || (region && strcmp(rate->region, region) == 0));
}

static bool has_regions(const souk_list_t *rates, const char *country)
{
    const struct tax_rate *rows = rates->items;

    for (size_t i = 0; i < rates->count; i++)
        if (*rows[i].region && strcmp(rows[i].country, country) == 0)
            return true;
    return false;
}

const char *pricing_region_flaw(const souk_list_t *rates, const char *country, const char *region,
    souk_pool_t *pool)
{
    if (!country || !has_regions(rates, country))
        return NULL;
    if (!region)
        return souk_pool_format(pool, "is required for %s, where it decides the tax", country);
    return souk_region_exists(country, region)
        ? NULL
        : souk_pool_format(pool, "there is no such region in %s", country);
}

/* The rows come with those of regions first and the latest before older ones, and of each class the
   first one counts. */
void pricing_use_rates(struct pricing_basket *basket, const souk_list_t *rates, const char *country,
    const char *region, souk_pool_t *pool)
{
    const struct tax_rate *rows = rates->items;

    for (size_t i = 0; country && i < rates->count; i++) {
        if (!holds_in(&rows[i], country, region))
            continue;
        *(struct pricing_rate *)souk_list_add(&basket->rates, pool, sizeof(struct pricing_rate)) =
            (struct pricing_rate){ rows[i].tax_class, rows[i].rate };
        basket->tax_included = rows[i].included;
    }
}
