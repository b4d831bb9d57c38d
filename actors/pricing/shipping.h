/* Shipping methods, as staff makes them, as customers see them and as totals use them. */
#ifndef PRICING_SHIPPING_H
#define PRICING_SHIPPING_H

#include "../../lib/index.h"
#include "records.h"

struct tier {
    const char *currency;
    int max_weight_g;
    int64_t min_value;
    int64_t price;
};
struct method {
    const char *code;
    const char *name;
    souk_list_t countries; /* const char * */
    souk_list_t tiers; /* struct tier */
    const char *tax_class;
    bool active;
};

/* Where a parcel goes, and what is in it. */
struct parcel {
    const char *country;
    const char *currency;
    int64_t weight_g;
    int64_t value;
};

extern const souk_error_t pricing_no_such_method;
extern const souk_query_t pricing_drop_method;
extern const souk_record_t pricing_method, pricing_method_key, pricing_methods,
    pricing_shipping_query, pricing_shipping_quotes, pricing_method_query;

bool pricing_put_method(souk_call_t *call, const void *request, void *reply);
bool pricing_remove_method(souk_call_t *call, const void *request, void *reply);
bool pricing_show_methods(souk_call_t *call, const void *request, void *reply);
bool pricing_quote_shipping(souk_call_t *call, const void *request, void *reply);

/* The methods with these codes (const char *), by code. None is asked of none. */
must_check bool pricing_find_methods(souk_call_t *call, const souk_list_t *codes,
    souk_index_t **methods);

/* All methods there are: struct method. */
must_check bool pricing_all_methods(souk_call_t *call, souk_list_t *methods);

/* The cheapest tier that takes the parcel; NULL: the method does not. */
const struct tier *pricing_tier_for(const struct method *method, const struct parcel *parcel);

#endif
