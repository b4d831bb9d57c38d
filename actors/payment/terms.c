/* Of whom the shop takes no money, or only so much: written here, and minded by the statement that
   opens a payment. */
#include "terms.h"

#include "queries/payment.h"

const souk_query_t payment_save_terms = {
    .sql = &sql_save_terms,
    .takes = &terms,
};
const souk_query_t payment_find_terms = {
    .sql = &sql_find_terms,
    .takes = &terms_key,
    .gives = &terms,
};

bool payment_put_terms(souk_call_t *call, const void *request, void *reply)
{
    const struct terms *wanted = request;

    if ((wanted->per_charge || wanted->per_day) && !wanted->currency)
        return souk_fail_field(call, "/currency", "is required where there is a limit");
    *(struct terms *)reply = *wanted;
    return souk_db_run(call, &payment_save_terms, wanted);
}

bool payment_tell_terms(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &payment_find_terms, request, reply);
}
