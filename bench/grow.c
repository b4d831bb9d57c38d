/* Fills tables with the rows that orders of years past have left in them: each table that
   order.place writes, column by column as it writes them. */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "load.h"
#include "past.h"

enum {
    TABLES_MAX = 16,
    KEY_DIGITS = 32,
    FINGERPRINT_DIGITS = 64,
};

typedef struct {
    const char *name;
    const char *columns;
    const char *identity; /* the column that counts by itself, if there is one */
    void (*write)(bench_copy_t *copy, past_order_t *order, size_t number);
} table_t;

static void write_order(bench_copy_t *copy, past_order_t *order, size_t number)
{
    char key[KEY_DIGITS + 1], fingerprint[FINGERPRINT_DIGITS + 1];

    past_hex(order, key, KEY_DIGITS);
    past_hex(order, fingerprint, FINGERPRINT_DIGITS);
    bench_copy_row(copy, 9);
    bench_copy_uuid(copy, order->id);
    bench_copy_uuid(copy, order->user_id);
    bench_copy_text(copy, key);
    bench_copy_text(copy, fingerprint);
    bench_copy_text(copy, "confirmed");
    bench_copy_text(copy, "pm_sim_ok");
    bench_copy_bigint(copy, order->total);
    bench_copy_text(copy, order->lines[0]->currency);
    bench_copy_time(copy, order->placed_us / 1000 * 1000);
}

static void write_lines(bench_copy_t *copy, past_order_t *order, size_t number)
{
    for (int i = 0; i < PAST_LINES; i++) {
        bench_copy_row(copy, 7);
        bench_copy_uuid(copy, order->id);
        bench_copy_int(copy, i + 1);
        bench_copy_text(copy, order->lines[i]->sku);
        bench_copy_text(copy, order->lines[i]->name);
        bench_copy_int(copy, 1);
        bench_copy_bigint(copy, order->lines[i]->price);
        bench_copy_text(copy, order->lines[i]->currency);
    }
}

static void write_history(bench_copy_t *copy, past_order_t *order, size_t number)
{
    bench_copy_row(copy, 6);
    bench_copy_uuid(copy, order->id);
    bench_copy_bigint(copy, (int64_t)number + 1);
    bench_copy_text(copy, "confirmed");
    bench_copy_text(copy, "order.place");
    bench_copy_text(copy, "paid");
    bench_copy_time(copy, order->settled_us);
}

static void write_event(bench_copy_t *copy, past_order_t *order, size_t number)
{
    char user[SOUK_ID_SIZE], body[300];

    souk_uuid_print(order->user_id, user);
    snprintf(body, sizeof body,
        "{\"order_id\":\"%s\",\"user_id\":\"%s\",\"total\":{\"amount\":%ld,\"currency\":\"%s\"}}",
        order->id_text, user, (long)order->total, order->lines[0]->currency);
    bench_copy_row(copy, 4);
    bench_copy_bigint(copy, (int64_t)number + 1);
    bench_copy_text(copy, "order.confirmed");
    bench_copy_jsonb(copy, body);
    bench_copy_time(copy, order->settled_us);
}

static void write_reservation(bench_copy_t *copy, past_order_t *order, size_t number)
{
    const char *skus[PAST_LINES], *locations[PAST_LINES];
    int32_t quantities[PAST_LINES];

    for (int i = 0; i < PAST_LINES; i++) {
        skus[i] = order->lines[i]->sku;
        locations[i] = "main";
        quantities[i] = 1;
        order->lines[i]->sold++;
    }
    bench_copy_row(copy, 6);
    bench_copy_uuid(copy, order->id);
    bench_copy_texts(copy, skus, PAST_LINES);
    bench_copy_texts(copy, locations, PAST_LINES);
    bench_copy_ints(copy, quantities, PAST_LINES);
    bench_copy_text(copy, "live");
    bench_copy_time(copy, order->reserved_us);
}

static void write_payment(bench_copy_t *copy, past_order_t *order, size_t number)
{
    bench_copy_row(copy, 8);
    bench_copy_uuid(copy, order->payment_id);
    bench_copy_uuid(copy, order->id);
    bench_copy_bigint(copy, order->total);
    bench_copy_bigint(copy, order->total);
    bench_copy_text(copy, order->lines[0]->currency);
    bench_copy_text(copy, "pm_sim_ok");
    bench_copy_text(copy, "captured");
    bench_copy_time(copy, order->charged_us);
}

