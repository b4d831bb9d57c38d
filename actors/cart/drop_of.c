/* The cart of a customer whose account is closed goes with it. */
#include "drop_of.h"

#include "queries/cart.h"

const souk_query_t cart_drop_carts_of = {
    .sql = &sql_drop_carts_of,
    .takes = &leaver,
    .many = true,
};

bool cart_drop_of(souk_batch_t *batch)
{
    souk_list_t users = souk_batch_gather(batch);
    return souk_db_run(batch->all, &cart_drop_carts_of, &users);
}
