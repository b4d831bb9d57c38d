/* A service describes itself so that a stranger can speak to it: the records that the stranger
   makes from the description decode the same bytes. */
#include "describe.h"

#include "json.h"
#include "shapes.h"
#include "wire.h"

static const souk_error_t out_of_stock = {
    .code = "out_of_stock",
    .kind = SOUK_CONFLICT,
    .meaning = "There are not so many left.",
};
static const souk_saga_t placing = { .state = &order };
static const souk_actor_t shop = {
    .name = "shop",
    .summary = "Takes orders.",
    .operations = {
        {
            .name = "shop.place",
            .http = "POST /v1/orders",
            .summary = "Place an order.",
            .request = &order,
            .reply = &order,
            .errors = { &out_of_stock },
            .writes = true,
            .needs_key = true,
            .saga = &placing,
            .role = "customer",
            .http_status = 201,
        },
        {
            .name = "shop.forget",
            .request = &category,
            .reply = &souk_nothing,
            .repeatable = true,
        },
    },
};

static struct souk_description over_the_bus(souk_pool_t *pool)
{
    struct souk_description sent, received;
    souk_flaws_t flaws = { 0 };

    souk_describe(&shop, &sent, pool);
    if (!souk_wire_decode(&souk_description, souk_wire_encode(&souk_description, &sent, pool),
            &received, pool, &flaws))
        fail_msg("%s %s", flaws.items[0].pointer, flaws.items[0].message);
    return received;
}

static const souk_record_t *made_from(const souk_list_t *fields, souk_pool_t *pool)
{
    const char *why = NULL;
    const souk_record_t *record = souk_record_from("made", fields, pool, &why);

    if (!record)
        fail_msg("%s", why);
    assert_null(why);
    return record;
}

static void the_records_of_descriptions_are_sound(void **state)
{
    assert_null(souk_record_check(&souk_description, *state));
    assert_null(souk_record_check(&souk_field_description, *state));
    assert_null(souk_record_check(&souk_health, *state));
}

static void operations_are_described_with_all_that_a_caller_needs(void **state)
{
    struct souk_description description = over_the_bus(*state);
    const struct souk_operation_description *operations = description.operations.items;
    const struct souk_error_description *error = operations[0].errors.items;

    assert_string_equal(description.service, "shop");
    assert_int_equal(description.operations.count, 2);
    assert_string_equal(operations[0].http, "POST /v1/orders");
    assert_string_equal(operations[0].request_name, "order");
    assert_string_equal(operations[0].role, "customer");
    assert_true(operations[0].writes && operations[0].needs_key && !operations[0].repeatable);
    assert_true(operations[0].uuid_key && !operations[1].uuid_key);
    assert_true(operations[0].accepts && !operations[1].accepts);
    assert_int_equal(operations[0].http_status, 201);
    assert_int_equal(operations[0].errors.count, 1);
    assert_string_equal(error->code, "out_of_stock");
    assert_string_equal(error->kind, "conflict");
    assert_null(operations[1].http);
    assert_true(operations[1].repeatable);
    assert_int_equal(operations[1].http_status, 204);
    assert_int_equal(operations[1].reply.count, 0);
}

static void fields_are_described_with_their_limits(void **state)
{
    struct souk_description description = over_the_bus(*state);
    const struct souk_operation_description *place = description.operations.items;
    const struct souk_field_description *fields = place->request.items;
    const struct souk_field_description *lines = &fields[3], *quantity;

    assert_int_equal(place->request.count, souk_record_count(&order));
    assert_string_equal(fields[0].format, "uuid");
    assert_true(fields[1].secret && fields[1].optional);
    assert_string_equal(((const char **)fields[2].one_of.items)[1], "confirmed");
    assert_string_equal(lines->type, "list");
    assert_string_equal(lines->of, "record");
    assert_string_equal(lines->record, "line");
    quantity = (const struct souk_field_description *)lines->fields.items + 1;
    assert_string_equal(quantity->name, "quantity");
    assert_int_equal(quantity->min, 1);
    assert_int_equal(quantity->max, 99);
    assert_string_equal(fields[4].of, "text");
    assert_string_equal(fields[5].record, "money");
    assert_string_equal(fields[10].fallback, "20");
}

static void a_record_made_from_its_description_reads_the_same_bytes(void **state)
{
    struct souk_description description = over_the_bus(*state);
    const struct souk_operation_description *place = description.operations.items;
    const souk_record_t *made = made_from(&place->request, *state);
    struct order sent = example_order();
    souk_bytes_t bytes = souk_wire_encode(&order, &sent, *state), again;
    void *value = souk_pool_alloc(*state, made->size);
    souk_flaws_t flaws = { 0 };

    assert_true(souk_wire_decode(made, bytes, value, *state, &flaws));
    again = souk_wire_encode(made, value, *state);
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(again.data, bytes.data, bytes.size);
    assert_string_equal(souk_json_encode(made, value, *state).data,
        souk_json_encode(&order, &sent, *state).data);
}

