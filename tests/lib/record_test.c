/* What holds for one field, whatever it is decoded from. */
#include "shapes.h"

typedef union {
    bool yes;
    int number;
    int64_t long_number;
    double real;
    const char *text;
    souk_time_t time;
} value_t;

static const char *const sizes[] = { "small", "large", NULL };

static const char *first_message(const souk_flaws_t *flaws)
{
    return flaws->count ? flaws->items[0].message : NULL;
}

static void assert_same_text(const char *is, const char *want)
{
    if (!is || !want)
        assert_ptr_equal(is, want);
    else
        assert_string_equal(is, want);
}

static void whole_numbers_are_held_against_type_and_bounds(void **state)
{
    static const struct {
        souk_field_t field;
        int64_t number;
        const char *message;
    } cases[] = {
        { { .type = SOUK_INT }, INT32_MAX, NULL },
        { { .type = SOUK_INT }, INT32_MIN, NULL },
        { { .type = SOUK_INT }, (int64_t)INT32_MAX + 1, "must be from -2147483648 to 2147483647" },
        { { .type = SOUK_INT, .min = 1 }, INT64_MIN, "must be from -2147483648 to 2147483647" },
        { { .type = SOUK_INT, .min = 1, .max = 99 }, 1, NULL },
        { { .type = SOUK_INT, .min = 1, .max = 99 }, 0, "must be at least 1" },
        { { .type = SOUK_INT, .min = 1, .max = 99 }, 100, "must be at most 99" },
        { { .type = SOUK_INT, .max = 99 }, -1, "must be at least 0" },
        { { .type = SOUK_INT, .min = 1 }, INT32_MAX, NULL },
        { { .type = SOUK_INT, .min = -5, .max = -2 }, -1, "must be at most -2" },
        { { .type = SOUK_LONG }, INT64_MIN, NULL },
        { { .type = SOUK_LONG, .max = 5 }, INT64_MAX, "must be at most 5" },
        { { .type = SOUK_TIME }, 0, NULL },
        { { .type = SOUK_TIME }, INT64_MAX, "must be a time between the years 0 and 9999" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };
        value_t value = { 0 };

        souk_field_number(&cases[i].field, cases[i].number, &value, &flaws, *state, NULL);
        assert_true(flaws.count <= 1);
        assert_same_text(first_message(&flaws), cases[i].message);
    }
}

static void texts_are_held_against_length_format_and_choice(void **state)
{
    static const struct {
        souk_field_t field;
        const char *text;
        const char *message;
    } cases[] = {
        { { .type = SOUK_TEXT }, "", NULL },
        { { .type = SOUK_TEXT, .min = 1 }, "", "must have at least 1 character" },
        { { .type = SOUK_TEXT, .min = 2 }, "é", "must have at least 2 characters" },
        { { .type = SOUK_TEXT, .max = 2 }, "€€", NULL },
        { { .type = SOUK_TEXT, .max = 2 }, "abc", "must have at most 2 characters" },
        { { .type = SOUK_TEXT }, "\xff", "must be UTF-8 without NUL" },
        { { .type = SOUK_TEXT, .format = SOUK_EMAIL }, "ann", "must be an email address" },
        { { .type = SOUK_TEXT, .format = SOUK_UUID }, "7", "must be a UUID" },
        { { .type = SOUK_TEXT, .format = SOUK_COUNTRY }, "XX",
            "must be a country's ISO 3166-1 code, such as DE" },
        { { .type = SOUK_TEXT, .format = SOUK_REGION }, "Bavaria",
            "must be a region's ISO 3166-2 code without the country, such as CA or BY" },
        { { .type = SOUK_TEXT, .format = SOUK_URL }, "ftp://a", "must be a URL of http or https" },
        { { .type = SOUK_TEXT, .format = SOUK_PASSWORD }, "Password1",
            "must not be one of the commonest passwords" },
        { { .type = SOUK_TEXT, .format = SOUK_NO_CARD }, "4242 4242 4242 4242",
            "must not hold the number of a payment card" },
        { { .type = SOUK_TEXT, .one_of = sizes }, "large", NULL },
        { { .type = SOUK_TEXT, .one_of = sizes }, "huge", "must be one of: small, large" },
        { { .type = SOUK_LIST, .max = 1 }, "an item may be longer", NULL },
        { { .type = SOUK_LIST, .one_of = sizes }, "huge", "must be one of: small, large" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };
        souk_bytes_t bytes = { cases[i].text, strlen(cases[i].text) };

        souk_field_text(&cases[i].field, bytes, &flaws, *state, NULL);
        assert_same_text(first_message(&flaws), cases[i].message);
    }
}

