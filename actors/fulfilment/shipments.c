/* How shipments are found, with their lines. */
#include "shipments.h"

#include <string.h>

#include "../../lib/index.h"
#include "errors.h"
#include "queries/fulfilment.h"

const souk_query_t fulfilment_find_shipments = {
    .sql = &sql_find_shipments,
    .takes = &ids,
    .gives = &shipment_row,
    .missing = &no_such_shipment,
};
const souk_query_t fulfilment_find_order_shipments = {
    .sql = &sql_find_order_shipments,
    .takes = &ids,
    .gives = &shipment_row,
};
const souk_query_t fulfilment_find_lines = {
    .sql = &sql_find_lines,
    .takes = &ids,
    .gives = &line_row,
};

bool fulfilment_find_one(souk_call_t *call, const char *id, struct shipment *found)
{
    struct ids wanted = { { &id, 1 } };
    return souk_db_one(call, &fulfilment_find_shipments, &wanted, found);
}

bool fulfilment_find_of_orders(souk_call_t *call, const souk_list_t *orders, souk_list_t *shipments)
{
    struct ids wanted = { *orders };
    return souk_db_all(call, &fulfilment_find_order_shipments, &wanted, shipments);
}

bool fulfilment_fill_lines(souk_call_t *call, const souk_list_t *shipments)
{
    struct shipment *shipment = shipments->items;
    souk_list_t lines = { 0 };
    struct ids wanted = { 0 };

    for (size_t i = 0; i < shipments->count; i++)
        souk_list_add_text(&wanted.ids, souk_call_pool(call), shipment[i].id);
    if (shipments->count && !souk_db_all(call, &fulfilment_find_lines, &wanted, &lines))
        return false;
    for (size_t i = 0; i < shipments->count; i++)
        shipment[i].lines = souk_rows_of(&lines, &line_row, "id", shipment[i].id);
    return true;
}

bool fulfilment_has_status(const struct shipment *shipment, const char *status)
{
    return strcmp(shipment->status, status) == 0;
}

bool fulfilment_is_open(const struct shipment *shipment)
{
    return fulfilment_has_status(shipment, "pending") ||
        fulfilment_has_status(shipment, "picking") || fulfilment_has_status(shipment, "packed");
}

const char *fulfilment_who(const souk_call_t *call)
{
    const char *user = souk_caller(call)->user;
    return user ? user : "system";
}
