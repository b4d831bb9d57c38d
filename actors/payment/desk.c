/* A payment as staff see it: with its refunds, and its entries in the books. */
#include "desk.h"

#include "queries/payment.h"

static const souk_record_t detail_row = {
    .name = "payment_detail_row",
    .size = sizeof(struct payment_detail),
    .fields = {
        FIELD(payment_detail, payment_id),
        FIELD(payment_detail, order_id),
        FIELD(payment_detail, status),
        FIELD(payment_detail, amount, .optional = true),
        FIELD(payment_detail, captured),
        FIELD(payment_detail, refunding),
        FIELD(payment_detail, refunded),
        FIELD(payment_detail, reference, .optional = true),
        FIELD(payment_detail, made_at),
        FIELD(payment_detail, tries),
        FIELD(payment_detail, next_try_at, .optional = true),
    },
};
static const souk_record_t payment_key = {
    .name = "payment_key",
    .size = sizeof(struct payment_detail),
    .fields = {
        FIELD(payment_detail, payment_id),
    },
};

const souk_query_t payment_find_detail = {
    .sql = &sql_find_payment,
    .takes = &order_key,
    .gives = &detail_row,
    .missing = &payment_missing,
};
const souk_query_t payment_list_tries = {
    .sql = &sql_list_tries,
    .takes = &payment_key,
    .gives = &try_entry,
};
const souk_query_t payment_list_refunds = {
    .sql = &sql_list_refunds,
    .takes = &payment_key,
    .gives = &refund_entry,
};
const souk_query_t payment_list_entries = {
    .sql = &sql_list_entries,
    .takes = &payment_key,
    .gives = &ledger_entry,
};

bool payment_get(souk_call_t *call, const void *request, void *reply)
{
    struct payment_detail *it = reply;

    return souk_db_one(call, &payment_find_detail, request, it) &&
        souk_db_all(call, &payment_list_tries, it, &it->tried) &&
        souk_db_all(call, &payment_list_refunds, it, &it->refunds) &&
        souk_db_all(call, &payment_list_entries, it, &it->entries);
}
