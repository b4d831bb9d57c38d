/* The tree of categories, and the products that follow it. */
#include "../support/conversation.h"

extern const souk_actor_t product_actor;

static int open(void **state)
{
    return conversation_open(state, &product_actor);
}

/* home has kitchen, which has cups; a mug is in cups. */
static int begin(void **state)
{
    conversation_begin(state);
    as_staff(state);
    ask(state, "product.create_category", "{'slug': 'home', 'name': 'Home', 'position': 2}");
    ask(state, "product.create_category", "{'slug': 'sale', 'name': 'Sale', 'position': 1}");
    ask(state, "product.create_category",
        "{'slug': 'kitchen', 'name': 'Kitchen', 'parent': 'home'}");
    ask(state, "product.create_category", "{'slug': 'cups', 'name': 'Cups', 'parent': 'kitchen'}");
    expect(state, "{'slug': 'cups', 'parent': 'kitchen', 'position': 0}");
    ask(state, "product.put",
        "{'products': [{'sku': 'mug', 'name': 'Mug', 'price': {'amount': 600, 'currency': 'EUR'},"
        " 'categories': ['cups']}]}");
    expect(state, "{}");
    return 0;
}

static void the_tree_is_told_as_it_is_read(void **state)
{
    as_customer(state, NULL);
    ask(state, "product.list_categories", "{}");
    expect(state,
        "{'items': [{'slug': 'sale'}, {'slug': 'home', 'name': 'Home', 'parent': null},"
        " {'slug': 'kitchen', 'parent': 'home'}, {'slug': 'cups', 'parent': 'kitchen'}]}");
}

