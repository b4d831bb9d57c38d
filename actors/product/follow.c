/* Products follow the category that they are in, or below, when that is moved. So many at once that
   nobody waits for long: of a large category the rest follows bit by bit, from a row that says how
   far they are. */
#include "follow.h"

#include "queries/product.h"
#include "save.h"

enum {
    AT_ONCE = 1000, /* with the move itself */
    BIT = 200, /* at each turn of the timer, which quotes wait for */
};

/* How far the products of a category are, in the order of a shelf. */
struct move {
    const char *slug;
    const char *after_status, *after_sku;
    int limit;
};
static const souk_record_t move_record = {
    .name = "category_move",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, slug),
        FIELD(move, after_status),
        FIELD(move, after_sku),
    },
};
static const souk_record_t move_page = {
    .name = "category_move_page",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, slug),
        FIELD(move, after_status),
        FIELD(move, after_sku),
        FIELD(move, limit),
    },
};

struct filed {
    const char *status, *sku;
};
static const souk_record_t filed = {
    .name = "filed",
    .size = sizeof(struct filed),
    .fields = {
        FIELD(filed, status),
        FIELD(filed, sku),
    },
};

const souk_query_t product_find_filed = {
    .sql = &sql_find_filed,
    .takes = &move_page,
    .gives = &filed,
};
const souk_query_t product_begin_move = {
    .sql = &sql_begin_move,
    .takes = &move_record,
};
const souk_query_t product_take_move = {
    .sql = &sql_take_move,
    .gives = &move_record,
};
const souk_query_t product_keep_move = {
    .sql = &sql_keep_move,
    .takes = &move_record,
};
const souk_query_t product_end_move = {
    .sql = &sql_end_move,
    .takes = &move_record,
};

static struct move from_the_start(const char *slug, int limit)
{
    return (struct move){ .slug = slug, .after_status = "", .after_sku = "", .limit = limit };
}

bool product_is_filed(souk_call_t *call, const char *slug, bool *is_filed)
{
    const struct move first = from_the_start(slug, 1);
    souk_list_t rows = { 0 };

    if (!souk_db_all(call, &product_find_filed, &first, &rows))
        return false;
    *is_filed = rows.count > 0;
    return true;
}

/* Each is locked, so that nobody puts it elsewhere meanwhile. */
static bool shelve(souk_call_t *call, const souk_list_t *rows)
{
    const struct filed *found = rows->items;
    struct skus some = { 0 };
    souk_index_t *locked;

    for (size_t i = 0; i < rows->count; i++)
        souk_list_add_text(&some.skus, souk_call_pool(call), found[i].sku);
    return !rows->count || (product_lock(call, &some.skus, &locked) && product_shelve(call, &some));
}

/* The row of the move is locked, and before any product is. */
static bool follow(souk_call_t *call, const struct move *move)
{
    souk_list_t rows = { 0 };

    if (!souk_db_all(call, &product_find_filed, move, &rows) || !shelve(call, &rows))
        return false;
    if (rows.count < (size_t)move->limit)
        return souk_db_run(call, &product_end_move, move);
    const struct filed *last = (const struct filed *)rows.items + rows.count - 1;
    const struct move far = { move->slug, last->status, last->sku, move->limit };
    return souk_db_run(call, &product_keep_move, &far);
}

bool product_follow(souk_call_t *call, const char *slug)
{
    const struct move move = from_the_start(slug, AT_ONCE);

    return souk_db_run(call, &product_begin_move, &move) && follow(call, &move);
}

bool product_follow_on(souk_call_t *call)
{
    souk_list_t rows = { 0 };

    if (!souk_db_all(call, &product_take_move, NULL, &rows))
        return false;
    struct move *move = rows.items;
    if (!rows.count)
        return true;
    move->limit = BIT;
    return follow(call, move);
}
