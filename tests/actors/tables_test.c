/* All actors held together: what one asks, another answers, and asks never form a circle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/actor.h"

typedef void visit_ask_fn(const souk_operation_t *asking, const souk_ask_t *ask);

static const souk_operation_t *find_operation(const char *name)
{
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    return NULL;
}

static void for_asks_of(const souk_operation_t *row, visit_ask_fn *visit)
{
    for (size_t i = 0; i < SOUK_ASKS_MAX && row->asks[i]; i++)
        visit(row, row->asks[i]);
    for (size_t i = 0; row->saga && i < SOUK_STEPS_MAX && row->saga->steps[i].name; i++) {
        if (row->saga->steps[i].ask)
            visit(row, row->saga->steps[i].ask);
        if (row->saga->steps[i].undo)
            visit(row, row->saga->steps[i].undo);
    }
}

static void for_all_asks(visit_ask_fn *visit)
{
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            for_asks_of(row, visit);
}

/* Whoever reads to finds all that it must have in what from writes. */
static void records_fit(const char *where, const souk_record_t *from, const souk_record_t *to)
{
    for (size_t i = 0; i < souk_record_count(to); i++) {
        const souk_field_t *wanted = &to->fields[i];
        const souk_field_t *found = souk_record_field(from, wanted->name);
        bool may_lack = wanted->optional || wanted->fallback;
        if (!found && may_lack)
            continue;
        if (!found || found->type != wanted->type || (found->optional && !may_lack))
            fail_msg("%s: %s does not fit %s in %s", where, wanted->name, to->name, from->name);
        if (!found->of != !wanted->of)
            fail_msg("%s: %s in %s is something else", where, wanted->name, from->name);
        if (wanted->of)
            records_fit(where, found->of, wanted->of);
    }
}

static void fields_are_known(const char *where, const souk_record_t *from, const souk_record_t *to)
{
    for (size_t i = 0; i < souk_record_count(from); i++)
        if (!souk_record_field(to, from->fields[i].name))
            fail_msg("%s: nobody reads %s", where, from->fields[i].name);
}

static void ask_fits(const souk_operation_t *asking, const souk_ask_t *ask)
{
    const souk_operation_t *asked = find_operation(ask->operation);
    char where[200];
    snprintf(where, sizeof where, "%s asks %s", asking->name, ask->operation);
    if (!asked)
        fail_msg("%s, which no actor has", where);
    records_fit(where, ask->takes, asked->request);
    fields_are_known(where, ask->takes, asked->request);
    records_fit(where, asked->reply, ask->gives);
}

static void every_ask_fits_the_operation_it_names(void **state)
{
    for_all_asks(ask_fits);
}

static bool declares(const souk_operation_t *row, const souk_error_t *error)
{
    for (size_t i = 0; i < SOUK_ERRORS_MAX && row->errors[i]; i++)
        if (strcmp(row->errors[i]->code, error->code) == 0)
            return row->errors[i]->kind == error->kind;
    return false;
}

static void errors_are_declared(const souk_operation_t *asking, const souk_ask_t *ask)
{
    const souk_operation_t *asked = find_operation(ask->operation);
    for (size_t i = 0; i < SOUK_ERRORS_MAX && asked->errors[i]; i++) {
        const souk_error_t *error = asked->errors[i];
        if (!declares(asking, error))
            fail_msg("%s asks %s, but does not have its error %s as it is there", asking->name,
                ask->operation, error->code);
    }
}

static void every_error_of_an_ask_is_known_to_who_asks(void **state)
{
    for_all_asks(errors_are_declared);
}

static void only_what_can_be_asked_twice_is_asked_by_a_saga(const souk_operation_t *asking,
    const souk_ask_t *ask)
{
    if (asking->saga && !find_operation(ask->operation)->repeatable)
        fail_msg("%s asks %s, which is not repeatable", asking->name, ask->operation);
}

static void every_ask_can_be_repeated(void **state)
{
    for_all_asks(only_what_can_be_asked_twice_is_asked_by_a_saga);
}

/* An operation that waits for one that waits for it would wait for ever. Depth first: a chain
   longer than there are operations has been in a circle. */
static int depth, operations;

static void follow(const souk_operation_t *asking, const souk_ask_t *ask)
{
    if (++depth > operations)
        fail_msg("asks form a circle, by way of %s", ask->operation);
    for_asks_of(find_operation(ask->operation), follow);
    depth--;
}

static void asks_never_form_a_circle(void **state)
{
    operations = 0;
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            operations++;
    depth = 0;
    for_all_asks(follow);
}

/* A handler holds one of its service's threads while it waits: so that no two services wait for
   each other's, only those are waited for whose handlers ask nobody. */
static void who_is_waited_for_does_not_wait(const souk_operation_t *asking, const souk_ask_t *ask)
{
    size_t size = strcspn(ask->operation, ".") + 1;
    for (size_t i = 0; asking->handler && souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            if (strncmp(row->name, ask->operation, size) == 0 && row->handler && row->asks[0])
                fail_msg("%s waits for %s, whose service waits itself", asking->name,
                    ask->operation);
}

static void threads_never_wait_for_each_other(void **state)
{
    for_all_asks(who_is_waited_for_does_not_wait);
}

static void every_table_holds_by_itself(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; souk_actors[i]; i++) {
        const char *why = souk_actor_check(souk_actors[i], pool);
        if (why)
            fail_msg("%s", why);
    }
}

static void no_two_operations_have_the_same_route(void **state)
{
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            for (size_t k = 0; row->http && souk_actors[k]; k++)
                for (const souk_operation_t *other = souk_actors[k]->operations; other->name;
                     other++)
                    if (other != row && other->http && strcmp(row->http, other->http) == 0)
                        fail_msg("%s and %s are both %s", row->name, other->name, row->http);
}

/* Whoever does not know whether it was done must be able to ask again. What is signed has a name of
   its own in it. */
static void every_post_minds_a_key(void **state)
{
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            if (row->http && strncmp(row->http, "POST ", 5) == 0 && !souk_operation_keyed(row) &&
                !row->signature)
                fail_msg("%s is %s, and minds no key", row->name, row->http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_holds_by_itself),
        cmocka_unit_test(every_ask_fits_the_operation_it_names),
        cmocka_unit_test(every_error_of_an_ask_is_known_to_who_asks),
        cmocka_unit_test(every_ask_can_be_repeated),
        cmocka_unit_test(asks_never_form_a_circle),
        cmocka_unit_test(threads_never_wait_for_each_other),
        cmocka_unit_test(no_two_operations_have_the_same_route),
        cmocka_unit_test(every_post_minds_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
