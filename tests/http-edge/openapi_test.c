/* The OpenAPI document of a small service. Whether OpenAPI's own rules are kept is for
   tests/system/openapi_test.py, which has a validator. */
#include "stall.h"

#include <jansson.h>

#include "../../http-edge/openapi.h"

/* The document of the services of these actors; the caller owns it. */
static json_t *document_of(const souk_actor_t *const *actors, size_t count)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t services = { 0 };
    souk_bytes_t text;

    for (size_t i = 0; i < count; i++) {
        struct souk_description *description = souk_pool_alloc(pool, sizeof *description);
        souk_describe(actors[i], description, pool);
        *(souk_service_t **)souk_list_add(&services, pool, sizeof(void *)) =
            souk_service_of(description);
    }
    text = souk_openapi(&services, pool);
    for (size_t i = 0; i < count; i++)
        souk_service_release((souk_service_t **)services.items + i);
    return json_loadb(text.data, text.size, 0, NULL);
}

/* What is at a place such as {"paths", "/v1/me", NULL}. */
static json_t *at(json_t *json, const char *const *place)
{
    for (; *place && json; place++)
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(*place))
                                   : json_object_get(json, *place);
    return json;
}

#define AT(json, ...) at(json, (const char *const[]){ __VA_ARGS__, NULL })

static void the_document_says_what_the_tables_say(void **state)
{
    static const struct {
        const char *place[10];
        const char *text;
    } cases[] = {
        { { "openapi" }, "3.1.0" },
        { { "paths", "/v1/wares/{id}", "get", "operationId" }, "stall.show" },
        { { "paths", "/v1/wares/{id}", "get", "summary" }, "One ware." },
        { { "paths", "/v1/wares/{id}", "get", "parameters", "0", "in" }, "path" },
        { { "paths", "/v1/wares/{id}", "get", "parameters", "0", "schema", "description" },
            "what it is known by" },
        { { "paths", "/v1/wares/{id}", "get", "parameters", "1", "in" }, "query" },
        { { "paths", "/v1/wares/{id}", "get", "responses", "200", "content", "application/json",
              "schema", "$ref" },
            "#/components/schemas/ware" },
        { { "paths", "/v1/wares/{id}", "post", "responses", "409", "content",
              "application/problem+json", "schema", "$ref" },
            "#/components/schemas/problem" },
        { { "paths", "/v1/sales", "post", "parameters", "0", "name" }, "Idempotency-Key" },
        { { "paths", "/v1/sales", "post", "requestBody", "content", "application/json", "schema",
              "$ref" },
            "#/components/schemas/ware.given" },
        { { "components", "schemas", "ware", "properties", "tags", "items", "type" }, "string" },
        { { "components", "securitySchemes", "bearer", "scheme" }, "bearer" },
    };
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = json_string_value(at(document, cases[i].place));
        assert_non_null(text);
        assert_string_equal(text, cases[i].text);
    }
    json_decref(document);
}

static void numbers_have_their_bounds_and_lists_theirs(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *fields = AT(document, "components", "schemas", "ware", "properties");

    (void)state;
    assert_int_equal(json_integer_value(AT(fields, "count", "minimum")), 1);
    assert_int_equal(json_integer_value(AT(fields, "count", "maximum")), 9);
    assert_int_equal(json_integer_value(AT(fields, "count", "default")), 1);
    assert_int_equal(json_integer_value(AT(fields, "name", "maxLength")), 20);
    assert_int_equal(json_integer_value(AT(fields, "tags", "maxItems")), 3);
    assert_int_equal(json_array_size(AT(document, "components", "schemas", "ware", "required")), 1);
    json_decref(document);
}

