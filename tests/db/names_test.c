/* Parameters are found by name, wherever a statement has them and nowhere else. */
#include "../../db/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void expect_numbered(const char *sql, const char *text, const char *names)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_named_t named;
    char found[200] = "";
    assert_true(souk_names_number(sql, pool, &named));
    assert_string_equal(named.text, text);
    for (size_t i = 0; i < named.count; i++)
        sprintf(found + strlen(found), "%s%s", i ? " " : "", named.names[i]);
    assert_string_equal(found, names);
}

static void names_become_numbers(void **state)
{
    (void)state;
    expect_numbered("SELECT :sku", "SELECT $1", "sku");
    expect_numbered("VALUES (:a, :total_amount,:b2)", "VALUES ($1, $2,$3)", "a total_amount b2");
    expect_numbered("a=:a AND b=:b OR c=:a", "a=$1 AND b=$2 OR c=$1", "a b");
    expect_numbered("SELECT 1", "SELECT 1", "");
    expect_numbered("", "", "");
}

static void a_name_that_begins_another_is_its_own(void **state)
{
    (void)state;
    expect_numbered(":ab, :a, :abc", "$1, $2, $3", "ab a abc");
}

static void casts_slices_and_assignments_stay(void **state)
{
    (void)state;
    expect_numbered("x::text", "x::text", "");
    expect_numbered(":x::text[]", "$1::text[]", "x");
    expect_numbered("f(a := 1)", "f(a := 1)", "");
    expect_numbered("list[1:n]", "list[1:n]", "");
    expect_numbered("list[:n]", "list[$1]", "n");
    expect_numbered("a : b", "a : b", "");
}

static void texts_stay(void **state)
{
    (void)state;
    expect_numbered("':x' || :y", "':x' || $1", "y");
    expect_numbered("'it''s :x' || :y", "'it''s :x' || $1", "y");
    expect_numbered("E'\\':x' || :y", "E'\\':x' || $1", "y");
    expect_numbered("name':x\\' || :y", "name':x\\' || $1", "y");
    expect_numbered("\":x\" = :y", "\":x\" = $1", "y");
    expect_numbered("$$ :x $$ || :y", "$$ :x $$ || $1", "y");
    expect_numbered("$a$ :x $$ :z $a$ || :y", "$a$ :x $$ :z $a$ || $1", "y");
    expect_numbered("' :x", "' :x", "");
    expect_numbered("$a$ :x", "$a$ :x", "");
}

static void comments_stay(void **state)
{
    (void)state;
    expect_numbered("1 -- :x\n+ :y", "1 -- :x\n+ $1", "y");
    expect_numbered("1 /* :x /* :z */ :x */ + :y", "1 /* :x /* :z */ :x */ + $1", "y");
    expect_numbered("/* :x", "/* :x", "");
    expect_numbered("3 - -:y", "3 - -$1", "y");
    expect_numbered("6 / :y", "6 / $1", "y");
}

static void there_is_a_bound_on_parameters(void **state)
{
    (void)state;
    owned(souk_pool) pool = souk_pool_new();
    souk_named_t named;
    char sql[1000] = "";
    for (int i = 0; i < SOUK_PARAMETERS_MAX; i++)
        sprintf(sql + strlen(sql), " :a%d", i);
    assert_true(souk_names_number(sql, pool, &named));
    assert_int_equal(named.count, SOUK_PARAMETERS_MAX);
    assert_non_null(strstr(named.text, " $64"));
    strcat(sql, " :one_more");
    assert_false(souk_names_number(sql, pool, &named));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_numbers),
        cmocka_unit_test(a_name_that_begins_another_is_its_own),
        cmocka_unit_test(casts_slices_and_assignments_stay),
        cmocka_unit_test(texts_stay),
        cmocka_unit_test(comments_stay),
        cmocka_unit_test(there_is_a_bound_on_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
