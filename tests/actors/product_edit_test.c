/* What staff does to products. */
#include "../support/conversation.h"

extern const souk_actor_t product_actor;

static int open(void **state)
{
    return conversation_open(state, &product_actor);
}

static int begin(void **state)
{
    conversation_begin(state);
    as_staff(state);
    ask(state, "product.create",
        "{'sku': 'shirt', 'name': 'Shirt', 'price': {'amount': 2000, 'currency': 'EUR'},"
        " 'options': [{'name': 'size', 'values': ['S', 'L']}],"
        " 'variants': [{'sku': 'shirt-s', 'values': ['S']}, {'sku': 'shirt-l', 'values': ['L']}]}");
    expect(state, "{'sku': 'shirt', 'status': 'unpublished', 'version': 1}");
    return 0;
}

#define MUG "'name': 'Mug', 'price': {'amount': 600, 'currency': 'EUR'}"

static void what_is_new_is_for_staff_only_until_it_is_published(void **state)
{
    ask(state, "product.get", "{'sku': 'shirt-s'}");
    expect(state, "{'sku': 'shirt'}");
    as_customer(state, NULL);
    ask(state, "product.get", "{'sku': 'shirt'}");
    expect_error(state, "no_such_product", "shirt");
    ask(state, "product.get", "{'sku': 'shirt-s'}");
    expect_error(state, "no_such_product", "shirt-s");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt-s', 'quantity': 1}]}");
    expect_error(state, "unknown_sku", "shirt-s");
    ask(state, "product.list", "{}");
    expect(state, "{'items': []}");

    as_staff(state);
    ask(state, "product.publish", "{'sku': 'shirt', 'published': true}");
    expect(state, "{'status': 'published', 'version': 2}");
    as_customer(state, NULL);
    ask(state, "product.get", "{'sku': 'shirt-s'}");
    expect(state, "{'sku': 'shirt', 'version': 2}");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt-s', 'quantity': 1}]}");
    expect(state, "{'total': {'amount': 2000}}");
    ask(state, "product.list", "{}");
    expect(state, "{'items': [{'sku': 'shirt'}]}");
}

static void what_is_archived_is_kept_and_can_come_back(void **state)
{
    ask(state, "product.publish", "{'sku': 'shirt', 'published': true}");
    ask(state, "product.archive", "{'sku': 'shirt'}");
    expect(state, "{'status': 'archived', 'version': 3, 'variants': [{}, {}]}");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt-l', 'quantity': 1}]}");
    expect_error(state, "unknown_sku", "shirt-l");
    ask(state, "product.list", "{'status': 'archived'}");
    expect(state, "{'items': [{'sku': 'shirt'}]}");
    ask(state, "product.publish", "{'sku': 'shirt', 'published': false}");
    expect(state, "{'status': 'unpublished', 'version': 4}");
}

static void what_is_so_already_is_not_changed_again(void **state)
{
    ask(state, "product.publish", "{'sku': 'shirt', 'published': false}");
    expect(state, "{'version': 1}");
    expect_row(state, "SELECT count(*) FROM product.told WHERE topic NOT LIKE '%.called'", "1");
}

static void only_staff_changes_anything(void **state)
{
    as_customer(state, STAFF);
    ask(state, "product.create", "{'sku': 'mug', " MUG "}");
    expect_error(state, "forbidden", "");
    ask(state, "product.archive", "{'sku': 'shirt'}");
    expect_error(state, "forbidden", "");
}

static void a_sku_never_changes_its_owner(void **state)
{
    ask(state, "product.create", "{'sku': 'shirt', " MUG "}");
    expect_error(state, "sku_taken", "shirt");
    ask(state, "product.create", "{'sku': 'shirt-l', " MUG "}");
    expect_error(state, "sku_taken", "shirt-l");
    ask(state, "product.create",
        "{'sku': 'mug', " MUG ", 'options': [{'name': 'size', 'values': ['S']}],"
        " 'variants': [{'sku': 'shirt', 'values': ['S']}]}");
    expect_error(state, "sku_taken", "shirt");

    ask(state, "product.revise",
        "{'sku': 'shirt', 'name': 'Shirt', 'price': {'amount': 2000, 'currency': 'EUR'}}");
    expect(state, "{'variants': [], 'version': 2}");
    ask(state, "product.create", "{'sku': 'shirt-l', " MUG "}");
    expect_error(state, "sku_taken", "shirt-l");
}

static void what_it_is_not_sold_as_any_more_cannot_be_bought(void **state)
{
    ask(state, "product.publish", "{'sku': 'shirt', 'published': true}");
    ask(state, "product.revise",
        "{'sku': 'shirt', 'name': 'Shirt', 'price': {'amount': 1000, 'currency': 'EUR'}}");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt-l', 'quantity': 1}]}");
    expect_error(state, "unknown_sku", "shirt-l");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt', 'quantity': 1}]}");
    expect(state, "{'total': {'amount': 1000}}");
    expect_row(state, "SELECT string_agg(sku || ' ' || amount, ',') FROM product.offer_price",
        "shirt 1000");
}

