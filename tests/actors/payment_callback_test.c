/* What a provider tells by itself: heard where it is signed, once, and looked up. */
#include <stdio.h>
#include <string.h>

#include "../../lib/settings.h"
#include "../../lib/signature.h"
#include "money.h"

#define SECRET "whsec_of_the_simulator"
#define SUCCEEDED "payment_intent.succeeded"

static int open(void **state)
{
    int failed = money_open(state);
    souk_settings.retry_ms = 86400000;
    souk_settings.retry_max_ms = 604800000;
    return failed;
}

static int begin(void **state)
{
    souk_settings.simulator_secret = SECRET;
    return conversation_begin(state);
}

/* With \" for every ", as a text within JSON has it. */
static void escape(const char *body, char *text)
{
    for (; *body; *text++ = *body++)
        if (*body == '"')
            *text++ = '\\';
    *text = '\0';
}

static void tell_signed(void **state, const char *body, const char *signature)
{
    char text[1000];
    escape(body, text);
    ask(state, "payment.hear", "{'provider': 'simulator', 'signature': '%s', 'body': '%s'}",
        signature, text);
}

static void tell(void **state, const char *id, const char *type, const char *reference)
{
    owned(souk_pool) pool = souk_pool_new();
    char body[500];
    snprintf(body, sizeof body,
        "{\"id\":\"%s\",\"type\":\"%s\",\"livemode\":false,\"data\":{\"object\":{\"id\":\"%s\","
        "\"object\":\"payment_intent\",\"metadata\":{\"order_id\":\"" ORDER "\"}}}}",
        id, type, reference);
    tell_signed(state, body, souk_signature_make(SECRET, souk_now(), body, pool));
}

static void provider_says(void **state, const char *outcome)
{
    row(state, "UPDATE simulator.charge SET outcome = '%s'", outcome);
}

static void what_succeeded_after_all_is_taken(void **state)
{
    charge(state, "pm_sim_insufficient");
    provider_says(state, "captured");
    for (int i = 0; i < 2; i++) {
        tell(state, "evt_1", SUCCEEDED, ORDER);
        expect(state, "{}");
    }
    tell(state, "evt_2", SUCCEEDED, ORDER);
    expect(state, "{}");
    expect_kept(state, "1200");
    expect_row(state, "SELECT status FROM payment.payment", "captured");
    expect_row(state,
        "SELECT string_agg(substr(topic, 9) || coalesce(body ->> 'late', ''), ' ' ORDER BY at)"
        " FROM payment.told WHERE topic <> 'payment.called'",
        "failed capturedtrue");
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
    expect_row(state, "SELECT outcome FROM payment.try", "captured");
    expect_row(state, "SELECT count(*) FROM payment.heard", "2");
}

/* It may be told before it is answered. */
static void what_is_under_way_is_settled_once(void **state)
{
    run_sql(state,
        "WITH opened AS (INSERT INTO payment.payment"
        " (id, order_id, amount, currency, method, status, reference)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', 'opened', '" ORDER "')"
        " RETURNING id), asked AS (INSERT INTO simulator.charge"
        " (key, amount, currency, method, outcome)"
        " VALUES ('" ORDER "', 1200, 'EUR', 'pm_sim_ok', 'captured'))"
        " INSERT INTO payment.in_flight SELECT id, now() + interval '1 hour' FROM opened");
    tell(state, "evt_1", SUCCEEDED, ORDER);
    expect(state, "{}");
    expect_kept(state, "1200");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
    expect_row(state, "SELECT body ->> 'late' FROM payment.told WHERE topic = 'payment.captured'",
        "false");
}

static void what_succeeds_after_it_was_cancelled_is_given_back(void **state)
{
    charge(state, "pm_sim_insufficient");
    void_charge(state);
    provider_says(state, "captured");
    tell(state, "evt_1", SUCCEEDED, ORDER);
    expect(state, "{}");
    expect_row_soon(state, "SELECT status FROM payment.payment", "voided");
    expect_kept(state, "0");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "4");
    expect_row(state, "SELECT count(*) FROM payment.told WHERE topic = 'payment.captured'", "0");
}

/* Whoever knows the secret is the provider, and yet may be mistaken. */
static void what_is_told_is_looked_up(void **state)
{
    charge(state, "pm_sim_insufficient");
    tell(state, "evt_1", SUCCEEDED, ORDER);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "insufficient");
    charge(state, "pm_sim_ok");
    tell(state, "evt_2", "payment_intent.payment_failed", ORDER);
    expect_row(state, "SELECT status FROM payment.payment", "insufficient");
}

static void what_was_taken_stays_taken(void **state)
{
    charge(state, "pm_sim_ok");
    tell(state, "evt_1", SUCCEEDED, ORDER);
    tell(state, "evt_2", "payment_intent.payment_failed", ORDER);
    expect(state, "{}");
    expect_kept(state, "1200");
    expect_row(state, "SELECT count(*) FROM payment.told WHERE topic <> 'payment.called'", "1");
    void_charge(state);
    tell(state, "evt_3", SUCCEEDED, ORDER);
    expect_row(state, "SELECT status FROM payment.payment", "voided");
    expect_kept(state, "0");
}

static void what_is_about_something_else_is_passed_over(void **state)
{
    charge(state, "pm_sim_insufficient");
    provider_says(state, "captured");
    tell(state, "evt_1", "customer.created", ORDER);
    expect(state, "{}");
    tell(state, "evt_2", SUCCEEDED, "another");
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "insufficient");
    expect_row(state, "SELECT count(*) FROM payment.heard", "0");
}

static void only_what_is_signed_is_heard(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    static const char body[] = "{\"id\":\"evt_1\",\"type\":\"" SUCCEEDED "\",\"data\":{}}";
    charge(state, "pm_sim_insufficient");
    tell_signed(state, body, "t=1,v1=00");
    expect_error(state, "unauthorized", "signature");
    tell_signed(state, body, souk_signature_make("another", souk_now(), body, pool));
    expect_error(state, "unauthorized", "signature");
    tell_signed(state, body, souk_signature_make(SECRET, souk_now(), body, pool));
    expect_error(state, "invalid", "required");
    souk_settings.simulator_secret = NULL;
    tell(state, "evt_1", SUCCEEDED, ORDER);
    expect_error(state, "unauthorized", "nothing is heard");
    souk_settings.simulator_secret = SECRET;
    ask(state, "payment.hear", "{'provider': 'stripe', 'signature': 't=1', 'body': '{}'}");
    expect_error(state, "unauthorized", "nothing is heard of stripe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_succeeded_after_all_is_taken, begin),
        cmocka_unit_test_setup(what_is_under_way_is_settled_once, begin),
        cmocka_unit_test_setup(what_succeeds_after_it_was_cancelled_is_given_back, begin),
        cmocka_unit_test_setup(what_is_told_is_looked_up, begin),
        cmocka_unit_test_setup(what_was_taken_stays_taken, begin),
        cmocka_unit_test_setup(what_is_about_something_else_is_passed_over, begin),
        cmocka_unit_test_setup(only_what_is_signed_is_heard, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
