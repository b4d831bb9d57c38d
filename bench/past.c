/* Makes up orders of three years, two lines each, all of them confirmed and paid. */
#include "past.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "load.h"

#define YEARS_US (INT64_C(3) * 365 * 24 * 3600 * 1000000)

enum {
    RESERVED_US = 4000, /* after the order was placed, and so on */
    OPENED_US = 6000,
    CHARGED_US = 9000,
    SETTLED_US = 12000,
};

/* splitmix64. */
static uint64_t draw(uint64_t *state)
{
    uint64_t number = *state += 0x9e3779b97f4a7c15u;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
    return number ^ (number >> 31);
}

static PGresult *ask(PGconn *conn, const char *sql, int least)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) < least)
        bench_fail("there is nobody to buy, or nothing to sell: %s", PQerrorMessage(conn));
    return result;
}

static void find_products(past_t *past, PGconn *conn)
{
    PGresult *rows = past->product_rows = ask(conn,
        "SELECT sku, name, price_currency, price_amount FROM product.offer WHERE buyable"
        " ORDER BY sku",
        PAST_LINES);
    past->product_count = (size_t)PQntuples(rows);
    past->products = souk_sure(calloc(past->product_count, sizeof *past->products));
    for (int i = 0; i < PQntuples(rows); i++)
        past->products[i] = (past_product_t){
            .sku = PQgetvalue(rows, i, 0),
            .name = PQgetvalue(rows, i, 1),
            .currency = PQgetvalue(rows, i, 2),
            .price = atoll(PQgetvalue(rows, i, 3)),
        };
}

static void find_customers(past_t *past, PGconn *conn)
{
    PGresult *rows =
        ask(conn, "SELECT id FROM \"user\".account WHERE status = 'active' ORDER BY id", 1);
    past->customer_count = (size_t)PQntuples(rows);
    past->customers = souk_sure(calloc(past->customer_count, sizeof *past->customers));
    for (int i = 0; i < PQntuples(rows); i++)
        if (!souk_uuid_parse(PQgetvalue(rows, i, 0), past->customers[i]))
            bench_fail("%s is no id", PQgetvalue(rows, i, 0));
    PQclear(rows);
}

past_t past_begin(PGconn *conn, uint64_t seed, size_t orders)
{
    past_t past = { .seed = seed, .orders = orders };

    past.step_us = YEARS_US / (int64_t)orders;
    past.from_us = souk_now().ms / 1000 / 86400 * 86400 * 1000000 - YEARS_US;
    find_products(&past, conn);
    find_customers(&past, conn);
    return past;
}

void past_end(past_t *past)
{
    free(past->products);
    free(past->customers);
    PQclear(past->product_rows);
    *past = (past_t){ 0 };
}

/* As lib/id.c makes them. */
static void make_id(uint8_t id[SOUK_UUID_BYTES], int64_t us, uint64_t chance)
{
    uint64_t stamp = (uint64_t)(us / 1000) << 12 | (uint64_t)(us % 1000) * 4096 / 1000;

    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(stamp >> (52 - 8 * i));
    id[6] = (uint8_t)(0x70 | (stamp >> 8 & 15));
    id[7] = (uint8_t)stamp;
    memcpy(id + 8, &chance, sizeof chance);
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
}

past_order_t past_order(const past_t *past, size_t number)
{
    past_order_t order = { .chance = past->seed + number * 0xd1342543de82ef95u };
    size_t half = past->product_count / 2;
    int64_t late_us = (int64_t)(draw(&order.chance) % (uint64_t)(past->step_us / 2 + 1));

    order.placed_us = past->from_us + (int64_t)number * past->step_us + late_us;
    order.reserved_us = order.placed_us + RESERVED_US;
    order.charged_us = order.placed_us + CHARGED_US;
    order.settled_us = order.placed_us + SETTLED_US;
    make_id(order.id, order.placed_us, draw(&order.chance));
    make_id(order.payment_id, order.placed_us + OPENED_US, draw(&order.chance));
    souk_uuid_print(order.id, order.id_text);
    order.user_id = past->customers[draw(&order.chance) % past->customer_count];
    order.lines[0] = &past->products[draw(&order.chance) % half];
    order.lines[1] = &past->products[half + draw(&order.chance) % half];
    order.total = order.lines[0]->price + order.lines[1]->price;
    return order;
}

void past_hex(past_order_t *order, char *text, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < digits;) {
        uint64_t number = draw(&order->chance);
        for (int k = 0; k < 16; k++, number >>= 4)
            text[i++] = hex[number & 15];
    }
    text[digits] = '\0';
}
