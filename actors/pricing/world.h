/* What holds at the moment: promotions, uses, tax rates and shipping methods, read for a whole
   batch. */
#ifndef PRICING_WORLD_H
#define PRICING_WORLD_H

#include "promotions.h"
#include "shipping.h"
#include "taxes.h"

extern const souk_query_t pricing_find_promotions, pricing_find_uses;

struct customer_use {
    const char *promotion_id;
    const char *customer;
    const char *key; /* both, as pricing_use_key makes it */
    int uses;
};
extern const souk_record_t pricing_use_counted;

/* Who uses a promotion: a user's id, or a guest's address in small letters. NULL: nobody knows. */
const char *pricing_customer(souk_call_t *call, const char *user_id, const char *email);
const char *pricing_use_key(souk_call_t *call, const char *promotion_id, const char *customer);

/* What the calls of a batch look into. */
struct pricing_world {
    souk_call_t *all;
    const struct found_promotion *found;
    const struct promotion *says; /* of each that was found */
    size_t count;
    const souk_index_t *uses; /* struct customer_use */
    souk_list_t rates; /* struct tax_rate */
    souk_index_t *methods; /* struct method */
    souk_list_t choice; /* struct method: all there are, where somebody chose none for a parcel */
};

/* All that the questions (struct total_question) of a batch need, and no more: a statement for the
   promotions, and one for each kind of thing that any of them asks for. */
must_check bool pricing_look_round(struct pricing_world *world, const souk_batch_t *batch);

#endif
