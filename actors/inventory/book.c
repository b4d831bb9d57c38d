/* What comes, goes and is moved: every change of what is there stands in the ledger. */
#include "book.h"

#include "errors.h"
#include "queries/inventory.h"

struct delivery_line {
    const char *key;
    const char *location;
    const char *sku;
    int quantity;
};
static const souk_record_t delivery_line = {
    .name = "delivery_line",
    .size = sizeof(struct delivery_line),
    .fields = {
        FIELD(delivery_line, key),
        FIELD(delivery_line, location),
        FIELD(delivery_line, sku),
        FIELD(delivery_line, quantity),
    },
};

struct place {
    const char *code;
};
static const souk_record_t place = {
    .name = "place",
    .size = sizeof(struct place),
    .fields = {
        FIELD(place, code),
    },
};

const souk_query_t inventory_save_delivery = {
    .sql = &sql_save_delivery,
    .takes = &delivery_line,
    .gives = &place,
    .many = true,
    .missing = &no_such_location,
};

bool inventory_receive(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *arrived = request;
    const struct demand *lines = arrived->lines.items;
    souk_list_t booked = { 0 };
    struct place there;

    for (size_t i = 0; i < arrived->lines.count; i++)
        *(struct delivery_line *)souk_list_add(&booked, souk_call_pool(call),
            sizeof(struct delivery_line)) = (struct delivery_line){ arrived->key, arrived->location,
            lines[i].sku, lines[i].quantity };
    return souk_db_one(call, &inventory_save_delivery, &booked, &there);
}