static void problems_and_keys_are_told_as_they_are_checked(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *key = AT(document, "paths", "/v1/sales", "post", "parameters", "0", "schema");
    json_t *schemas = AT(document, "components", "schemas");

    (void)state;
    assert_int_equal(json_integer_value(AT(key, "minLength")), 1);
    assert_int_equal(json_integer_value(AT(key, "maxLength")), SOUK_KEY_MAX);
    assert_string_equal(json_string_value(AT(key, "pattern")), "^[ -~]*$");
    key = AT(document, "paths", "/v1/me", "post", "parameters", "0", "schema");
    assert_non_null(strstr(json_string_value(AT(key, "pattern")), "-4[0-9A-Fa-f]{3}-"));
    assert_int_equal(json_object_size(AT(schemas, "problem", "properties")), 7);
    assert_string_equal(json_string_value(
                            AT(schemas, "problem", "properties", "errors", "items", "$ref")),
        "#/components/schemas/problem_flaw");
    assert_non_null(AT(schemas, "problem_flaw", "properties", "pointer"));
    json_decref(document);
}

static void a_version_is_told_as_a_header(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *write = AT(document, "paths", "/v1/labels/{id}", "put");
    json_t *parameters = AT(write, "parameters");

    (void)state;
    assert_int_equal(json_array_size(parameters), 3);
    assert_string_equal(json_string_value(AT(parameters, "1", "name")), "Idempotency-Key");
    assert_false(json_is_true(AT(parameters, "1", "required")));
    assert_string_equal(json_string_value(AT(parameters, "2", "name")), "If-Match");
    assert_true(json_is_true(AT(parameters, "2", "required")));
    assert_null(
        AT(write, "requestBody", "content", "application/json", "schema", "properties", "version"));
    assert_non_null(AT(write, "responses", "412"));
    assert_non_null(AT(write, "responses", "428"));
    json_decref(document);
}

static void what_is_signed_is_an_object_of_any_form_and_a_header(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *deliver = AT(document, "paths", "/v1/deliveries/{shelf}", "post");
    json_t *schema = AT(deliver, "requestBody", "content", "application/json", "schema");

    (void)state;
    assert_int_equal(json_array_size(AT(deliver, "parameters")), 2);
    assert_string_equal(json_string_value(AT(deliver, "parameters", "1", "name")),
        "Stall-Signature");
    assert_true(json_is_true(AT(deliver, "parameters", "1", "required")));
    assert_string_equal(json_string_value(AT(schema, "type")), "object");
    assert_int_equal(json_object_size(schema), 1);
    json_decref(document);
}

static void a_body_leaves_out_what_stands_in_the_path(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *schema = AT(document, "paths", "/v1/wares/{id}", "post", "requestBody", "content",
        "application/json", "schema");

    (void)state;
    assert_null(AT(schema, "properties", "id"));
    assert_non_null(AT(schema, "properties", "count"));
    assert_null(AT(schema, "required"));
    json_decref(document);
}

static void a_body_may_be_left_out_where_nothing_in_it_must_be_there(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *paths = AT(document, "paths");

    (void)state;
    assert_false(json_is_true(AT(paths, "/v1/wares/{id}", "post", "requestBody", "required")));
    assert_true(json_is_true(AT(paths, "/v1/sales", "post", "requestBody", "required")));
    json_decref(document);
}

static void what_is_given_may_hold_null_for_what_is_absent_but_nothing_unknown(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *schemas = AT(document, "components", "schemas");

    (void)state;
    assert_true(json_is_false(AT(schemas, "ware.given", "additionalProperties")));
    assert_null(AT(schemas, "ware", "additionalProperties"));
    assert_string_equal(json_string_value(
                            AT(schemas, "ware.given", "properties", "count", "type", "1")),
        "null");
    assert_string_equal(json_string_value(AT(schemas, "ware", "properties", "count", "type")),
        "integer");
    json_decref(document);
}