static void a_text_without_a_bound_has_the_librarys(void **state)
{
    char text[SOUK_TEXT_MAX + 1];
    souk_field_t field = { .type = SOUK_TEXT };
    souk_flaws_t flaws = { 0 };

    memset(text, 'x', sizeof text);
    souk_field_text(&field, (souk_bytes_t){ text, SOUK_TEXT_MAX }, &flaws, *state, NULL);
    assert_int_equal(flaws.count, 0);
    souk_field_text(&field, (souk_bytes_t){ text, SOUK_TEXT_MAX + 1 }, &flaws, *state, NULL);
    assert_same_text(first_message(&flaws), "must have at most 4096 characters");
}

static void an_id_is_taken_in_capitals_and_kept_in_small_letters(void **state)
{
    souk_field_t field = { .type = SOUK_TEXT, .format = SOUK_UUID };
    souk_bytes_t bytes = { "01890A5D-AC96-774B-BCCE-B302099A8057", 36 };
    souk_flaws_t flaws = { 0 };

    assert_string_equal(souk_field_text(&field, bytes, &flaws, *state, NULL), ORDER_ID);
    assert_int_equal(flaws.count, 0);
}

static void a_number_that_is_none_is_refused(void **state)
{
    souk_field_t field = { .type = SOUK_DOUBLE, .max = 5 };
    double cases[] = { 0.0 / 0.0, 1 / 0.0, -1 / 0.0, 5.001, -0.1 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };

        souk_field_check(&field, &cases[i], &flaws, *state, NULL);
        assert_int_equal(flaws.count, 1);
    }
}

static void what_is_absent_gets_its_fallback_or_is_asked_for(void **state)
{
    static const souk_field_t optional = { .type = SOUK_INT, .optional = true };
    static const souk_field_t fallback = { .type = SOUK_INT, .fallback = "20" };
    static const souk_field_t text = { .type = SOUK_TEXT, .fallback = "eur" };
    static const souk_field_t required = { .type = SOUK_LIST };
    souk_flaws_t flaws = { 0 };
    souk_list_t list = { (void *)"", 3 };
    value_t value = { .number = 5 };

    souk_field_absent(&optional, &value, &flaws, *state, NULL);
    assert_int_equal(value.number, 0);
    souk_field_absent(&fallback, &value, &flaws, *state, NULL);
    assert_int_equal(value.number, 20);
    souk_field_absent(&text, &value, &flaws, *state, NULL);
    assert_string_equal(value.text, "eur");
    assert_int_equal(flaws.count, 0);
    souk_field_absent(&required, &list, &flaws, *state, NULL);
    assert_int_equal(list.count, 0);
    assert_same_text(first_message(&flaws), "is required");
}