static void a_record_made_from_its_description_finds_the_same_flaws(void **state)
{
    struct souk_description description = over_the_bus(*state);
    const struct souk_operation_description *place = description.operations.items;
    const souk_record_t *made = made_from(&place->request, *state);
    struct line bad_line = { "", 100 };
    struct order sent = { .id = "1", .status = "lost", .lines = { &bad_line, 1 }, .limit = 101 };
    souk_bytes_t bytes = souk_wire_encode(&order, &sent, *state);
    souk_flaws_t flaws = { 0 }, made_flaws = { 0 };
    struct order it;

    assert_false(souk_wire_decode(&order, bytes, &it, *state, &flaws));
    assert_false(
        souk_wire_decode(made, bytes, souk_pool_alloc(*state, made->size), *state, &made_flaws));
    assert_int_equal(made_flaws.count, flaws.count);
    for (size_t i = 0; i < flaws.count; i++) {
        assert_string_equal(made_flaws.items[i].pointer, flaws.items[i].pointer);
        assert_string_equal(made_flaws.items[i].message, flaws.items[i].message);
    }
}

/* A table that leads back to itself is described as deep as data may go. */
static void a_record_of_itself_is_described_to_the_end_of_depth(void **state)
{
    struct souk_description description = over_the_bus(*state);
    const struct souk_operation_description *forget = description.operations.items;
    const struct souk_field_description *fields = forget[1].request.items;
    int depth = 1;

    while (fields[1].fields.count) {
        fields = fields[1].fields.items;
        depth++;
    }
    assert_int_equal(depth, SOUK_DEPTH_MAX - 2);
}

static struct souk_field_description many[SOUK_FIELDS_MAX + 1], twice[2], deep[20], wide[24];
static struct souk_field_description in_wide[24];
static const struct {
    struct souk_field_description field;
    const char *why;
} hostile[] = {
    { { .name = "x", .type = "blob" }, "x: its type is unknown" },
    { { .name = "x", .type = "" }, "x: its type is unknown" },
    { { .name = "Big", .type = "text" }, NULL },
    { { .name = "a/b", .type = "text" }, NULL },
    { { .name = "", .type = "text" }, NULL },
    { { .name = "x", .type = "list" }, "x: a list is of text or of record" },
    { { .name = "x", .type = "list", .of = "integer" }, "x: a list is of text or of record" },
    { { .name = "x", .type = "list", .of = "record" }, "x: a record without fields" },
    { { .name = "x", .type = "record" }, "x: a record without fields" },
    { { .name = "x", .type = "integer", .min = 2, .max = 1 }, "made.x: .min is above .max" },
    { { .name = "x", .type = "text", .min = -1 }, "made.x: its size has a bound below 0" },
    { { .name = "x", .type = "list", .of = "text", .max = INT64_MAX },
        "made.x: .max is more than a frame holds" },
    { { .name = "x", .type = "integer", .fallback = "x" },
        "made.x: its .fallback is of another type" },
    { { .name = "x", .type = "boolean", .format = "uuid" },
        "made.x: only texts have .format and .one_of" },
    { { .name = "many", .type = "record", .fields = { many, SOUK_FIELDS_MAX + 1 } },
        "many: too many fields" },
    { { .name = "twice", .type = "record", .record = "r", .fields = { twice, 2 } },
        "r.x: there are two of this name" },
    { { .name = "deep", .type = "record", .fields = { deep, 1 } }, "deep: too deep" },
    { { .name = "wide", .type = "record", .fields = { wide, 24 } }, "x: too many fields" },
};

static void fill_hostile_fields(void)
{
    for (size_t i = 0; i < 24; i++) {
        in_wide[i] = twice[i % 2] = (struct souk_field_description){ "x", .type = "text" };
        many[i] = in_wide[i];
        wide[i] = (struct souk_field_description){ "x", "record", .fields = { in_wide, 24 } };
    }
    for (size_t i = 0; i < 20; i++)
        deep[i] = (struct souk_field_description){ "deep", "list", .of = "record",
            .fields = { &deep[(i + 1) % 20], 1 } };
}

static void hostile_descriptions_make_no_record(void **state)
{
    const char *why;

    fill_hostile_fields();
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        souk_list_t fields = { (void *)&hostile[i].field, 1 };

        why = NULL;
        assert_null(souk_record_from("made", &fields, *state, &why));
        assert_non_null(why);
        if (hostile[i].why)
            assert_string_equal(why, hostile[i].why);
    }
}

static void a_format_of_the_future_is_left_to_the_service(void **state)
{
    struct souk_field_description field = { "phone", "text", .format = "e164" };
    const souk_record_t *record = made_from(&(souk_list_t){ &field, 1 }, *state);

    assert_int_equal(record->fields[0].format, SOUK_ANY);
}

static void a_record_need_not_be_named_by_its_service(void **state)
{
    struct souk_field_description field = { "sku", "text" };
    const char *why;
    const souk_record_t *record = souk_record_from(NULL, &(souk_list_t){ &field, 1 }, *state, &why);

    assert_non_null(record);
    assert_non_null(record->name);
}

static void a_record_of_nothing_can_be_made(void **state)
{
    const souk_record_t *record = made_from(&(souk_list_t){ 0 }, *state);

    assert_int_equal(souk_record_count(record), 0);
    assert_true(record->size > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(the_records_of_descriptions_are_sound),
        POOLED(operations_are_described_with_all_that_a_caller_needs),
        POOLED(fields_are_described_with_their_limits),
        POOLED(a_record_made_from_its_description_reads_the_same_bytes),
        POOLED(a_record_made_from_its_description_finds_the_same_flaws),
        POOLED(a_record_of_itself_is_described_to_the_end_of_depth),
        POOLED(hostile_descriptions_make_no_record),
        POOLED(a_format_of_the_future_is_left_to_the_service),
        POOLED(a_record_need_not_be_named_by_its_service),
        POOLED(a_record_of_nothing_can_be_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
