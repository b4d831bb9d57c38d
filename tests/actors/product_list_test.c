/* The catalogue page by page. */
#include "../support/conversation.h"

#include <stdio.h>

extern const souk_actor_t product_actor;

static int open(void **state)
{
    return conversation_open(state, &product_actor);
}

/* d and b have the same name, a and c the same price. */
static int begin(void **state)
{
    conversation_begin(state);
    as_staff(state);
    ask(state, "product.create_category", "{'slug': 'home', 'name': 'Home'}");
    ask(state, "product.create_category", "{'slug': 'cups', 'name': 'Cups', 'parent': 'home'}");
    expect(state, "{}");
    ask(state, "product.put",
        "{'products': ["
        "{'sku': 'd', 'name': 'Mug', 'price': {'amount': 300, 'currency': 'EUR'},"
        " 'categories': ['cups'], 'attributes': [{'name': 'colour', 'value': 'blue'}]},"
        "{'sku': 'c', 'name': 'Élan', 'price': {'amount': 500, 'currency': 'EUR'},"
        " 'categories': ['home']},"
        "{'sku': 'b', 'name': 'Mug', 'price': {'amount': 700, 'currency': 'EUR'},"
        " 'prices': [{'amount': 100, 'currency': 'USD'}], 'categories': ['cups'],"
        " 'attributes': [{'name': 'colour', 'value': 'blue'}, {'name': 'size', 'value': 'L'}]},"
        "{'sku': 'a', 'name': 'lamp', 'price': {'amount': 500, 'currency': 'EUR'}},"
        "{'sku': 'z', 'name': 'Lost', 'price': {'amount': 1, 'currency': 'EUR'},"
        " 'status': 'unpublished'}]}");
    expect(state, "{}");
    as_customer(state, NULL);
    return 0;
}

static void by_sku_unless_said_otherwise(void **state)
{
    ask(state, "product.list", "{'limit': 3}");
    expect(state, "{'items': [{'sku': 'a'}, {'sku': 'b'}, {'sku': 'c'}], 'next': 'c'}");
    ask(state, "product.list", "{'limit': 3, 'after': 'c'}");
    expect(state, "{'items': [{'sku': 'd'}], 'next': null}");
    ask(state, "product.list", "{'limit': 4}");
    expect(state,
        "{'items': [{'sku': 'a'}, {'sku': 'b'}, {'sku': 'c'}, {'sku': 'd'}],"
        " 'next': null}");
}

/* One product a page, in this order, whatever is equal. */
static void expect_walk(void **state, const char *filter, const char *skus)
{
    const char *after = "";
    char sku[2] = "";
    for (; *skus; skus++) {
        ask(state, "product.list", "{'limit': 1, %s%s%s%s}", filter, *after ? ", 'after': '" : "",
            after, *after ? "'" : "");
        sku[0] = *skus;
        char expected[100];
        snprintf(expected, sizeof expected, "{'items': [{'sku': '%s'}]%s}", sku,
            skus[1] ? "" : ", 'next': null");
        expect(state, expected);
        after = skus[1] ? told(state, "next") : "";
    }
}

static void equal_names_are_not_lost_between_pages(void **state)
{
    expect_walk(state, "'sort': 'name'", "abdc");
}

static void equal_prices_are_not_lost_between_pages(void **state)
{
    expect_walk(state, "'sort': 'price', 'currency': 'EUR'", "dacb");
    expect_walk(state, "'sort': '-price', 'currency': 'EUR'", "bcad");
    expect_walk(state, "'sort': 'price', 'currency': 'USD'", "b");
}

static void the_newest_come_first(void **state)
{
    run_sql(state,
        "UPDATE product.shelf SET id = ('00000000-0000-7000-8000-00000000000' ||"
        " CASE sku WHEN 'c' THEN 1 WHEN 'a' THEN 2 WHEN 'd' THEN 3 ELSE 4 END)::uuid");
    expect_walk(state, "'sort': 'newest'", "bdac");
}

static void a_category_has_all_below_it(void **state)
{
    expect_walk(state, "'category': 'home'", "bcd");
    expect_walk(state, "'category': 'cups', 'sort': 'price', 'currency': 'EUR'", "db");
    ask(state, "product.list", "{'category': 'nowhere'}");
    expect(state, "{'items': [], 'next': null}");
}

