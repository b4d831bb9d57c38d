/* Promotions, as staff makes them and as a total uses them. */
#ifndef PRICING_PROMOTIONS_H
#define PRICING_PROMOTIONS_H

#include "records.h"

struct promotion {
    const char *id;
    const char *code;
    const char *name;
    const char *kind;
    int percent;
    int64_t amount;
    const char *currency;
    int buy, get;
    int64_t minimum;
    int minimum_quantity;
    souk_list_t skus, categories; /* const char * */
    bool exclusive;
    int priority;
    souk_time_t starts_at, ends_at;
    int limit_total, limit_per_customer;
    int used;
    int version;
    const char *body; /* all of it that no statement asks for, as JSON */
};

/* What a total is made of, beside the promotion itself. */
struct found_promotion {
    const char *id;
    const char *code;
    const char *body;
    bool has_begun, has_ended, used_up;
    int limit_total, limit_per_customer;
};

extern const souk_error_t pricing_code_taken, pricing_no_such_promotion;
extern const souk_query_t pricing_save_promotion, pricing_change_promotion, pricing_end_promotion,
    pricing_find_promotion, pricing_list_promotions;
extern const souk_record_t pricing_promotion_draft, pricing_promotion_revision,
    pricing_promotion_record, pricing_promotion_key, pricing_promotion_version,
    pricing_promotion_query, pricing_promotion_page;

pricing_kind_t pricing_kind_of(const struct promotion *promotion);

/* In large letters, in the call's memory. NULL stays NULL. */
const char *pricing_code(souk_call_t *call, const char *code);

/* The body of a promotion, into promotion. */
must_check bool pricing_read_promotion(souk_call_t *call, const char *body,
    struct promotion *promotion);

bool pricing_create_promotion(souk_call_t *call, const void *request, void *reply);
bool pricing_revise_promotion(souk_call_t *call, const void *request, void *reply);
bool pricing_finish_promotion(souk_call_t *call, const void *request, void *reply);
bool pricing_get_promotion(souk_call_t *call, const void *request, void *reply);
bool pricing_show_promotions(souk_call_t *call, const void *request, void *reply);

#endif