static void a_quote_knows_all_categories_above(void **state)
{
    ask(state, "product.quote", "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect(state, "{'lines': [{'categories': ['cups', 'home', 'kitchen']}]}");
}

static void products_follow_the_category_that_is_moved(void **state)
{
    ask(state, "product.revise_category",
        "{'slug': 'kitchen', 'name': 'Kitchen', 'parent': 'sale'}");
    expect(state, "{'slug': 'kitchen', 'parent': 'sale'}");
    ask(state, "product.list", "{'category': 'home'}");
    expect(state, "{'items': []}");
    ask(state, "product.list", "{'category': 'sale', 'sort': 'price', 'currency': 'EUR'}");
    expect(state, "{'items': [{'sku': 'mug', 'categories': ['cups']}]}");
    ask(state, "product.quote", "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect(state, "{'lines': [{'categories': ['cups', 'kitchen', 'sale']}]}");
    expect_row(state, "SELECT path FROM product.category WHERE slug = 'cups'",
        "{sale,kitchen,cups}");

    ask(state, "product.revise_category", "{'slug': 'cups', 'name': 'Cups'}");
    ask(state, "product.list", "{'category': 'sale'}");
    expect(state, "{'items': []}");
    ask(state, "product.list", "{'category': 'cups'}");
    expect(state, "{'items': [{'sku': 'mug'}]}");
}

/* More than follow with the move itself. */
static void the_products_of_a_large_category_follow_soon(void **state)
{
    run_sql(state,
        "INSERT INTO product.document (collection, key, body) SELECT 'product', 'cup-' || i,"
        " jsonb_build_object('sku', 'cup-' || i, 'id', gen_random_uuid(), 'name', 'Cup',"
        " 'status', 'published', 'categories', '[\"cups\"]'::jsonb)"
        " FROM generate_series(1, 2500) AS i;"
        "INSERT INTO product.shelf (sku, shelf, status, id, name)"
        " SELECT key, shelf, 'published', (body ->> 'id')::uuid, 'cup' FROM product.document,"
        " unnest('{\"\",category:home,category:kitchen,category:cups}'::text[]) AS shelf"
        " WHERE key LIKE 'cup-%'");
    ask(state, "product.revise_category",
        "{'slug': 'kitchen', 'name': 'Kitchen', 'parent': 'sale'}");
    expect(state, "{'parent': 'sale'}");
    expect_row(state, "SELECT count(*) FROM product.category_move", "1");
    expect_row_soon(state, "SELECT count(*) FROM product.category_move", "0");
    expect_row(state, "SELECT count(*) FROM product.shelf WHERE shelf = 'category:sale'", "2501");
    expect_row(state, "SELECT count(*) FROM product.shelf WHERE shelf = 'category:home'", "0");
}

static void one_that_is_moved_back_meanwhile_takes_its_products_with_it(void **state)
{
    run_sql(state,
        "INSERT INTO product.category_move VALUES ('kitchen', 'published', 'lamp',"
        " now() + interval '1 hour'), ('cups', '', '', now() + interval '1 hour')");
    ask(state, "product.revise_category",
        "{'slug': 'kitchen', 'name': 'Kitchen', 'parent': 'sale'}");
    ask(state, "product.revise_category",
        "{'slug': 'kitchen', 'name': 'Kitchen', 'parent': 'home'}");
    ask(state, "product.list", "{'category': 'home'}");
    expect(state, "{'items': [{'sku': 'mug'}]}");
    expect_row_soon(state, "SELECT count(*) FROM product.category_move", "0");
}

static void a_category_is_never_in_itself(void **state)
{
    ask(state, "product.revise_category", "{'slug': 'home', 'name': 'Home', 'parent': 'cups'}");
    expect_error(state, "category_circle", "cups is in home");
    ask(state, "product.revise_category", "{'slug': 'home', 'name': 'Home', 'parent': 'home'}");
    expect_error(state, "category_circle", "home is in home");
}

static void what_is_not_there_cannot_be_named(void **state)
{
    ask(state, "product.create_category", "{'slug': 'x', 'name': 'X', 'parent': 'nowhere'}");
    expect_error(state, "unknown_parent", "nowhere");
    ask(state, "product.create_category", "{'slug': 'home', 'name': 'Home'}");
    expect_error(state, "category_taken", "home");
    ask(state, "product.create_category", "{'slug': 'Ho me', 'name': 'Home'}");
    expect_error(state, "invalid", "small letters");
    ask(state, "product.revise_category", "{'slug': 'x', 'name': 'X'}");
    expect_error(state, "no_such_category", "x");
    ask(state, "product.delete_category", "{'slug': 'x'}");
    expect_error(state, "no_such_category", "x");
}

static void the_tree_is_no_deeper_than_eight(void **state)
{
    ask(state, "product.create_category", "{'slug': 'l4', 'name': 'L', 'parent': 'cups'}");
    ask(state, "product.create_category", "{'slug': 'l5', 'name': 'L', 'parent': 'l4'}");
    ask(state, "product.create_category", "{'slug': 'l6', 'name': 'L', 'parent': 'l5'}");
    ask(state, "product.create_category", "{'slug': 'l7', 'name': 'L', 'parent': 'l6'}");
    ask(state, "product.create_category", "{'slug': 'l8', 'name': 'L', 'parent': 'l7'}");
    expect(state, "{'slug': 'l8'}");
    ask(state, "product.create_category", "{'slug': 'l9', 'name': 'L', 'parent': 'l8'}");
    expect_error(state, "category_too_deep", "9");
    ask(state, "product.revise_category", "{'slug': 'home', 'name': 'Home', 'parent': 'sale'}");
    expect_error(state, "category_too_deep", "9");
}

static void only_what_is_empty_is_removed(void **state)
{
    ask(state, "product.delete_category", "{'slug': 'home'}");
    expect_error(state, "category_in_use", "categories in home");
    ask(state, "product.delete_category", "{'slug': 'cups'}");
    expect_error(state, "category_in_use", "products in cups");
    ask(state, "product.delete_category", "{'slug': 'sale'}");
    expect(state, "{}");
    ask(state, "product.list_categories", "{}");
    expect(state, "{'items': [{'slug': 'home'}, {'slug': 'kitchen'}, {'slug': 'cups'}]}");
}

static void an_archived_product_keeps_its_category(void **state)
{
    ask(state, "product.archive", "{'sku': 'mug'}");
    ask(state, "product.delete_category", "{'slug': 'cups'}");
    expect_error(state, "category_in_use", "products in cups");
}

static void only_staff_changes_the_tree(void **state)
{
    as_customer(state, STAFF);
    ask(state, "product.create_category", "{'slug': 'x', 'name': 'X'}");
    expect_error(state, "forbidden", "");
    ask(state, "product.delete_category", "{'slug': 'sale'}");
    expect_error(state, "forbidden", "");
}

static void a_delivery_may_bring_its_categories(void **state)
{
    ask(state, "product.put",
        "{'categories': [{'slug': 'beds', 'name': 'Beds', 'parent': 'home'},"
        " {'slug': 'cups', 'name': 'Mugs', 'parent': 'home'}],"
        " 'products': [{'sku': 'bed', 'name': 'Bed', 'price': {'amount': 1, 'currency': 'EUR'},"
        " 'categories': ['beds']}]}");
    expect(state, "{}");
    ask(state, "product.list", "{'category': 'home'}");
    expect(state, "{'items': [{'sku': 'bed'}, {'sku': 'mug'}]}");
    ask(state, "product.list", "{'category': 'kitchen'}");
    expect(state, "{'items': []}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_tree_is_told_as_it_is_read, begin),
        cmocka_unit_test_setup(a_quote_knows_all_categories_above, begin),
        cmocka_unit_test_setup(products_follow_the_category_that_is_moved, begin),
        cmocka_unit_test_setup(the_products_of_a_large_category_follow_soon, begin),
        cmocka_unit_test_setup(one_that_is_moved_back_meanwhile_takes_its_products_with_it, begin),
        cmocka_unit_test_setup(a_category_is_never_in_itself, begin),
        cmocka_unit_test_setup(what_is_not_there_cannot_be_named, begin),
        cmocka_unit_test_setup(the_tree_is_no_deeper_than_eight, begin),
        cmocka_unit_test_setup(only_what_is_empty_is_removed, begin),
        cmocka_unit_test_setup(an_archived_product_keeps_its_category, begin),
        cmocka_unit_test_setup(only_staff_changes_the_tree, begin),
        cmocka_unit_test_setup(a_delivery_may_bring_its_categories, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
