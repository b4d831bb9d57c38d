/* Shipments as they are looked up. */
#include "desk.h"

#include "errors.h"
#include "queries/fulfilment.h"

/* Whose an order is, the order says. */
const souk_ask_t fulfilment_ask_order = {
    .operation = "order.get",
    .takes = &by_id,
    .gives = &by_id,
};

const souk_ask_t fulfilment_ask_guest_order = {
    .operation = "order.track",
    .takes = &guest_key,
    .gives = &by_id,
};

const souk_query_t fulfilment_list = {
    .sql = &sql_list_shipments,
    .takes = &search,
    .gives = &shipment_row,
};
const souk_query_t fulfilment_list_at = {
    .sql = &sql_list_shipments_at,
    .takes = &search,
    .gives = &shipment_row,
};
const souk_query_t fulfilment_find_history = {
    .sql = &sql_find_history,
    .takes = &by_id,
    .gives = &shipment_entry,
};

bool fulfilment_search(souk_call_t *call, const void *request, void *reply)
{
    const struct search *wanted = request;
    struct shipment_page *page = reply;
    const souk_query_t *list = wanted->location ? &fulfilment_list_at : &fulfilment_list;

    if (!souk_db_all(call, list, wanted, &page->items))
        return false;
    if (souk_list_cut(&page->items, (size_t)wanted->limit))
        page->next = ((const struct shipment *)page->items.items)[wanted->limit - 1].id;
    return fulfilment_fill_lines(call, &page->items);
}

bool fulfilment_get(souk_call_t *call, const void *request, void *reply)
{
    const struct by_id *key = request;
    struct shipment *found = reply;

    return fulfilment_find_one(call, key->id, found) &&
        fulfilment_fill_lines(call, &(souk_list_t){ found, 1 }) &&
        souk_db_all(call, &fulfilment_find_history, key, &found->history);
}

static bool tell_own(souk_call_t *call, const struct by_id *order, struct own_shipments *told)
{
    const souk_list_t orders = { (void *)&order->id, 1 };

    return fulfilment_find_of_orders(call, &orders, &told->items) &&
        fulfilment_fill_lines(call, &told->items);
}

bool fulfilment_of_order(souk_call_t *call, const void *request, void *reply)
{
    struct by_id own;

    return souk_ask(call, &fulfilment_ask_order, request, &own) && tell_own(call, &own, reply);
}

bool fulfilment_track(souk_call_t *call, const void *request, void *reply)
{
    struct by_id own;

    return souk_ask(call, &fulfilment_ask_guest_order, request, &own) &&
        tell_own(call, &own, reply);
}
