/* The tree of categories. Whoever changes it locks all of it, so what is decided stays true. */
#include "categories.h"

#include <string.h>

#include "../../lib/index.h"
#include "follow.h"
#include "queries/product.h"

enum {
    CATEGORIES_MAX = 1000,
    CATEGORY_DEPTH_MAX = 8,
};

const souk_error_t product_no_such_category = {
    .code = "no_such_category",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no category of this slug.",
};
const souk_error_t product_category_taken = {
    .code = "category_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is a category of this slug already.",
};
const souk_error_t product_unknown_parent = {
    .code = "unknown_parent",
    .kind = SOUK_MISUSED,
    .meaning = "The category that it is to be in is not there.",
};
const souk_error_t product_category_in_use = {
    .code = "category_in_use",
    .kind = SOUK_CONFLICT,
    .meaning = "There are products or further categories in it.",
};
const souk_error_t product_category_circle = {
    .code = "category_circle",
    .kind = SOUK_MISUSED,
    .meaning = "A category cannot be in itself, nor in one that is below it.",
};
const souk_error_t product_category_too_deep = {
    .code = "category_too_deep",
    .kind = SOUK_MISUSED,
    .meaning = "The tree of categories is not to be deeper than eight.",
};
const souk_error_t product_too_many_categories = {
    .code = "too_many_categories",
    .kind = SOUK_CONFLICT,
    .meaning = "There cannot be more than a thousand categories.",
};

static const souk_record_t category_row = {
    .name = "category_row",
    .size = sizeof(struct category),
    .fields = {
        FIELD(category, slug),
        FIELD(category, name),
        FIELD(category, parent, .optional = true),
        FIELD(category, position),
        FIELD(category, path),
    },
};
struct category_event {
    const char *topic;
    const char *slug;
};
static const souk_record_t category_event = {
    .name = "category_event",
    .size = sizeof(struct category_event),
    .fields = {
        FIELD(category_event, topic),
        FIELD(category_event, slug),
    },
};

const souk_query_t product_find_tree = {
    .sql = &sql_find_tree,
    .gives = &category,
};
const souk_query_t product_lock_tree = {
    .sql = &sql_lock_tree,
    .gives = &category_row,
};
const souk_query_t product_save_category = {
    .sql = &sql_save_category,
    .takes = &category_row,
};
const souk_query_t product_move_below = {
    .sql = &sql_move_below,
    .takes = &category_row,
};
const souk_query_t product_delete_category = {
    .sql = &sql_delete_category,
    .takes = &category_key,
};
const souk_query_t product_save_category_event = {
    .sql = &sql_save_category_event,
    .takes = &category_event,
};

static bool tell_event(souk_call_t *call, const char *topic, const char *slug)
{
    return souk_db_run(call, &product_save_category_event, &(struct category_event){ topic, slug });
}

/* The tree as it is locked. */
struct tree {
    souk_list_t rows;
    souk_index_t *index;
};

static bool lock_tree(souk_call_t *call, struct tree *tree)
{
    if (!souk_db_all(call, &product_lock_tree, NULL, &tree->rows))
        return false;
    tree->index = souk_index_of(&tree->rows, &category_row, "slug", souk_call_pool(call));
    return true;
}

/* A slug stands in URLs as it is. */
static bool check_slug(souk_call_t *call, const char *slug)
{
    size_t size = strlen(slug);
    bool plain = strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
    return (plain && *slug != '-' && slug[size - 1] != '-') ||
        souk_fail_field(call, "/slug", "must be small letters and digits, with hyphens between");
}

/* The way to a category: that to its parent, and itself. */
static bool find_path(souk_call_t *call, const souk_index_t *tree, struct category *wanted)
{
    souk_list_t path = { 0 };
    if (wanted->parent) {
        const struct category *parent = souk_index_find(tree, wanted->parent);
        if (!parent)
            return souk_fail(call, &product_unknown_parent, "there is no category %s",
                wanted->parent);
        for (size_t i = 0; i < parent->path.count; i++)
            souk_list_add_text(&path, souk_call_pool(call),
                ((const char *const *)parent->path.items)[i]);
    }
    souk_list_add_text(&path, souk_call_pool(call), wanted->slug);
    wanted->path = path;
    return true;
}

static bool is_at_or_below(const struct category *row, const char *slug)
{
    for (size_t i = 0; i < row->path.count; i++)
        if (strcmp(((const char *const *)row->path.items)[i], slug) == 0)
            return true;
    return false;
}

