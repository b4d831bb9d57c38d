/* Bytes from a hostile sender: whatever comes, decoders say no or give what fits the record. The
   seeds are fixed, so that a failure comes back; sanitizers do the watching. */
#include "describe.h"
#include "json.h"
#include "shapes.h"
#include "wire.h"

enum {
    ROUNDS = 10000,
    SIZE_MAX_BYTES = 64
};

static void check_lines(const souk_list_t *lines)
{
    const struct line *items = lines->items;

    assert_in_range(lines->count, 1, 3);
    for (size_t i = 0; i < lines->count; i++) {
        assert_in_range(strlen(items[i].sku), 1, 32);
        assert_in_range(items[i].quantity, 1, 99);
    }
}

/* What a decoder took keeps every promise of the table. */
static void check_order(const struct order *it)
{
    assert_true(souk_format_fits(SOUK_UUID, it->id));
    assert_true(!it->email || souk_format_fits(SOUK_EMAIL, it->email));
    assert_true(strcmp(it->status, "placing") == 0 || strcmp(it->status, "confirmed") == 0);
    assert_true(souk_format_fits(SOUK_CURRENCY, it->total.currency));
    assert_true(it->rating >= 0 && it->rating <= 5);
    assert_in_range(it->limit, 1, 100);
    check_lines(&it->lines);
    assert_in_range(it->tags.count, 0, SOUK_LIST_MAX);
}

static bool try_wire(souk_bytes_t bytes)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_flaws_t flaws = { 0 };
    struct order it;
    struct category category_it;
    const char *code;
    souk_bytes_t value;
    bool taken = souk_wire_decode(&order, bytes, &it, pool, &flaws);

    assert_int_equal(taken, flaws.count == 0);
    if (taken)
        check_order(&it);
    if (souk_wire_split_reply(bytes, pool, &code, &value))
        assert_true(souk_wire_sound(value));
    flaws.count = 0;
    return souk_wire_decode(&category, bytes, &category_it, pool, &flaws) || taken;
}

static bool try_json(souk_bytes_t bytes)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_flaws_t flaws = { 0 };
    struct order it;
    json_t *json = souk_json_parse(bytes, pool, &flaws);
    bool taken = json && souk_json_decode(&order, json, &it, pool, &flaws);

    assert_int_equal(taken, flaws.count == 0);
    if (taken)
        check_order(&it);
    json_decref(json);
    return taken;
}

/* A record that was made at all is as sound as one of our own, and can be decoded into. */
static void try_made_record(const souk_list_t *fields, souk_pool_t *pool)
{
    const char *why = NULL;
    const souk_record_t *record = souk_record_from("made", fields, pool, &why);
    struct order sent = example_order();
    souk_flaws_t flaws = { 0 };
    souk_bytes_t bytes = souk_wire_encode(&order, &sent, pool);
    void *value;

    assert_int_equal(record == NULL, why != NULL);
    if (!record)
        return;
    value = souk_pool_alloc(pool, record->size);
    if (souk_wire_decode(record, bytes, value, pool, &flaws))
        souk_json_encode(record, value, pool);
}

static bool try_description(souk_bytes_t bytes)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_description it;
    const struct souk_operation_description *operations;
    souk_flaws_t flaws = { 0 };

    if (!souk_wire_decode(&souk_description, bytes, &it, pool, &flaws))
        return false;
    operations = it.operations.items;
    for (size_t i = 0; i < it.operations.count; i++)
        try_made_record(&operations[i].request, pool);
    return true;
}

/* A copy of exactly its size, so that a sanitizer sees one byte too many. */
static bool try_copy(const char *bytes, size_t size, bool (*try)(souk_bytes_t))
{
    char *copy = malloc(size ? size : 1);
    bool taken;

    if (size)
        memcpy(copy, bytes, size);
    taken = try((souk_bytes_t){ copy, size });
    free(copy);
    return taken;
}

static void try_random(bool (*try)(souk_bytes_t))
{
    uint64_t seed = 42;
    char bytes[SIZE_MAX_BYTES];

    for (int round = 0; round < ROUNDS; round++) {
        size_t size = next_random(&seed) % (SIZE_MAX_BYTES + 1);

        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)next_random(&seed);
        try_copy(bytes, size, try);
    }
}

/* Cuts, flips, doubles and overwrites pieces of bytes; returns how many there are then. */
static size_t mutate(char *bytes, size_t size, uint64_t *seed)
{
    size_t at = next_random(seed) % size, length = next_random(seed) % 8;

    length = length > size - at ? size - at : length;
    switch (next_random(seed) % 5) {
    case 0:
        return at;
    case 1:
        memmove(bytes + at, bytes + at + length, size - at - length);
        return size - length;
    case 2:
        memmove(bytes + at + length, bytes + at, size - at);
        return size + length;
    case 3:
        bytes[at] ^= (char)(1 << next_random(seed) % 8);
        return size;
    default:
        bytes[at] = (char)next_random(seed);
        return size;
    }
}

