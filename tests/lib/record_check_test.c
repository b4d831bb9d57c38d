/* Tables that do not fit together are told apart from those that do. */
#include "shapes.h"

struct thing {
    const char *name;
    int count;
    souk_list_t parts;
    souk_money_t price;
};

static const char *const colours[] = { "red", NULL };

static void the_tables_of_the_shop_are_sound(void **state)
{
    assert_null(souk_record_check(&souk_money, *state));
    assert_null(souk_record_check(&souk_nothing, *state));
    assert_null(souk_record_check(&line, *state));
    assert_null(souk_record_check(&order, *state));
    assert_null(souk_record_check(&category, *state));
}

static const struct {
    souk_field_t field;
    const char *why;
} misfits[] = {
    { FIELD(thing, count, .min = 2, .max = 1), "thing.count: .min is above .max" },
    { FIELD(thing, count, .max = INT64_MAX), "thing.count: .max is no int" },
    { FIELD(thing, count, .min = INT64_MIN), "thing.count: .min is no int" },
    { FIELD(thing, name, .min = -1), "thing.name: its size has a bound below 0" },
    { FIELD(thing, name, .min = 5000), "thing.name: .min is above .max" },
    { FIELD(thing, name, .max = INT64_MAX), "thing.name: .max is more than a frame holds" },
    { FIELD(thing, parts, .min = 2, .max = 1), "thing.parts: .min is above .max" },
    { FIELD(thing, price, .max = 1), "thing.price: its type has no .min and .max" },
    { FIELD(thing, price, .of = NULL), "thing.price: a record needs .of" },
    { FIELD(thing, count, .of = &line), "thing.count: only lists and records have .of" },
    { FIELD(thing, count, .offset = 1 << 20), "thing.count: it lies outside of its struct" },
    { FIELD(thing, count, .offset = sizeof(struct thing) - 3),
        "thing.count: it lies outside of its struct" },
    { FIELD(thing, count, .one_of = colours), "thing.count: only texts have .format and .one_of" },
    { FIELD(thing, parts, .of = &line, .format = SOUK_UUID),
        "thing.parts: only texts have .format and .one_of" },
    { FIELD(thing, count, .fallback = "few"), "thing.count: its .fallback is of another type" },
    { FIELD(thing, count, .max = 5, .fallback = "6"), "thing.count: its .fallback is not allowed" },
    { FIELD(thing, name, .one_of = colours, .fallback = "blue"),
        "thing.name: its .fallback is not allowed" },
    { FIELD(thing, parts, .fallback = "1"),
        "thing.parts: values, lists and records have no .fallback" },
    { FIELD(thing, count, .type = (souk_type_t)99), "thing.count: its type or format is unknown" },
    { FIELD(thing, count, .name = "Count"),
        "thing.Count: a name is [a-z][a-z0-9_]*, not longer than 64" },
    { FIELD(thing, count, .name = ""), "thing.: a name is [a-z][a-z0-9_]*, not longer than 64" },
};

static void one_line_says_what_is_wrong_with_a_field(void **state)
{

    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        souk_record_t record = { .name = "thing", .size = sizeof(struct thing) };
        const char *why;

        record.fields[0] = misfits[i].field;
        why = souk_record_check(&record, *state);
        assert_non_null(why);
        assert_string_equal(why, misfits[i].why);
    }
}

static void two_fields_of_one_name_are_refused(void **state)
{
    static const souk_record_t twice = {
        .name = "thing",
        .size = sizeof(struct thing),
        .fields = { FIELD(thing, name), FIELD(thing, count, .name = "name") },
    };

    assert_string_equal(souk_record_check(&twice, *state),
        "thing.name: there are two of this name");
}

static void a_record_without_name_or_size_is_refused(void **state)
{
    assert_non_null(souk_record_check(&(souk_record_t){ .size = 1 }, *state));
    assert_string_equal(souk_record_check(&(souk_record_t){ .name = "thing" }, *state),
        "thing: its .size is 0");
}

static void a_record_in_itself_is_refused_but_a_list_of_itself_is_not(void **state)
{
    souk_record_t record = { .name = "thing", .size = sizeof(struct thing) };

    record.fields[0] = (souk_field_t){ .name = "self", .type = SOUK_RECORD, .of = &record };
    assert_string_equal(souk_record_check(&record, *state), "thing.self: a record contains itself");
    record.fields[0] = (souk_field_t){ .name = "many", .type = SOUK_LIST, .of = &record };
    assert_null(souk_record_check(&record, *state));
}

static void records_go_only_so_deep(void **state)
{
    souk_record_t chain[SOUK_DEPTH_MAX] = { 0 };
    size_t sound = SOUK_DEPTH_MAX - 2;

    for (size_t i = 0; i < SOUK_DEPTH_MAX; i++) {
        chain[i] = (souk_record_t){ .name = "link", .size = sizeof(souk_list_t) };
        if (i)
            chain[i].fields[0] =
                (souk_field_t){ .name = "next", .type = SOUK_LIST, .of = &chain[i - 1] };
    }
    assert_null(souk_record_check(&chain[sound - 1], *state));
    assert_string_equal(souk_record_check(&chain[sound], *state),
        "link: it is too deep in other records");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(the_tables_of_the_shop_are_sound),
        POOLED(one_line_says_what_is_wrong_with_a_field),
        POOLED(two_fields_of_one_name_are_refused),
        POOLED(a_record_without_name_or_size_is_refused),
        POOLED(a_record_in_itself_is_refused_but_a_list_of_itself_is_not),
        POOLED(records_go_only_so_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
