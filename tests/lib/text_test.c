/* What counts as a text, and what as a text of some format. */
#include "shapes.h"

static void characters_are_counted_not_bytes(void **state)
{
    static const struct {
        const char *text;
        size_t characters;
    } cases[] = {
        { "", 0 },
        { "mug", 3 },
        { "Tässchen", 8 },
        { "€", 1 },
        { "😀😀", 2 },
        { "\xed\x9f\xbf", 1 },
        { "\xee\x80\x80", 1 },
        { "\xf4\x8f\xbf\xbf", 1 },
    };
    size_t characters;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_bytes_t bytes = { cases[i].text, strlen(cases[i].text) };

        assert_true(souk_text_measure(bytes, &characters));
        assert_int_equal(characters, cases[i].characters);
    }
}

static void what_is_not_utf_8_is_no_text(void **state)
{
    static const souk_bytes_t cases[] = {
        { "a\0b", 3 },
        { "\x80", 1 },
        { "\xff", 1 },
        { "\xc3", 1 },
        { "\xc0\x80", 2 },
        { "\xc1\xbf", 2 },
        { "\xe0\x9f\xbf", 3 },
        { "\xe2\x82", 2 },
        { "\xed\xa0\x80", 3 },
        { "\xed\xbf\xbf", 3 },
        { "\xf0\x8f\xbf\xbf", 4 },
        { "\xf4\x90\x80\x80", 4 },
        { "\xf5\x80\x80\x80", 4 },
        { "\xe2(\xa1", 3 },
        { "ok\xf0\x9f\x98", 5 },
    };
    size_t characters;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_text_measure(cases[i], &characters))
            fail_msg("case %zu was taken", i);
}

static const struct {
    souk_format_t format;
    const char *text;
    bool fits;
} cases[] = {
    { SOUK_ANY, "", true },
    { SOUK_UUID, ORDER_ID, true },
    { SOUK_UUID, "01890A5D-AC96-774B-BCCE-B302099A8057", true },
    { SOUK_UUID, "", false },
    { SOUK_UUID, "01890a5d-ac96-774b-bcce-b302099a805", false },
    { SOUK_UUID, "01890a5d-ac96-774b-bcce-b302099a80577", false },
    { SOUK_UUID, "01890a5d-ac96-774b-bcce-b302099a805g", false },
    { SOUK_UUID, "01890a5dac96774bbcceb302099a8057", false },
    { SOUK_EMAIL, "ann@example.org", true },
    { SOUK_EMAIL, "ann+souk@mail.example.org", true },
    { SOUK_EMAIL, "ann@localhost", true },
    { SOUK_EMAIL, "ann", false },
    { SOUK_EMAIL, "@example.org", false },
    { SOUK_EMAIL, "ann@", false },
    { SOUK_EMAIL, "ann@example.", false },
    { SOUK_EMAIL, "ann@-example.org", false },
    { SOUK_EMAIL, "ann@bob@example.org", false },
    { SOUK_EMAIL, "ann smith@example.org", false },
    { SOUK_EMAIL, "ann@example.org\nBcc: all", false },
    { SOUK_CURRENCY, "EUR", true },
    { SOUK_CURRENCY, "eur", false },
    { SOUK_CURRENCY, "EURO", false },
    { SOUK_COUNTRY, "DE", true },
    { SOUK_COUNTRY, "ZW", true },
    { SOUK_COUNTRY, "de", false },
    { SOUK_COUNTRY, "DEU", false },
    { SOUK_COUNTRY, "EA", false },
    { SOUK_COUNTRY, "", false },
    { SOUK_REGION, "CA", true },
    { SOUK_REGION, "2", true },
    { SOUK_REGION, "ENG", true },
    { SOUK_REGION, "ca", false },
    { SOUK_REGION, "US-CA", false },
    { SOUK_REGION, "Ohio", false },
    { SOUK_REGION, "", false },
    { SOUK_URL, "https://shop.example/mug.jpg?size=2#top", true },
    { SOUK_URL, "http://127.0.0.1:8080/", true },
    { SOUK_URL, "https://", false },
    { SOUK_URL, "https:///mug.jpg", false },
    { SOUK_URL, "https://shop.example/a b", false },
    { SOUK_URL, "https://shop.example/\"><script>", false },
    { SOUK_URL, "javascript:alert(1)", false },
    { SOUK_PASSWORD, "password1", false },
    { SOUK_PASSWORD, "PASSWORD1", false },
    { SOUK_PASSWORD, "correct horse battery", true },
    { SOUK_CURRENCY, "E", false },
    { SOUK_NO_CARD, "4242424242424242", false },
    { SOUK_NO_CARD, "4242 4242-4242  4242", false },
    { SOUK_NO_CARD, "take 4242-4242-4242-4242, please", false },
    { SOUK_NO_CARD, "my card:4242424242424242 123", false },
    { SOUK_NO_CARD, "12 4242424242424242", false },
    { SOUK_NO_CARD, "378282246310005", false },
    { SOUK_NO_CARD, "4222222222222", false },
    { SOUK_NO_CARD, "6304000000000000 000", false },
    { SOUK_NO_CARD, "4242424242424241", true },
    { SOUK_NO_CARD, "42424242424242424242", true },
    { SOUK_NO_CARD, "42424242/42424242", true },
    { SOUK_NO_CARD, "pm_sim_ok", true },
    { SOUK_NO_CARD, "", true },
    { SOUK_NO_CARD, "01890000-0000-7000-8000-000000000019", true },
};

static void formats_take_what_they_are_for_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_format_fits(cases[i].format, cases[i].text) != cases[i].fits)
            fail_msg("%s as %s", cases[i].text, souk_format_name(cases[i].format));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(what_is_not_utf_8_is_no_text),
        cmocka_unit_test(formats_take_what_they_are_for_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
