/* A load over HTTP. Closed: so many connections, each asking anew as soon as it was answered. Open:
   requests come when the clock says, however long the answers take, as from people who know nothing
   of each other. */
#include <math.h>
#include <stdlib.h>

#include "http.h"

enum {
    CONNECTIONS_MAX = 4096
};

static void run_closed(bench_buyer_t *buyer)
{
    while (bench_load_goes_on(&buyer->load) || buyer->under_way) {
        while (buyer->idle_count && bench_load_goes_on(&buyer->load))
            bench_buyer_ask(buyer, bench_now_us());
        if (buyer->under_way)
            bench_buyer_wait(buyer, INT64_MAX);
    }
}

/* The time to the next arrival of a Poisson process: exponential, above 0. */
static double draw_gap_us(bench_buyer_t *buyer, double per_second)
{
    double share = (double)(bench_draw(&buyer->load, 1u << 31) + 1) / (1u << 31);
    return -log(share) * 1e6 / per_second;
}

/* A request whose moment has come while no connection is idle goes out late, and its time counts
   from that moment all the same: a shop that stands still is charged with everybody it kept
   waiting. */
static void run_open(bench_buyer_t *buyer, double per_second)
{
    double due_us = (double)bench_now_us() + draw_gap_us(buyer, per_second);
    double until_us = (double)buyer->load.until_us;

    buyer->load.by_start = true;
    while (due_us < until_us || buyer->under_way) {
        while (buyer->idle_count && due_us < until_us && due_us <= (double)bench_now_us()) {
            bench_buyer_ask(buyer, (int64_t)due_us);
            due_us += draw_gap_us(buyer, per_second);
        }
        bool may_ask = buyer->idle_count && due_us < until_us;
        bench_buyer_wait(buyer, may_ask ? (int64_t)due_us + 1 : INT64_MAX);
    }
}

static bool print(bench_buyer_t *buyer)
{
    const char *comma = "";
    uint64_t wrong = 0;
    printf("{");
    bench_load_print(&buyer->load, stdout);
    printf(", \"statuses\": {");
    for (int status = 0; status < BENCH_STATUSES; status++) {
        if (buyer->statuses[status] == 0)
            continue;
        printf("%s\"%d\": %lu", comma, status, buyer->statuses[status]);
        comma = ", ";
        wrong += status == buyer->kind->expected ? 0 : buyer->statuses[status];
    }
    printf("}}\n");
    return wrong == 0;
}

int main(int argc, char **argv)
{
    static bench_buyer_t buyer;
    if (argc != 8 && argc != 9)
        bench_fail("usage: bench-http PORT orders|hot|products CONNECTIONS WARM-UP-SECONDS SECONDS "
                   "FILE-OF-SKUS FILE-OF-TOKENS [ARRIVALS-PER-SECOND]");
    size_t connections = strtoul(argv[3], NULL, 10);
    double per_second = argc == 9 ? atof(argv[8]) : 0;
    if (connections < 1 || connections > CONNECTIONS_MAX)
        bench_fail("1 to %d connections", CONNECTIONS_MAX);
    if (argc == 9 && !(per_second > 0))
        bench_fail("more than 0 arrivals per second");

    bench_end_with_parent();
    buyer.kind = bench_find_kind(argv[2]);
    buyer.skus = bench_read_lines(argv[6]);
    buyer.tokens = bench_read_lines(argv[7]);
    bench_buyer_open(&buyer, atoi(argv[1]), connections);
    bench_load_start(&buyer.load, atof(argv[4]), atof(argv[5]));
    if (per_second > 0)
        run_open(&buyer, per_second);
    else
        run_closed(&buyer);
    return print(&buyer) ? 0 : 1;
}
