/* Offers made from descriptions, and which of them answers at an address. */
#include "stall.h"

#include "../../http-edge/routes.h"
#include "../../lib/json.h"
#include "../../lib/wire.h"

static souk_service_t *service_of(const souk_actor_t *actor, souk_pool_t *pool)
{
    struct souk_description *description = souk_pool_alloc(pool, sizeof *description);

    souk_describe(actor, description, pool);
    return souk_service_of(description);
}

/* A service with one operation, which is like stall.show but for its name and route. */
static souk_service_t *service_with(const char *name, const char *http, souk_pool_t *pool)
{
    souk_actor_t *actor = souk_pool_alloc(pool, sizeof *actor);

    actor->name = "stall";
    actor->operations[0] = stall.operations[0];
    actor->operations[0].name = name;
    actor->operations[0].http = http;
    return service_of(actor, pool);
}

static souk_routes_t *routes_of(const souk_service_t *service, souk_pool_t *pool)
{
    souk_routes_t *routes = souk_routes_new(pool);
    const souk_offer_t *offers = service->offers.items;

    for (size_t i = 0; i < service->offers.count; i++)
        assert_null(souk_routes_add(routes, &offers[i]));
    return routes;
}

static const souk_route_t *find(const souk_routes_t *routes, const char *path, souk_pool_t *pool)
{
    souk_target_t target;
    const char *why;

    assert_true(souk_target_parse(path, pool, &target, &why));
    return souk_routes_find(routes, &target);
}

static void each_address_finds_its_operation(void **state)
{
    static const struct {
        souk_method_t method;
        const char *path, *operation;
    } cases[] = {
        { SOUK_GET, "/v1/wares/mug", "stall.show" },
        { SOUK_POST, "/v1/wares/mug", "stall.put" },
        { SOUK_DELETE, "/v1/wares/a%2Fb", "stall.drop" },
        { SOUK_GET, "/v1/wares/best", "stall.best" },
        { SOUK_POST, "/v1/wares/best", NULL },
        { SOUK_PUT, "/v1/wares/mug", NULL },
        { SOUK_POST, "/v1/sales", "stall.buy" },
    };
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_of(&stall, pool);
    const souk_routes_t *routes = routes_of(service, pool);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const souk_route_t *route = find(routes, cases[i].path, pool);
        assert_non_null(route);
        if (cases[i].operation)
            assert_string_equal(route->offers[cases[i].method]->operation->name,
                cases[i].operation);
        else
            assert_null(route->offers[cases[i].method]);
    }
    souk_service_release(&service);
}

static void nothing_is_offered_beside_the_routes(void **state)
{
    static const char *const cases[] = { "/", "/v1", "/v1/wares", "/v1/wares/", "/v1/wares/a/b",
        "/V1/wares/a", "/v1/sales/", "//v1/sales", "/v1/%77ares%2Fa" };
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_of(&stall, pool);
    const souk_routes_t *routes = routes_of(service, pool);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(find(routes, cases[i], pool));
    souk_service_release(&service);
}

static void a_literal_that_leads_nowhere_gives_way_to_a_parameter(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *one = service_with("stall.a", "GET /v1/best/{id}", pool);
    souk_service_t *other = service_with("stall.b", "GET /v1/{id}/price", pool);
    souk_routes_t *routes = routes_of(one, pool);

    (void)state;
    assert_null(souk_routes_add(routes, other->offers.items));
    assert_ptr_equal(find(routes, "/v1/best/price", pool)->offers[SOUK_GET], one->offers.items);
    assert_ptr_equal(find(routes, "/v1/mug/price", pool)->offers[SOUK_GET], other->offers.items);
    assert_null(find(routes, "/v1/mug/name", pool));
    souk_service_release(&one);
    souk_service_release(&other);
}

static void of_two_that_want_one_address_the_first_has_it(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *first = service_of(&stall, pool);
    souk_service_t *second = service_with("stall.b", "GET /v1/wares/{name}", pool);
    souk_routes_t *routes = routes_of(first, pool);

    (void)state;
    assert_ptr_equal(souk_routes_add(routes, second->offers.items), first->offers.items);
    assert_ptr_equal(find(routes, "/v1/wares/mug", pool)->offers[SOUK_GET], first->offers.items);
    souk_service_release(&first);
    souk_service_release(&second);
}

static void allow_names_what_an_address_takes(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_of(&stall, pool);
    const souk_routes_t *routes = routes_of(service, pool);

    (void)state;
    assert_string_equal(souk_route_allow(find(routes, "/v1/wares/mug", pool), pool),
        "GET, HEAD, POST, DELETE, OPTIONS");
    assert_string_equal(souk_route_allow(find(routes, "/v1/sales", pool), pool), "POST, OPTIONS");
    souk_service_release(&service);
}

static void an_odd_operation_is_not_offered_and_said_to_be_odd(void **state)
{
    static const struct {
        const char *name, *http;
    } cases[] = {
        { "shop.show", "GET /v1/wares/{id}" },
        { "stall", "GET /v1/wares/{id}" },
        { "stall.", "GET /v1/wares/{id}" },
        { "stall.a b", "GET /v1/wares/{id}" },
        { "stall.show", "GET" },
        { "stall.show", "GET v1" },
        { "stall.show", "get /v1" },
        { "stall.show", "BREW /v1" },
        { "stall.show", "GET /v1/" },
        { "stall.show", "GET /v1//a" },
        { "stall.show", "GET /v1/a b" },
        { "stall.show", "GET /v1/{}" },
        { "stall.show", "GET /v1/{id" },
        { "stall.show", "GET /v1/{colour}" },
        { "stall.show", "GET /v1/{tags}" },
        { "stall.show", "GET /v1/{id}/{id}" },
        { "stall.show", "GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17" },
    };
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_service_t *service = service_with(cases[i].name, cases[i].http, pool);
        if (service->offers.count != 0 || service->oddities.count != 1)
            fail_msg("%s at %s is offered", cases[i].name, cases[i].http);
        souk_service_release(&service);
    }
}

