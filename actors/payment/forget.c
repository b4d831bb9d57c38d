/* What is left of a customer whose account is closed: payments, without what was stored to pay
 * with. */
#include "forget.h"

#include "queries/payment.h"

const souk_query_t payment_forget_users = {
    .sql = &sql_forget_users,
    .takes = &leaver,
    .many = true,
};

bool payment_forget(souk_batch_t *batch)
{
    souk_list_t users = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_forget_users, &users);
}
