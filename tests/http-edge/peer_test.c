/* Whose a request is, behind proxies and without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../http-edge/peer.h"

static void only_proxies_are_believed_and_only_the_end_of_what_they_say(void **state)
{
    static const struct {
        const char *peer, *forwarded_for, *proxies, *client;
    } cases[] = {
        { "192.0.2.9", NULL, NULL, "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1", NULL, "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1", "192.0.2.8", "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1", " 192.0.2.8  192.0.2.9 ", "198.51.100.1" },
        { "192.0.2.9", "203.0.113.1, 198.51.100.1", "192.0.2.9", "198.51.100.1" },
        { "192.0.2.9", "x,198.51.100.1,192.0.2.8", "192.0.2.8 192.0.2.9", "198.51.100.1" },
        { "192.0.2.9", "192.0.2.8", "192.0.2.8 192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", "x, 192.0.2.8", "192.0.2.8 192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1, unknown", "192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1:80", "192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", "198.51.100.1,", "192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", "", "192.0.2.9", "192.0.2.9" },
        { "192.0.2.9", NULL, "192.0.2.9", "192.0.2.9" },
        { "2001:db8::1", "::ffff:198.51.100.1", "2001:DB8:0::1", "198.51.100.1" },
        { "127.0.0.1", NULL, NULL, NULL },
        { "127.0.0.1", "198.51.100.1", NULL, NULL },
        { "127.0.0.1", NULL, "127.0.0.1", NULL },
        { "127.0.0.1", "198.51.100.1", "127.0.0.1", "198.51.100.1" },
        { "::1", "nonsense", "::1", NULL },
        { NULL, "198.51.100.1", "127.0.0.1", NULL },
    };
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *client =
            souk_peer_client(cases[i].peer, cases[i].forwarded_for, cases[i].proxies, pool);
        if (!client != !cases[i].client || (client && strcmp(client, cases[i].client) != 0))
            fail_msg("case %zu: %s", i, client ? client : "nobody");
    }
}

static void proxies_are_addresses(void **state)
{
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    assert_null(souk_peer_check(NULL, pool));
    assert_null(souk_peer_check("192.0.2.1  ::1 ", pool));
    assert_non_null(souk_peer_check("192.0.2.1 10.0.0.0/8", pool));
    assert_non_null(souk_peer_check("localhost", pool));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_proxies_are_believed_and_only_the_end_of_what_they_say),
        cmocka_unit_test(proxies_are_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