static void a_key_makes_a_product_once(void **state)
{
    under_key(state, "k1");
    ask(state, "product.create", "{'sku': 'mug', " MUG "}");
    expect(state, "{'sku': 'mug'}");
    ask(state, "product.create", "{'sku': 'mug', " MUG "}");
    assert_int_equal(answers(state, "replayed"), 1);
    under_key(state, NULL);
    ask(state, "product.create", "{'sku': 'mug', " MUG "}");
    expect_error(state, "sku_taken", "mug");
}

static void who_saw_another_version_changes_nothing(void **state)
{
    ask(state, "product.revise", "{'sku': 'shirt', 'version': 1, " MUG "}");
    expect(state, "{'name': 'Mug', 'version': 2, 'status': 'unpublished'}");
    ask(state, "product.revise", "{'sku': 'shirt', 'version': 1, " MUG "}");
    expect_error(state, "stale", "version 2");
    ask(state, "product.publish", "{'sku': 'shirt', 'version': 1, 'published': true}");
    expect_error(state, "stale", "version 2");
    ask(state, "product.archive", "{'sku': 'shirt', 'version': 1}");
    expect_error(state, "stale", "version 2");
    ask(state, "product.archive", "{'sku': 'shirt', 'version': 2}");
    expect(state, "{'version': 3}");
}

static void what_is_not_given_stays(void **state)
{
    ask(state, "product.amend",
        "{'sku': 'shirt', 'version': 1, 'price': {'amount': 1900, 'currency': 'EUR'},"
        " 'attributes': [{'name': 'fabric', 'value': 'linen'}]}");
    expect(state,
        "{'name': 'Shirt', 'price': {'amount': 1900}, 'version': 2, 'status': 'unpublished',"
        " 'attributes': [{'name': 'fabric'}], 'variants': [{'sku': 'shirt-s'}, {}]}");
    ask(state, "product.amend", "{'sku': 'shirt', 'version': 1, 'name': 'Blouse'}");
    expect_error(state, "stale", "version 2");
    ask(state, "product.amend", "{'sku': 'shirt', 'options': [{'name': 'size', 'values': ['M']}]}");
    expect_error(state, "invalid", "option does not have");
    ask(state, "product.amend", "{'sku': 'shirt', 'categories': ['nowhere']}");
    expect_error(state, "unknown_category", "nowhere");
    ask(state, "product.amend", "{'sku': 'cup', 'name': 'Cup'}");
    expect_error(state, "no_such_product", "cup");
}

static void of_two_who_saw_the_same_version_one_changes_it(void **state)
{
    ask_often(state, 8, "product.revise", "{'sku': 'shirt', 'version': 1, " MUG "}");
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "stale"), 7);
}

static void of_many_who_make_the_same_product_one_does(void **state)
{
    ask_often(state, 8, "product.create", "{'sku': 'mug', " MUG "}");
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "sku_taken"), 7);
    expect_row(state, "SELECT count(*) FROM product.told WHERE topic NOT LIKE '%.called'", "2");
}

static void a_variant_is_changed_with_its_product(void **state)
{
    ask(state, "product.revise", "{'sku': 'shirt-s', " MUG "}");
    expect_error(state, "no_such_product", "shirt-s");
}

static void every_change_is_told_of(void **state)
{
    ask(state, "product.publish", "{'sku': 'shirt', 'published': true}");
    ask(state, "product.revise", "{'sku': 'shirt', " MUG "}");
    ask(state, "product.archive", "{'sku': 'shirt'}");
    expect_row(state,
        "SELECT string_agg(topic || ' ' || (body ->> 'version'), ', ' ORDER BY at)"
        " FROM product.told",
        "product.created 1, product.published 2, product.changed 3, product.archived 4");
}

static void what_does_not_go_together_is_named(void **state)
{
    ask(state, "product.create",
        "{'sku': 'mug', " MUG ", 'options': [{'name': 'size', 'values': ['S']}],"
        " 'variants': [{'sku': 'mug-s', 'values': ['M']}]}");
    expect_error(state, "invalid", "option does not have");
    ask(state, "product.create", "{'sku': 'mug', " MUG ", 'categories': ['nowhere']}");
    expect_error(state, "unknown_category", "nowhere");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_new_is_for_staff_only_until_it_is_published, begin),
        cmocka_unit_test_setup(what_is_archived_is_kept_and_can_come_back, begin),
        cmocka_unit_test_setup(what_is_so_already_is_not_changed_again, begin),
        cmocka_unit_test_setup(only_staff_changes_anything, begin),
        cmocka_unit_test_setup(a_sku_never_changes_its_owner, begin),
        cmocka_unit_test_setup(what_it_is_not_sold_as_any_more_cannot_be_bought, begin),
        cmocka_unit_test_setup(a_key_makes_a_product_once, begin),
        cmocka_unit_test_setup(who_saw_another_version_changes_nothing, begin),
        cmocka_unit_test_setup(what_is_not_given_stays, begin),
        cmocka_unit_test_setup(of_two_who_saw_the_same_version_one_changes_it, begin),
        cmocka_unit_test_setup(of_many_who_make_the_same_product_one_does, begin),
        cmocka_unit_test_setup(a_variant_is_changed_with_its_product, begin),
        cmocka_unit_test_setup(every_change_is_told_of, begin),
        cmocka_unit_test_setup(what_does_not_go_together_is_named, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