/* How many levels there are from a category on; 1 for one that is not there yet. */
static size_t height_of(const souk_list_t *rows, const char *slug, size_t depth)
{
    size_t height = 1;
    const struct category *row = rows->items;
    for (size_t i = 0; i < rows->count; i++)
        if (is_at_or_below(&row[i], slug) && row[i].path.count - depth + 1 > height)
            height = row[i].path.count - depth + 1;
    return height;
}

static bool check_depth(souk_call_t *call, const struct category *wanted, size_t height)
{
    return wanted->path.count + height - 1 <= CATEGORY_DEPTH_MAX ||
        souk_fail(call, &product_category_too_deep, "it would be %zu deep",
            wanted->path.count + height - 1);
}

bool product_list_categories(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_all(call, &product_find_tree, NULL, &((struct categories *)reply)->items);
}

static bool same_parent(const struct category *one, const struct category *other)
{
    if (!one->parent || !other->parent)
        return one->parent == other->parent;
    return strcmp(one->parent, other->parent) == 0;
}

static bool move(souk_call_t *call, const struct category *moved)
{
    return souk_db_run(call, &product_move_below, moved) && product_follow(call, moved->slug);
}

static bool make(souk_call_t *call, const struct tree *tree, struct category *made)
{
    if (tree->rows.count >= CATEGORIES_MAX)
        return souk_fail(call, &product_too_many_categories, "there are %zu", tree->rows.count);
    return check_slug(call, made->slug) && find_path(call, tree->index, made) &&
        check_depth(call, made, 1) && souk_db_run(call, &product_save_category, made) &&
        tell_event(call, "product.category_created", made->slug);
}

static bool check_circle(souk_call_t *call, const struct tree *tree, const struct category *wanted)
{
    const struct category *parent =
        wanted->parent ? souk_index_find(tree->index, wanted->parent) : NULL;
    return !parent || !is_at_or_below(parent, wanted->slug) ||
        souk_fail(call, &product_category_circle, "%s is in %s", parent->slug, wanted->slug);
}

static bool revise(souk_call_t *call, const struct tree *tree, const struct category *before,
    struct category *revised)
{
    return find_path(call, tree->index, revised) && check_circle(call, tree, revised) &&
        check_depth(call, revised, height_of(&tree->rows, revised->slug, before->path.count)) &&
        souk_db_run(call, &product_save_category, revised) &&
        (same_parent(before, revised) || move(call, revised)) &&
        tell_event(call, "product.category_changed", revised->slug);
}

bool product_put_category(souk_call_t *call, const struct category *wanted)
{
    struct category now = *wanted;
    struct tree tree;
    if (!lock_tree(call, &tree))
        return false;
    const struct category *before = souk_index_find(tree.index, now.slug);
    return before ? revise(call, &tree, before, &now) : make(call, &tree, &now);
}

bool product_create_category(souk_call_t *call, const void *request, void *reply)
{
    struct category *made = reply;
    struct tree tree;

    *made = *(const struct category *)request;
    if (!lock_tree(call, &tree))
        return false;
    if (souk_index_find(tree.index, made->slug))
        return souk_fail(call, &product_category_taken, "%s", made->slug);
    return make(call, &tree, made);
}

bool product_revise_category(souk_call_t *call, const void *request, void *reply)
{
    struct category *revised = reply;
    struct tree tree;

    *revised = *(const struct category *)request;
    if (!lock_tree(call, &tree))
        return false;
    const struct category *before = souk_index_find(tree.index, revised->slug);
    if (!before)
        return souk_fail(call, &product_no_such_category, "there is no category %s", revised->slug);
    return revise(call, &tree, before, revised);
}

bool product_delete_category_named(souk_call_t *call, const void *request, void *reply)
{
    const struct category *wanted = request;
    struct tree tree;
    bool is_filed;

    if (!lock_tree(call, &tree))
        return false;
    const struct category *before = souk_index_find(tree.index, wanted->slug);
    if (!before)
        return souk_fail(call, &product_no_such_category, "there is no category %s", wanted->slug);
    if (height_of(&tree.rows, wanted->slug, before->path.count) > 1)
        return souk_fail(call, &product_category_in_use, "there are categories in %s",
            wanted->slug);
    if (!product_is_filed(call, wanted->slug, &is_filed))
        return false;
    if (is_filed)
        return souk_fail(call, &product_category_in_use, "there are products in %s", wanted->slug);
    return souk_db_run(call, &product_delete_category, wanted) &&
        tell_event(call, "product.category_deleted", wanted->slug);
}
