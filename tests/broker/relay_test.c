/* Events go from whoever publishes to whoever subscribed. */
#include "party.h"

/* An XPUB sees subscriptions arrive, so that nothing has to be hoped for. */
static zsock_t *join_publisher(party_t *party)
{
    return join_at(party, ZMQ_XPUB, party->events_in);
}

static zsock_t *join_subscriber(party_t *party, const char *topic)
{
    zsock_t *subscriber = join_at(party, ZMQ_SUB, party->events_out);
    zsock_set_subscribe(subscriber, topic);
    return subscriber;
}

static void an_event_reaches_its_subscribers(void **state)
{
    party_t *party = *state;
    zsock_t *publisher = join_publisher(party);
    zsock_t *orders = join_subscriber(party, "order.");
    hear(publisher, "\1order.");
    zsock_t *all = join_subscriber(party, "user.");
    hear(publisher, "\1user.");

    say(publisher, "payment.captured", "header", "nobody wants this");
    say(publisher, "order.placed", "header", "an order");
    say(publisher, "user.registered", "header", "a user");
    hear(orders, "order.placed", "header", "an order");
    hear(all, "user.registered", "header", "a user");
}

static void a_subscription_ends_where_it_began(void **state)
{
    party_t *party = *state;
    zsock_t *publisher = join_publisher(party);
    zsock_t *subscriber = join_subscriber(party, "order.");
    hear(publisher, "\1order.");
    leave_party(party, subscriber);
    owned(souk_message) message = hear_any(publisher);
    assert_int_equal(souk_message_frame(message, 0).size, 7);
    assert_memory_equal(souk_message_frame(message, 0).data, "\0order.", 7);
}

static void what_is_no_event_and_no_subscription_stops_here(void **state)
{
    party_t *party = *state;
    zsock_t *publisher = join_publisher(party);
    zsock_t *enemy = join_at(party, ZMQ_XSUB, party->events_out);
    say(enemy, "not a subscription");
    say(enemy, "\1order.", "and more");
    say(enemy, "neither is this");
    say(enemy, "\1user.");
    hear(publisher, "\1order.");
    hear(publisher, "\1user.");

    souk_message_t *message = souk_message_new();
    while (message->count <= SOUK_FRAMES_MAX)
        souk_message_add_text(message, "order.placed");
    assert_true(souk_message_send(&message, zsock_resolve(publisher)));
    say(publisher, "order.placed", "header", "an order");
    hear(enemy, "order.placed", "header", "an order");
}

static void events_do_not_need_the_calls(void **state)
{
    party_t *party = *state;
    zsock_t *publisher = join_publisher(party);
    zsock_t *subscriber = join_subscriber(party, "");
    hear(publisher, "\1");
    for (int i = 0; i < 500; i++) {
        say(publisher, "order.placed", "header", "an order");
        hear(subscriber, "order.placed", "header", "an order");
    }
    prove_service(party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_event_reaches_its_subscribers),
        test(a_subscription_ends_where_it_began),
        test(what_is_no_event_and_no_subscription_stops_here),
        test(events_do_not_need_the_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