/* A service as it tells of itself over the bus; told is JSON with single quotes. */
static souk_service_t *service_told(const char *told, souk_pool_t *pool)
{
    char *text = souk_pool_text(pool, told, strlen(told));
    struct souk_description description = { 0 };
    souk_flaws_t flaws = { 0 };
    souk_service_t *service;
    const char *why = NULL;
    json_t *json;

    for (char *quote = text; (quote = strchr(quote, '\'')); quote++)
        *quote = '"';
    json = souk_json_parse((souk_bytes_t){ text, strlen(text) }, pool, &flaws);
    assert_true(souk_json_decode(&souk_description, json, &description, pool, &flaws));
    json_decref(json);
    service = souk_service_new("stall", souk_wire_encode(&souk_description, &description, pool),
        pool, &why);
    if (!service)
        fail_msg("the description is refused: %s", why);
    return service;
}

static void an_error_has_a_kind_that_there_is_and_a_code_of_its_own(void **state)
{
    static const struct {
        const char *code, *kind;
        bool good;
    } cases[] = {
        { "sold_out", "conflict", true },
        { "busy", "busy", true },
        { "sold_out", "weird", false },
        { "busy", "conflict", false },
        { "ok", "conflict", false },
        { "accepted", "running", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owned(souk_pool) pool = souk_pool_new();
        struct souk_description description;
        souk_describe(&stall, &description, pool);
        struct souk_operation_description *first = description.operations.items;
        struct souk_error_description *error = souk_list_add(&first->errors, pool, sizeof *error);
        *error = (struct souk_error_description){ cases[i].code, cases[i].kind, NULL };
        souk_service_t *service = souk_service_of(&description);
        if ((service->oddities.count == 0) != cases[i].good)
            fail_msg("%s of kind %s", cases[i].code, cases[i].kind);
        souk_service_release(&service);
    }
}

static void an_operation_that_cannot_be_served_costs_no_other(void **state)
{
    static const char told[] =
        "{'service': 'stall', 'operations': ["
        "{'name': 'stall.a', 'http': 'GET /v1/a', 'http_status': 500},"
        "{'name': 'stall.b', 'http': 'GET /v1/b', 'http_status': 0},"
        "{'name': 'stall.c', 'http': 'GET /v1/c', 'request': [{'name': 'Sku', 'type': 'text'}]},"
        "{'name': 'stall.d', 'http': 'GET /v1/d', 'reply': [{'name': 'sku', 'type': 'blob'}]},"
        "{'name': 'stall.f', 'http': 'POST /v1/f', 'signature': 'Stall-Signature'},"
        "{'name': 'stall.e', 'http': 'GET /v1/e'}]}";
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_told(told, pool);
    const souk_offer_t *offer = service->offers.items;

    (void)state;
    assert_int_equal(service->oddities.count, 5);
    assert_int_equal(service->offers.count, 1);
    assert_string_equal(offer->operation->name, "stall.e");
    souk_service_release(&service);
}

static void what_an_operation_need_not_say_is_understood(void **state)
{
    static const char told[] = "{'service': 'stall', 'operations': ["
                               "{'name': 'stall.show', 'http': 'GET /v1/{id}', 'request': "
                               "[{'name': 'id', 'type': 'text'}]}]}";
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_told(told, pool);
    const souk_offer_t *offer = service->offers.items;

    (void)state;
    assert_int_equal(service->offers.count, 1);
    assert_int_equal(offer->operation->http_status, 200);
    assert_int_equal(souk_record_count(offer->request), 1);
    assert_int_equal(souk_record_count(offer->reply), 0);
    souk_service_release(&service);
}

static void errors_have_their_kind_from_the_description(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_service_t *service = service_of(&stall, pool);
    const souk_offer_t *put = (souk_offer_t *)service->offers.items + 1;
    const char *meaning;
    souk_kind_t kind;

    (void)state;
    assert_true(souk_error_lookup(put->operation, "sold_out", &kind, &meaning));
    assert_int_equal(kind, SOUK_CONFLICT);
    assert_string_equal(meaning, sold_out.meaning);
    assert_true(souk_error_lookup(put->operation, "busy", &kind, &meaning));
    assert_int_equal(kind, SOUK_BUSY);
    assert_true(souk_error_lookup(NULL, "busy", &kind, &meaning));
    assert_false(souk_error_lookup(NULL, "sold_out", &kind, &meaning));
    assert_false(souk_error_lookup(put->operation, "rained_off", &kind, &meaning));
    souk_service_release(&service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_address_finds_its_operation),
        cmocka_unit_test(nothing_is_offered_beside_the_routes),
        cmocka_unit_test(a_literal_that_leads_nowhere_gives_way_to_a_parameter),
        cmocka_unit_test(of_two_that_want_one_address_the_first_has_it),
        cmocka_unit_test(allow_names_what_an_address_takes),
        cmocka_unit_test(an_odd_operation_is_not_offered_and_said_to_be_odd),
        cmocka_unit_test(an_error_has_a_kind_that_there_is_and_a_code_of_its_own),
        cmocka_unit_test(an_operation_that_cannot_be_served_costs_no_other),
        cmocka_unit_test(what_an_operation_need_not_say_is_understood),
        cmocka_unit_test(errors_have_their_kind_from_the_description),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