static void headers_and_addresses_have_their_limits(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *write = AT(document, "paths", "/v1/labels/{id}", "put");

    (void)state;
    assert_string_equal(json_string_value(AT(write, "parameters", "1", "schema", "pattern")),
        "^[ -~]*$");
    assert_string_equal(json_string_value(AT(write, "parameters", "2", "schema", "pattern")),
        "^(\\*|\"[^\"]+\")$");
    assert_non_null(AT(write, "responses", "414"));
    assert_non_null(AT(write, "responses", "431"));
    json_decref(document);
}

static void only_what_applies_is_said(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall }, 1);
    json_t *drop = AT(document, "paths", "/v1/wares/{id}", "delete");

    (void)state;
    assert_non_null(AT(drop, "responses", "204"));
    assert_null(AT(drop, "responses", "204", "content"));
    assert_null(AT(drop, "responses", "200"));
    assert_null(AT(drop, "responses", "202"));
    assert_null(AT(drop, "responses", "413"));
    assert_null(AT(drop, "requestBody"));
    assert_int_equal(2, json_array_size(AT(drop, "security")));
    assert_int_equal(1, json_array_size(AT(document, "paths", "/v1/sales", "post", "security")));
    assert_non_null(AT(document, "paths", "/v1/sales", "post", "responses", "202"));
    assert_null(AT(document, "paths", "/v1/wares/{id}", "post", "responses", "202"));
    assert_int_equal(json_object_size(AT(document, "paths")), 8);
    json_decref(document);
}

struct other_ware {
    int64_t weight;
};
static const souk_record_t other_ware = {
    .name = "ware",
    .size = sizeof(struct other_ware),
    .fields = {
        FIELD(other_ware, weight),
    },
};
static const souk_actor_t scales = {
    .name = "scales",
    .operations = {
        {
            .name = "scales.weigh",
            .http = "GET /v1/weight",
            .request = &souk_nothing,
            .reply = &other_ware,
        },
        {
            .name = "scales.show",
            .http = "GET /v1/wares/{weight}",
            .request = &other_ware,
            .reply = &other_ware,
        },
    },
};

static void two_things_of_one_name_are_told_apart(void **state)
{
    json_t *document = document_of((const souk_actor_t *const[]){ &stall, &scales }, 2);

    (void)state;
    assert_non_null(AT(document, "components", "schemas", "ware", "properties", "weight"));
    assert_non_null(AT(document, "components", "schemas", "stall.ware", "properties", "name"));
    assert_string_equal(json_string_value(AT(document, "paths", "/v1/wares/{id}", "get",
                            "responses", "200", "content", "application/json", "schema", "$ref")),
        "#/components/schemas/stall.ware");
    json_decref(document);
}

static void the_document_is_the_same_whichever_service_was_up_first(void **state)
{
    json_t *one = document_of((const souk_actor_t *const[]){ &stall, &scales }, 2);
    json_t *other = document_of((const souk_actor_t *const[]){ &scales, &stall }, 2);

    (void)state;
    assert_true(json_equal(AT(one, "components"), AT(other, "components")));
    json_decref(one);
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_says_what_the_tables_say),
        cmocka_unit_test(numbers_have_their_bounds_and_lists_theirs),
        cmocka_unit_test(problems_and_keys_are_told_as_they_are_checked),
        cmocka_unit_test(a_version_is_told_as_a_header),
        cmocka_unit_test(what_is_signed_is_an_object_of_any_form_and_a_header),
        cmocka_unit_test(a_body_leaves_out_what_stands_in_the_path),
        cmocka_unit_test(a_body_may_be_left_out_where_nothing_in_it_must_be_there),
        cmocka_unit_test(what_is_given_may_hold_null_for_what_is_absent_but_nothing_unknown),
        cmocka_unit_test(headers_and_addresses_have_their_limits),
        cmocka_unit_test(only_what_applies_is_said),
        cmocka_unit_test(two_things_of_one_name_are_told_apart),
        cmocka_unit_test(the_document_is_the_same_whichever_service_was_up_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
