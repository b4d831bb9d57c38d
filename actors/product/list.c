/* The catalogue page by page. A shelf is walked in the order asked for, and what is on it is held
   against the other filters: so no page costs more than WALK_MAX products that do not fit. */
#include "list.h"

#include <string.h>

#include "cursor.h"
#include "lookup.h"
#include "queries/product.h"

enum {
    PAGE_MAX = 100,
    CURSOR_MAX = 600,
    FILTERS_MAX = 10,
    PREFIX_MAX = 40,
    WALK_MAX = 2000,
};
#define ANY_PRICE INT64_C(1000000000000)

static const char *const sorts[] = { "sku", "name", "price", "-price", "newest", NULL };

struct page {
    int limit;
    const char *after;
    const char *sort;
    const char *category;
    souk_list_t attribute;
    const char *currency;
    int64_t price_min;
    int64_t price_max;
    const char *name;
    const char *status;
};
const souk_record_t product_page_query = {
    .name = "page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(page, after, .max = CURSOR_MAX, .optional = true, .doc = "`next` of the page before"),
        FIELD(page, sort, .one_of = sorts, .fallback = "sku"),
        FIELD(page, category, .max = SLUG_MAX, .optional = true,
            .doc = "products in it or anywhere below it"),
        FIELD(page, attribute, .max = FILTERS_MAX, .optional = true,
            .doc = "NAME:VALUE, such as material:oak; of several, all must be there"),
        FIELD(page, currency, .format = SOUK_CURRENCY, .optional = true,
            .doc = "products with a price in it; prices that are filtered or sorted by are in it"),
        FIELD(page, price_min, .max = ANY_PRICE, .optional = true, .doc = "in minor units"),
        FIELD(page, price_max, .max = ANY_PRICE, .fallback = "1000000000000",
            .doc = "in minor units"),
        FIELD(page, name, .max = PREFIX_MAX, .optional = true,
            .doc = "how the name begins, in letters of either case"),
        FIELD(page, status, .one_of = statuses, .fallback = "published",
            .doc = "another than published is for staff"),
    },
};

struct products {
    souk_list_t items;
    const char *next;
};
const souk_record_t product_page = {
    .name = "product_page",
    .size = sizeof(struct products),
    .fields = {
        FIELD(products, items, .of = &product_summary,
            .doc = "fewer than asked for, even none, where much was looked at that did not fit"),
        FIELD(products, next, .optional = true, .doc = "absent: this is the last page"),
    },
};

struct walk {
    const char *shelf;
    souk_list_t others; /* const char * */
    const char *status;
    const char *sort;
    const char *currency;
    int64_t price_min;
    int64_t price_max;
    const char *prefix;
    struct place after;
    int walk;
    int limit;
};
static const souk_record_t place_record = {
    .name = "place",
    .size = sizeof(struct place),
    .fields = {
        FIELD(place, name),
        FIELD(place, amount),
        FIELD(place, id),
        FIELD(place, sku),
    },
};
static const souk_record_t walk_record = {
    .name = "walk",
    .size = sizeof(struct walk),
    .fields = {
        FIELD(walk, shelf),
        FIELD(walk, others),
        FIELD(walk, status),
        FIELD(walk, sort),
        FIELD(walk, currency, .optional = true),
        FIELD(walk, price_min),
        FIELD(walk, price_max),
        FIELD(walk, prefix),
        FIELD(walk, after, .of = &place_record),
        FIELD(walk, walk),
        FIELD(walk, limit),
    },
};

struct stand {
    struct place at;
    bool fits;
    bool ends; /* the walk: no more than this was looked at */
};
static const souk_record_t stand = {
    .name = "stand",
    .size = sizeof(struct stand),
    .fields = {
        { .name = "sku", .type = SOUK_TEXT, .offset = offsetof(struct stand, at.sku) },
        { .name = "id", .type = SOUK_TEXT, .offset = offsetof(struct stand, at.id) },
        { .name = "name", .type = SOUK_TEXT, .offset = offsetof(struct stand, at.name) },
        { .name = "amount", .type = SOUK_LONG, .offset = offsetof(struct stand, at.amount) },
        FIELD(stand, fits),
        FIELD(stand, ends),
    },
};

const souk_query_t product_walk_shelf = {
    .sql = &sql_walk_shelf,
    .takes = &walk_record,
    .gives = &stand,
};

