/* Messages of the Majordomo protocol, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../broker/envelope.h"
#include "hostile.h"

static const struct {
    const char *frames[HOSTILE_FRAMES_MAX];
    souk_envelope_t envelope;
    const char *service, *ticket;
} good[] = {
    { { "", "MDPC01", "echo", "x" }, { .command = SOUK_CLIENT_REQUEST, .body = 4 }, "echo" },
    { { "", "MDPC01", "echo", "" }, { .command = SOUK_CLIENT_REQUEST, .body = 4 }, "echo" },
    { { "", "MDPC01", "a name", "x", "", "y" }, { .command = SOUK_CLIENT_REQUEST, .body = 4 },
        "a name" },
    { { "1", "2", "3", "4", "5", "6", "7", "8", "", "MDPC01", "echo", "x" },
        { .command = SOUK_CLIENT_REQUEST, .body = 12 }, "echo" },
    { { "", "MDPW01", "\1", "echo" }, { .command = SOUK_WORKER_READY }, "echo" },
    { { "", "MDPW01", "\1", "echo", "1" }, { .command = SOUK_WORKER_READY, .credit = 1 }, "echo" },
    { { "", "MDPW01", "\1", "echo", "0100000" }, { .command = SOUK_WORKER_READY, .credit = 100000 },
        "echo" },
    { { "", "MDPW01", "\3", "ticket", "", "x" }, { .command = SOUK_WORKER_REPLY, .body = 6 }, NULL,
        "ticket" },
    { { "", "MDPW01", "\4" }, { .command = SOUK_WORKER_HEARTBEAT } },
    { { "", "MDPW01", "\5" }, { .command = SOUK_WORKER_DISCONNECT } },
};

static souk_message_t *from_peer(const char *const *frames)
{
    souk_message_t *message = souk_message_new();
    souk_message_add_text(message, "peer");
    add_texts(message, frames);
    return message;
}

static void assert_bytes(souk_bytes_t bytes, const char *text)
{
    assert_int_equal(bytes.size, text ? strlen(text) : 0);
    if (text)
        assert_memory_equal(bytes.data, text, bytes.size);
}

static void messages_of_the_protocol_are_understood(void **state)
{
    (void)state;
    static const struct souk_malformed_stats none;
    struct souk_malformed_stats malformed = { 0 };
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        owned(souk_message) message = from_peer(good[i].frames);
        souk_envelope_t envelope;
        assert_true(souk_envelope_read(message, &envelope, &malformed));
        assert_int_equal(envelope.command, good[i].envelope.command);
        assert_int_equal(envelope.credit, good[i].envelope.credit);
        assert_int_equal(envelope.body, good[i].envelope.body);
        assert_bytes(envelope.peer, "peer");
        assert_bytes(envelope.service, good[i].service);
        assert_bytes(envelope.ticket, good[i].ticket);
    }
    assert_memory_equal(&malformed, &none, sizeof(none));
}

static void all_else_is_counted_by_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        struct souk_malformed_stats malformed = { 0 };
        owned(souk_message) message = from_peer(hostile[i].frames);
        souk_envelope_t envelope;
        if (souk_envelope_read(message, &envelope, &malformed) ||
            counted(&malformed, hostile[i].counter) != 1)
            fail_msg("hostile[%zu]", i);
    }
}

static void a_peer_that_sends_nothing_is_counted(void **state)
{
    (void)state;
    struct souk_malformed_stats malformed = { 0 };
    owned(souk_message) message = from_peer((const char *const[]){ NULL });
    souk_envelope_t envelope;
    assert_false(souk_envelope_read(message, &envelope, &malformed));
    assert_int_equal(malformed.envelope, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_the_protocol_are_understood),
        cmocka_unit_test(all_else_is_counted_by_what_is_wrong),
        cmocka_unit_test(a_peer_that_sends_nothing_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
