/* What is asked for over HTTP: orders as the yardstick places them, and looks at products. */
#include <string.h>

#include "http.h"

static int write_order(bench_buyer_t *buyer, char *request, const char *lines)
{
    char body[BENCH_REQUEST_MAX / 2];
    int size =
        snprintf(body, sizeof body, "{\"lines\":[%s],\"payment_method\":\"pm_sim_ok\"}", lines);
    return snprintf(request, BENCH_REQUEST_MAX,
        "POST /v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer %s\r\nIdempotency-Key: %016lx%016lx\r\nContent-Length: %d\r\n\r\n%s",
        buyer->tokens.lines[bench_draw(&buyer->load, buyer->tokens.count)],
        bench_draw(&buyer->load, UINT64_MAX), bench_draw(&buyer->load, UINT64_MAX), size, body);
}

/* One SKU of each half, as the yardstick's spread.sql draws them. */
static int write_spread_order(bench_buyer_t *buyer, char *request)
{
    char lines[BENCH_REQUEST_MAX / 4];
    size_t half = buyer->skus.count / 2;
    snprintf(lines, sizeof lines, "{\"sku\":\"%s\",\"quantity\":1},{\"sku\":\"%s\",\"quantity\":1}",
        buyer->skus.lines[bench_draw(&buyer->load, half)],
        buyer->skus.lines[half + bench_draw(&buyer->load, half)]);
    return write_order(buyer, request, lines);
}

/* The same SKU for everybody, as the yardstick's hot.sql. */
static int write_hot_order(bench_buyer_t *buyer, char *request)
{
    char lines[BENCH_REQUEST_MAX / 4];
    snprintf(lines, sizeof lines, "{\"sku\":\"%s\",\"quantity\":1}", buyer->skus.lines[0]);
    return write_order(buyer, request, lines);
}

static int write_look(bench_buyer_t *buyer, char *request)
{
    return snprintf(request, BENCH_REQUEST_MAX,
        "GET /v1/products/%s HTTP/1.1\r\nHost: shop\r\n\r\n",
        buyer->skus.lines[bench_draw(&buyer->load, buyer->skus.count)]);
}

static const bench_kind_t kinds[] = {
    { "orders", 201, write_spread_order },
    { "hot", 201, write_hot_order },
    { "products", 200, write_look },
};

const bench_kind_t *bench_find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    bench_fail("no such load: %s", name);
}