static void filters_go_together(void **state)
{
    expect_walk(state, "'attribute': ['colour:blue']", "bd");
    expect_walk(state, "'attribute': ['colour:blue', 'size:L']", "b");
    expect_walk(state, "'attribute': ['colour:blue'], 'category': 'home', 'name': 'MU'", "bd");
    expect_walk(state, "'category': 'home', 'currency': 'EUR', 'price_min': 400", "bc");
    expect_walk(state, "'currency': 'EUR', 'price_min': 400, 'price_max': 500", "ac");
    expect_walk(state, "'currency': 'EUR', 'price_min': 500, 'sort': 'price'", "acb");
    expect_walk(state, "'currency': 'EUR', 'price_max': 500, 'sort': '-price'", "cad");
    ask(state, "product.list", "{'attribute': ['colour:red']}");
    expect(state, "{'items': [], 'next': null}");
}

static void a_name_begins_in_letters_of_either_case(void **state)
{
    expect_walk(state, "'name': 'É', 'sort': 'name'", "c");
    expect_walk(state, "'name': 'L'", "a");
    expect_walk(state, "'name': 'mUg', 'sort': 'name'", "bd");
}

static void only_staff_sees_what_is_not_published(void **state)
{
    ask(state, "product.list", "{'status': 'unpublished'}");
    expect_error(state, "forbidden", "unpublished");
    as_staff(state);
    expect_walk(state, "'status': 'unpublished'", "z");
    ask(state, "product.list", "{'status': 'archived'}");
    expect(state, "{'items': []}");
}

static void what_makes_no_sense_is_named(void **state)
{
    ask(state, "product.list", "{'attribute': ['a:b', 'blue']}");
    expect_error(state, "invalid", "NAME:VALUE");
    ask(state, "product.list", "{'sort': 'price'}");
    expect_error(state, "invalid", "required where prices are compared");
    ask(state, "product.list", "{'currency': 'EUR', 'price_min': 5, 'price_max': 4}");
    expect_error(state, "invalid", "below price_min");
    ask(state, "product.list", "{'sort': 'name', 'after': 'c'}");
    expect_error(state, "invalid", "is no `next`");
    ask(state, "product.list", "{'sort': 'newest', 'after': 'YQ.YQ'}");
    expect_error(state, "invalid", "is no `next`");
}

/* Many that do not fit lie between those that do: a page ends early, and says where to go on. */
static void a_page_looks_at_so_much_and_no_more(void **state)
{
    run_sql(state,
        "INSERT INTO product.shelf (sku, shelf, status, id, name)"
        " SELECT 'c' || lpad(i::text, 5, '0'), 'category:home', 'published', gen_random_uuid(), 'x'"
        " FROM generate_series(1, 3000) AS i");
    ask(state, "product.list", "{'category': 'home', 'currency': 'EUR'}");
    expect(state, "{'items': [{'sku': 'b'}, {'sku': 'c'}], 'next': 'c01998'}");
    ask(state, "product.list", "{'category': 'home', 'currency': 'EUR', 'after': 'c01998'}");
    expect(state, "{'items': [{'sku': 'd'}], 'next': null}");
}

static void a_summary_has_the_first_picture(void **state)
{
    ask(state, "product.put",
        "{'products': [{'sku': 'p', 'name': 'P', 'price': {'amount': 1, 'currency': 'EUR'},"
        " 'pictures': [{'url': 'https://example.com/2', 'position': 2},"
        " {'url': 'https://example.com/1', 'position': 1}]}]}");
    ask(state, "product.list", "{'name': 'p'}");
    expect(state, "{'items': [{'sku': 'p', 'pictures': [{'url': 'https://example.com/1'}]}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(by_sku_unless_said_otherwise, begin),
        cmocka_unit_test_setup(equal_names_are_not_lost_between_pages, begin),
        cmocka_unit_test_setup(equal_prices_are_not_lost_between_pages, begin),
        cmocka_unit_test_setup(the_newest_come_first, begin),
        cmocka_unit_test_setup(a_category_has_all_below_it, begin),
        cmocka_unit_test_setup(filters_go_together, begin),
        cmocka_unit_test_setup(a_name_begins_in_letters_of_either_case, begin),
        cmocka_unit_test_setup(only_staff_sees_what_is_not_published, begin),
        cmocka_unit_test_setup(what_makes_no_sense_is_named, begin),
        cmocka_unit_test_setup(a_page_looks_at_so_much_and_no_more, begin),
        cmocka_unit_test_setup(a_summary_has_the_first_picture, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