static void a_parameter_is_read_strictly(void **state)
{
    static const struct {
        souk_type_t type;
        const char *text;
        bool fits;
    } cases[] = {
        { SOUK_INT, "7", true },
        { SOUK_INT, "-7", true },
        { SOUK_INT, "2147483647", true },
        { SOUK_INT, "2147483648", false },
        { SOUK_INT, "", false },
        { SOUK_INT, "-", false },
        { SOUK_INT, " 7", false },
        { SOUK_INT, "7 ", false },
        { SOUK_INT, "+7", false },
        { SOUK_INT, "0x7", false },
        { SOUK_INT, "7.0", false },
        { SOUK_LONG, "9223372036854775807", true },
        { SOUK_LONG, "9223372036854775808", false },
        { SOUK_LONG, "-9223372036854775808", true },
        { SOUK_DOUBLE, "1.5e3", true },
        { SOUK_DOUBLE, "1e999", false },
        { SOUK_DOUBLE, "nan", false },
        { SOUK_DOUBLE, "inf", false },
        { SOUK_DOUBLE, "1.5x", false },
        { SOUK_DOUBLE, "-", false },
        { SOUK_BOOL, "true", true },
        { SOUK_BOOL, "false", true },
        { SOUK_BOOL, "1", false },
        { SOUK_TIME, "2026-01-31T23:59:59Z", true },
        { SOUK_TIME, "2026-01-31", false },
        { SOUK_TEXT, "", true },
        { SOUK_LIST, "a", false },
        { SOUK_RECORD, "a", false },
    };
    value_t value;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_field_t field = { .type = cases[i].type };

        if (souk_field_parse(&field, cases[i].text, &value) != cases[i].fits)
            fail_msg("%s as %s", cases[i].text, souk_type_name(cases[i].type));
    }
}

static void a_flaw_points_at_its_place(void **state)
{
    souk_place_t lines = { .name = "lines" };
    souk_place_t item = { .parent = &lines, .index = 12 };
    souk_place_t odd = { .parent = &item, .name = "a/b~c" };
    souk_flaws_t flaws = { 0 };

    souk_flaw(&flaws, *state, &odd, "must be at least %d", 1);
    souk_flaw(&flaws, *state, NULL, "is all wrong");
    assert_string_equal(flaws.items[0].pointer, "/lines/12/a~1b~0c");
    assert_string_equal(flaws.items[0].message, "must be at least 1");
    assert_string_equal(flaws.items[1].pointer, "");
}

static void only_so_many_flaws_are_told(void **state)
{
    souk_flaws_t flaws = { 0 };

    for (int i = 0; i < 1000; i++)
        souk_flaw(&flaws, *state, NULL, "%d", i);
    assert_int_equal(flaws.count, SOUK_FLAWS_MAX);
    assert_string_equal(flaws.items[SOUK_FLAWS_MAX - 1].message, "15");
}

static void types_and_formats_are_found_by_their_names(void **state)
{
    souk_type_t type;
    souk_format_t format;

    (void)state;
    for (int i = SOUK_BOOL; i <= SOUK_RECORD; i++) {
        assert_true(souk_type_named(souk_type_name((souk_type_t)i), &type));
        assert_int_equal(type, i);
    }
    for (int i = SOUK_ANY; i < SOUK_FORMATS; i++) {
        assert_true(souk_format_named(souk_format_name((souk_format_t)i), &format));
        assert_int_equal(format, i);
    }
    assert_false(souk_type_named("blob", &type));
    assert_false(souk_format_named("phone", &format));
}

static void a_field_is_found_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(souk_record_count(&order), 13);
    assert_int_equal(souk_record_count(&souk_nothing), 0);
    assert_ptr_equal(souk_record_field(&order, "lines")->of, &line);
    assert_ptr_equal(souk_record_field(&order, "total")->of, &souk_money);
    assert_null(souk_record_field(&order, "colour"));
    assert_int_equal(souk_field_size(souk_record_field(&order, "total")), sizeof(souk_money_t));
    assert_int_equal(souk_item_size(souk_record_field(&order, "lines")), sizeof(struct line));
    assert_int_equal(souk_item_size(souk_record_field(&order, "tags")), sizeof(const char *));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(whole_numbers_are_held_against_type_and_bounds),
        POOLED(texts_are_held_against_length_format_and_choice),
        POOLED(a_text_without_a_bound_has_the_librarys),
        POOLED(an_id_is_taken_in_capitals_and_kept_in_small_letters),
        POOLED(a_number_that_is_none_is_refused),
        POOLED(what_is_absent_gets_its_fallback_or_is_asked_for),
        POOLED(a_parameter_is_read_strictly),
        POOLED(a_flaw_points_at_its_place),
        POOLED(only_so_many_flaws_are_told),
        POOLED(types_and_formats_are_found_by_their_names),
        POOLED(a_field_is_found_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
