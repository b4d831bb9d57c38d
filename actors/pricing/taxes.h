/* Taxes: what they are where, as staff says it and as totals use them. */
#ifndef PRICING_TAXES_H
#define PRICING_TAXES_H

#include "records.h"

struct tax_country {
    const char *country;
    bool included;
};
struct tax_rate {
    const char *id;
    const char *country;
    const char *region;
    const char *tax_class;
    int rate;
    souk_time_t starts_at, ends_at;
    bool included;
};

extern const souk_error_t pricing_unknown_tax_country, pricing_no_such_tax_rate;
extern const souk_query_t pricing_save_tax_country, pricing_list_tax_countries,
    pricing_save_tax_rate, pricing_list_tax_rates, pricing_drop_tax_rate, pricing_find_rates;
extern const souk_record_t pricing_tax_country, pricing_tax_countries, pricing_tax_rate_draft,
    pricing_tax_rate, pricing_tax_rate_key, pricing_tax_rate_query, pricing_tax_rates;

bool pricing_set_country(souk_call_t *call, const void *request, void *reply);
bool pricing_show_countries(souk_call_t *call, const void *request, void *reply);
bool pricing_add_rate(souk_call_t *call, const void *request, void *reply);
bool pricing_show_rates(souk_call_t *call, const void *request, void *reply);
bool pricing_remove_rate(souk_call_t *call, const void *request, void *reply);

/* What holds now in any of these countries (const char *): struct tax_rate. None is asked of none.
 */
must_check bool pricing_rates_of(souk_call_t *call, const souk_list_t *countries,
    souk_list_t *rates);

/* What is wrong with a region, where the tax depends on it; NULL: nothing. Among the rates are
   those that hold in the country. */
const char *pricing_region_flaw(const souk_list_t *rates, const char *country, const char *region,
    souk_pool_t *pool);

/* The rates of one place among them, into basket, and whether prices include them. */
void pricing_use_rates(struct pricing_basket *basket, const souk_list_t *rates, const char *country,
    const char *region, souk_pool_t *pool);

#endif