static void write_entries(bench_copy_t *copy, past_order_t *order, size_t number)
{
    static const char *const accounts[] = { "provider", "sales" };

    for (int i = 0; i < 2; i++) {
        bench_copy_row(copy, 5);
        bench_copy_uuid(copy, order->payment_id);
        bench_copy_text(copy, "charge");
        bench_copy_text(copy, accounts[i]);
        bench_copy_bigint(copy, i == 0 ? order->total : -order->total);
        bench_copy_time(copy, order->charged_us);
    }
}

static void write_charge(bench_copy_t *copy, past_order_t *order, size_t number)
{
    bench_copy_row(copy, 6);
    bench_copy_text(copy, order->id_text);
    bench_copy_bigint(copy, order->total);
    bench_copy_text(copy, order->lines[0]->currency);
    bench_copy_text(copy, "pm_sim_ok");
    bench_copy_text(copy, "captured");
    bench_copy_time(copy, order->charged_us);
}

static const table_t tables[] = {
    {
        .name = "\"order\".orders",
        .columns = "id, user_id, request_key, fingerprint, status, payment_method, total_amount,"
                   " total_currency, placed_at",
        .write = write_order,
    },
    {
        .name = "\"order\".order_line",
        .columns = "order_id, position, sku, name, quantity, price_amount, price_currency",
        .write = write_lines,
    },
    {
        .name = "\"order\".order_history",
        .columns = "order_id, id, status, who, why, at",
        .identity = "id",
        .write = write_history,
    },
    {
        .name = "\"order\".event",
        .columns = "seq, topic, body, at",
        .write = write_event,
    },
    {
        .name = "inventory.reservation",
        .columns = "order_id, skus, locations, quantities, status, made_at",
        .write = write_reservation,
    },
    {
        .name = "payment.payment",
        .columns = "id, order_id, amount, captured, currency, method, status, made_at",
        .write = write_payment,
    },
    {
        .name = "payment.ledger",
        .columns = "payment_id, cause, account, amount, at",
        .write = write_entries,
    },
    {
        .name = "simulator.charge",
        .columns = "key, amount, currency, method, outcome, at",
        .write = write_charge,
    },
};

static const table_t *find_table(const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, name) == 0)
            return &tables[i];
    bench_fail("there is no table %s", name);
}

/* All at once, since one may refer to another; and whatever refers to them. */
static void empty_tables(PGconn *conn, char *const *names, int count)
{
    char sql[1024] = "TRUNCATE ";
    for (int i = 0; i < count; i++) {
        strcat(sql, i ? ", " : "");
        strcat(sql, find_table(names[i])->name);
    }
    strcat(sql, " CASCADE");
    bench_sql(conn, sql);
}

static void fill_table(PGconn *conn, const past_t *past, const table_t *table)
{
    char sql[1024];

    snprintf(sql, sizeof sql, "%s (%s)", table->name, table->columns);
    bench_copy_t *copy = bench_copy_begin(conn, sql);
    for (size_t number = 0; number < past->orders; number++) {
        past_order_t order = past_order(past, number);
        table->write(copy, &order, number);
    }
    bench_copy_end(&copy);
    if (!table->identity)
        return;
    snprintf(sql, sizeof sql, "SELECT setval(pg_get_serial_sequence('%s', '%s'), %zu)", table->name,
        table->identity, past->orders);
    bench_sql(conn, sql);
}

/* What the reservations hold is what the stock says is reserved. */
static void book_stock(PGconn *conn, const past_t *past)
{
    char sql[256];
    for (size_t i = 0; i < past->product_count; i++) {
        snprintf(sql, sizeof sql, "UPDATE inventory.stock SET reserved = %d WHERE sku = '%s'",
            past->products[i].sold, past->products[i].sku);
        bench_sql(conn, sql);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 4 + TABLES_MAX)
        bench_fail("usage: bench-grow DSN SEED ORDERS TABLE...");
    bench_end_with_parent();
    PGconn *conn = PQconnectdb(argv[1]);
    if (PQstatus(conn) != CONNECTION_OK)
        bench_fail("%s", PQerrorMessage(conn));

    past_t past = past_begin(conn, strtoull(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    /* What refers to another table does so rightly, since both follow from the same number. */
    bench_sql(conn, "SET session_replication_role = replica");
    bench_sql(conn, "BEGIN");
    empty_tables(conn, argv + 4, argc - 4);
    for (int i = 4; i < argc; i++) {
        fill_table(conn, &past, find_table(argv[i]));
        if (find_table(argv[i])->write == write_reservation)
            book_stock(conn, &past);
    }
    bench_sql(conn, "COMMIT");
    past_end(&past);
    PQfinish(conn);
    return 0;
}