static bool check_page(souk_call_t *call, const struct page *asked)
{
    bool by_price =
        strstr(asked->sort, "price") || asked->price_min || asked->price_max < ANY_PRICE;
    const char *const *attributes = asked->attribute.items;

    for (size_t i = 0; i < asked->attribute.count; i++)
        if (!strchr(attributes[i], ':'))
            return souk_fail_field(call,
                souk_pool_format(souk_call_pool(call), "/attribute/%zu", i), "must be NAME:VALUE");
    if (by_price && !asked->currency)
        return souk_fail_field(call, "/currency", "is required where prices are compared");
    if (asked->price_min > asked->price_max)
        return souk_fail_field(call, "/price_max", "must not be below price_min");
    if (strcmp(asked->status, "published") != 0 && !souk_caller_has(call, "staff"))
        return souk_fail(call, &souk_forbidden, "only staff sees what is %s", asked->status);
    return true;
}

/* The shelf of an attribute is mostly the shortest, that of everything the longest. */
static void choose_shelf(souk_call_t *call, const struct page *asked, struct walk *walk)
{
    souk_list_t shelves = { 0 };
    souk_pool_t *pool = souk_call_pool(call);

    for (size_t i = 0; i < asked->attribute.count; i++)
        souk_list_add_text(&shelves, pool,
            souk_pool_format(pool, "attribute:%s",
                ((const char *const *)asked->attribute.items)[i]));
    if (asked->category)
        souk_list_add_text(&shelves, pool, souk_pool_format(pool, "category:%s", asked->category));
    if (shelves.count == 0)
        souk_list_add_text(&shelves, pool, "");
    const char **names = shelves.items;
    walk->shelf = names[0];
    walk->others = (souk_list_t){ names + 1, shelves.count - 1 };
}

/* One more than was asked for tells whether there is a next page. */
static bool plan_walk(souk_call_t *call, const struct page *asked, struct walk *walk)
{
    *walk = (struct walk){
        .status = asked->status,
        .sort = asked->sort,
        .currency = asked->currency,
        .price_min = asked->price_min,
        .price_max = asked->price_max,
        .prefix = asked->name ? asked->name : "",
        .after = product_place_start(asked->sort, asked->price_min, asked->price_max),
        .walk = WALK_MAX,
        .limit = asked->limit + 1,
    };
    choose_shelf(call, asked, walk);
    return !asked->after ||
        product_place_read(&walk->after, asked->after, asked->sort, souk_call_pool(call)) ||
        souk_fail_field(call, "/after", "is no `next` of a list in this order");
}

/* What was walked, without what did not fit; next is where the walk goes on. */
static void cut(souk_call_t *call, const struct page *asked, souk_list_t *walked, const char **next)
{
    bool more = souk_list_cut(walked, (size_t)asked->limit);
    *next = NULL;
    if (walked->count == 0)
        return;
    const struct stand *last = (const struct stand *)walked->items + walked->count - 1;
    if (more || last->ends)
        *next = product_place_cursor(&last->at, asked->sort, souk_call_pool(call));
    if (!last->fits)
        walked->count--;
}

/* The documents in the order of the walk, but for one that has just been withdrawn. */
static bool tell(souk_call_t *call, const struct page *asked, const souk_list_t *walked,
    souk_list_t *items)
{
    const struct stand *rows = walked->items;
    souk_list_t skus = { 0 };
    souk_index_t *found;

    for (size_t i = 0; i < walked->count; i++)
        souk_list_add_text(&skus, souk_call_pool(call), rows[i].at.sku);
    if (!product_find(call, &skus, &found))
        return false;
    for (size_t i = 0; i < walked->count; i++) {
        const struct product *document = souk_index_find(found, rows[i].at.sku);
        if (strcmp(document->status, asked->status) != 0)
            continue;
        struct product *item = souk_list_add(items, souk_call_pool(call), sizeof *item);
        *item = *document;
        souk_list_cut(&item->pictures, 1);
    }
    return true;
}

bool product_list(souk_call_t *call, const void *request, void *reply)
{
    const struct page *asked = request;
    struct products *answer = reply;
    struct walk walk;
    souk_list_t walked;

    if (!check_page(call, asked) || !plan_walk(call, asked, &walk))
        return false;
    if (!souk_db_all(call, &product_walk_shelf, &walk, &walked))
        return false;
    cut(call, asked, &walked, &answer->next);
    return tell(call, asked, &walked, &answer->items);
}
