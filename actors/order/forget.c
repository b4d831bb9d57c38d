/* What is left of a customer whose account is closed: orders, without who it was. */
#include "forget.h"

#include "queries/order.h"

const souk_query_t order_forget_users = {
    .sql = &sql_forget_users,
    .takes = &leaver,
    .many = true,
};
const souk_query_t order_forget_details = {
    .sql = &sql_forget_details,
};

bool order_forget(souk_batch_t *batch)
{
    souk_list_t users = souk_batch_gather(batch);
    return souk_db_run(batch->all, &order_forget_users, &users) && order_forget_late(batch->all);
}

bool order_forget_late(souk_call_t *call)
{
    return souk_db_run(call, &order_forget_details, NULL);
}