static int try_mutations(souk_bytes_t valid, bool (*try)(souk_bytes_t))
{
    uint64_t seed = 4711;
    char bytes[8192];
    int taken = 0;

    assert_in_range(valid.size, 1, sizeof bytes - 100);
    assert_true(try_copy(valid.data, valid.size, try));
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = valid.size;

        memcpy(bytes, valid.data, size);
        for (uint32_t i = next_random(&seed) % 3 + 1; i && size; i--)
            size = mutate(bytes, size, &seed);
        taken += try_copy(bytes, size, try);
    }
    return taken;
}

static void random_bytes_on_the_bus_disturb_nobody(void **state)
{
    (void)state;
    try_random(try_wire);
}

static void random_bytes_as_json_disturb_nobody(void **state)
{
    (void)state;
    try_random(try_json);
}

static void damaged_messages_are_refused_or_still_fit(void **state)
{
    struct order sent = example_order();
    struct category inner = { "mugs", { 0 } }, outer = { "kitchen", { &inner, 1 } };

    assert_in_range(try_mutations(souk_wire_encode(&order, &sent, *state), try_wire), 1, ROUNDS);
    assert_in_range(try_mutations(souk_wire_encode(&category, &outer, *state), try_wire), 1,
        ROUNDS);
}

static void damaged_descriptions_make_sound_records_or_none(void **state)
{
    static const souk_actor_t shop = {
        .name = "shop",
        .operations = { { .name = "shop.place", .request = &order, .reply = &souk_nothing } },
    };
    struct souk_description description;

    souk_describe(&shop, &description, *state);
    assert_in_range(try_mutations(souk_wire_encode(&souk_description, &description, *state),
                        try_description),
        1, ROUNDS);
}

static void damaged_json_is_refused_or_still_fits(void **state)
{
    struct order sent = example_order();

    assert_in_range(try_mutations(souk_json_encode(&order, &sent, *state), try_json), 1, ROUNDS);
}

static void every_beginning_of_a_message_is_refused(void **state)
{
    struct order sent = example_order();
    souk_bytes_t bytes = souk_wire_encode(&order, &sent, *state);

    for (size_t size = 0; size < bytes.size; size++)
        assert_false(try_copy(bytes.data, size, try_wire));
}

static const char *random_text(souk_pool_t *pool, uint64_t *seed)
{
    static const char *const letters[] = { "a", "\"", "\\", "/", "\n", "\x01", "é", "€", "😀", " " };
    const char *text = "";

    for (uint32_t i = next_random(seed) % 8; i; i--)
        text = souk_pool_format(pool, "%s%s", text, letters[next_random(seed) % 10]);
    return text;
}

static struct order random_order(souk_pool_t *pool, uint64_t *seed)
{
    struct order it = example_order();
    struct line *item;

    it.lines = (souk_list_t){ 0 };
    for (uint32_t i = next_random(seed) % 3 + 1; i; i--) {
        item = souk_list_add(&it.lines, pool, sizeof *item);
        *item = (struct line){ "SKU", (int)(next_random(seed) % 99) + 1 };
    }
    it.tags = (souk_list_t){ 0 };
    for (uint32_t i = next_random(seed) % 20; i; i--)
        *(const char **)souk_list_add(&it.tags, pool, sizeof(char *)) = random_text(pool, seed);
    it.total.amount = (int64_t)((uint64_t)next_random(seed) << 33 ^ next_random(seed));
    it.rating = next_random(seed) % 5000 / 1000.0;
    it.weight = (int64_t)next_random(seed) - (1 << 30);
    it.note = next_random(seed) % 2 ? random_text(pool, seed) : NULL;
    return it;
}

/* Both encodings of what was read are those of what was sent. */
static void whatever_fits_comes_back_as_it_was(void **state)
{
    uint64_t seed = 99;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        owned(souk_pool) pool = souk_pool_new();
        struct order sent = random_order(pool, &seed), from_wire, from_json;
        souk_bytes_t wire = souk_wire_encode(&order, &sent, pool), again;
        souk_bytes_t text = souk_json_encode(&order, &sent, pool);
        souk_flaws_t flaws = { 0 };
        json_t *json = souk_json_parse(text, pool, &flaws);

        assert_true(souk_wire_decode(&order, wire, &from_wire, pool, &flaws));
        assert_true(souk_json_decode(&order, json, &from_json, pool, &flaws));
        assert_string_equal(souk_json_encode(&order, &from_wire, pool).data, text.data);
        again = souk_wire_encode(&order, &from_json, pool);
        assert_int_equal(again.size, wire.size);
        assert_memory_equal(again.data, wire.data, wire.size);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_on_the_bus_disturb_nobody),
        cmocka_unit_test(random_bytes_as_json_disturb_nobody),
        POOLED(damaged_messages_are_refused_or_still_fit),
        POOLED(damaged_descriptions_make_sound_records_or_none),
        POOLED(damaged_json_is_refused_or_still_fits),
        POOLED(every_beginning_of_a_message_is_refused),
        cmocka_unit_test(whatever_fits_comes_back_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
