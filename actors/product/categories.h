/* The tree of categories. */
#ifndef PRODUCT_CATEGORIES_H
#define PRODUCT_CATEGORIES_H

#include "records.h"

struct category {
    const char *slug;
    const char *name;
    const char *parent;
    int position;
    souk_list_t path; /* const char *: from the top to the category itself */
};
static const souk_record_t category = {
    .name = "category",
    .size = sizeof(struct category),
    .fields = {
        FIELD(category, slug, .min = 1, .max = SLUG_MAX,
            .doc = "small letters, digits and hyphens between them"),
        FIELD(category, name, .min = 1, .max = TITLE_MAX),
        FIELD(category, parent, .max = SLUG_MAX, .optional = true,
            .doc = "the category that it is in; absent: none"),
        FIELD(category, position, .max = 1000000, .fallback = "0",
            .doc = "among those beside it: the lowest comes first"),
    },
};
static const souk_record_t category_key = {
    .name = "category_key",
    .size = sizeof(struct category),
    .fields = {
        FIELD(category, slug, .min = 1, .max = SLUG_MAX),
    },
};

struct categories {
    souk_list_t items;
};
static const souk_record_t category_tree = {
    .name = "category_tree",
    .size = sizeof(struct categories),
    .fields = {
        FIELD(categories, items, .of = &category,
            .doc = "each behind the one that it is in, and those beside each other by position"),
    },
};

extern const souk_error_t product_no_such_category, product_category_taken, product_unknown_parent,
    product_category_in_use, product_category_circle, product_category_too_deep,
    product_too_many_categories;
extern const souk_query_t product_find_tree, product_lock_tree, product_save_category,
    product_move_below, product_delete_category, product_save_category_event;

/* Makes a category, or puts it in the place of the one with its slug. */
must_check bool product_put_category(souk_call_t *call, const struct category *wanted);

bool product_list_categories(souk_call_t *call, const void *request, void *reply);
bool product_create_category(souk_call_t *call, const void *request, void *reply);
bool product_revise_category(souk_call_t *call, const void *request, void *reply);
bool product_delete_category_named(souk_call_t *call, const void *request, void *reply);

#endif
