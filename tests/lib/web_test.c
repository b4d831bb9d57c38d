/* Other people's services: what is asked of them is said as they want it, and only what they answer
   plainly is taken for an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web_encode.h"

struct tags {
    const char *colour;
    const char *note;
};
static const souk_record_t tags = {
    .name = "tags",
    .size = sizeof(struct tags),
    .fields = {
        FIELD(tags, colour),
        FIELD(tags, note, .optional = true),
    },
};

struct parcel {
    const char *id;
    int64_t weight;
    bool fragile;
    souk_list_t names;
    struct tags tags;
    souk_list_t parts;
    int days;
};
static const souk_record_t parcel = {
    .name = "parcel",
    .size = sizeof(struct parcel),
    .fields = {
        FIELD(parcel, id),
        FIELD(parcel, weight),
        FIELD(parcel, fragile),
        FIELD(parcel, names, .optional = true),
        FIELD(parcel, tags, .of = &tags, .optional = true),
        FIELD(parcel, parts, .of = &tags, .optional = true),
        FIELD(parcel, days, .optional = true),
    },
};
static const souk_record_t label = {
    .name = "label",
    .size = sizeof(struct parcel),
    .fields = {
        FIELD(parcel, id),
    },
};
static const souk_record_t complaint = {
    .name = "complaint",
    .size = sizeof(struct tags),
    .fields = {
        FIELD(tags, note),
    },
};

static const char *url, *token = "s3cret";
static int timeout_ms = 5000;
static const souk_web_site_t forms = {
    .url = &url,
    .bearer = &token,
    .header = "X-Version: 7",
    .timeout_ms = &timeout_ms,
    .refuses = &complaint,
    .takes_forms = true,
};
static const souk_web_site_t json = { .url = &url,
    .timeout_ms = &timeout_ms,
    .refuses = &complaint };

#define SHIP                                                                                       \
    {                                                                                              \
        .site = &forms, .http = "POST /v1/parcels/{id}/ship", .takes = &parcel, .gives = &label    \
    }

static const struct parcel full = {
    .id = "a/b c",
    .weight = -5,
    .fragile = true,
    .names = { (const char *[]){ "x&y", "\xc3\xa4" }, 2 },
    .tags = { .colour = "dark red" },
    .parts = { (struct tags[]){ { "one", "1" }, { "two", NULL } }, 2 },
};

static void what_the_path_names_is_in_the_path_only(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_ask_t ship = SHIP;

    assert_string_equal(souk_web_path(&ship, &full, pool), "/v1/parcels/a%2Fb%20c/ship");
    assert_string_equal(souk_web_form(&ship, &full, pool),
        "weight=-5&fragile=true&names[]=x%26y&names[]=%C3%A4&tags[colour]=dark%20red"
        "&parts[0][colour]=one&parts[0][note]=1&parts[1][colour]=two");
    assert_string_equal(souk_web_json(&ship, &full, pool),
        "{\"weight\":-5,\"fragile\":true,\"names\":[\"x&y\",\"\xc3\xa4\"],"
        "\"tags\":{\"colour\":\"dark red\",\"note\":null},"
        "\"parts\":[{\"colour\":\"one\",\"note\":\"1\"},{\"colour\":\"two\",\"note\":null}],"
        "\"days\":null}");
}

static void what_is_absent_is_left_out(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_ask_t ship = SHIP;

    assert_string_equal(souk_web_form(&ship, &(struct parcel){ .id = "1" }, pool),
        "weight=0&fragile=false");
}

/* What was heard last. A path such as /200/label is answered with that status and this body; one
   without a status is not answered at all. */
static char heard[1000];
static const struct {
    const char *name;
    const char *text;
} bodies[] = {
    { "/label", "{\"id\":\"p7\",\"colour\":[{\"deep\":1}]}" },
    { "/number", "{\"id\":7}" },
    { "/complaint", "{\"note\":\"too heavy\"}" },
    { "/page", "<html>" },
    { "", "" },
};
static atomic_bool is_silent; /* read by the thread of the connection */

static enum MHD_Result tell(void *place, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
    static const char *const told[] = { "Authorization", "X-Version", "Idempotency-Key",
        "Content-Type" };
    size_t size = strlen(heard);

    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (strcasecmp(told[i], name) == 0)
            snprintf(heard + size, sizeof heard - size, "|%s", value);
    return MHD_YES;
}

static const char *body_of(const char *name)
{
    size_t i = 0;
    while (*bodies[i].name && strcmp(bodies[i].name, name) != 0)
        i++;
    return bodies[i].text;
}

static enum MHD_Result answer(struct MHD_Connection *connection, const char *path)
{
    char *name = NULL;
    unsigned status = (unsigned)strtoul(path + 1, &name, 10);
    const char *body = body_of(name);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), (char *)body, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_NO;

    MHD_add_response_header(response, "Idempotent-Replayed", "true");
    if (status)
        result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result serve(void *nothing, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *body, size_t *size, void **begun)
{
    size_t told = strlen(heard);

    if (!*begun) {
        *begun = heard;
        snprintf(heard, sizeof heard, "%s", method);
        MHD_get_connection_values(connection, MHD_HEADER_KIND, tell, NULL);
        return MHD_YES;
    }
    if (*size) {
        snprintf(heard + told, sizeof heard - told, "|%.*s", (int)*size, body);
        *size = 0;
        return MHD_YES;
    }
    while (is_silent)
        poll(NULL, 0, 5);
    return answer(connection, path);
}

static int begin(void **state)
{
    static char text[40];
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL,
            NULL, serve, NULL, MHD_OPTION_END);

    assert_non_null(daemon);
    snprintf(text, sizeof text, "http://127.0.0.1:%d",
        MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    url = text;
    *state = daemon;
    return 0;
}

static int end(void **state)
{
    souk_web_end();
    MHD_stop_daemon(*state);
    return 0;
}

static souk_web_answer_t take(int64_t number, souk_pool_t *pool)
{
    souk_web_answer_t told;

    souk_web_turn();
    while (!souk_web_take(number, pool, &told)) {
        poll(NULL, 0, souk_web_pause_ms(number));
        souk_web_turn();
    }
    return told;
}

static souk_web_answer_t ask(const char *http, souk_pool_t *pool)
{
    souk_web_ask_t question = { .site = &forms, .http = http, .takes = &label, .gives = &label };
    return take(souk_web_send(&question, &(struct parcel){ .id = "1" }, NULL), pool);
}

static void a_form_is_sent_with_who_we_are_and_under_its_key(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_ask_t send = { .site = &forms, .http = "POST /200", .takes = &label, .gives = &label };

    take(souk_web_send(&send, &(struct parcel){ .id = "1" }, "k1"), pool);
    assert_string_equal(heard, "POST|Bearer s3cret|7|k1|application/x-www-form-urlencoded|id=1");
    send.site = &json;
    take(souk_web_send(&send, &(struct parcel){ .id = "1" }, NULL), pool);
    assert_string_equal(heard, "POST|application/json|{\"id\":\"1\"}");
}

static void what_is_only_looked_at_has_no_body(void **state)
{
    owned(souk_pool) pool = souk_pool_new();

    assert_int_equal(ask("DELETE /204", pool).status, 204);
    assert_string_equal(heard, "DELETE|Bearer s3cret|7");
}

static void a_success_is_what_was_declared_and_may_be_more(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_answer_t told = ask("GET /201/label", pool);

    assert_int_equal(told.status, 201);
    assert_true(told.replayed);
    assert_string_equal(((const struct parcel *)told.gives)->id, "p7");
    assert_null(told.refusal);
}

static void a_refusal_says_why(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_answer_t told = ask("GET /422/complaint", pool);

    assert_int_equal(told.status, 422);
    assert_null(told.gives);
    assert_string_equal(((const struct tags *)told.refusal)->note, "too heavy");
}

static void what_is_not_as_declared_is_no_answer(void **state)
{
    static const struct {
        const char *http;
        int status;
    } table[] = {
        { "GET /200", 200 },
        { "GET /200/page", 200 },
        { "GET /200/number", 200 },
        { "GET /200/complaint", 200 },
        { "GET /400/page", 400 },
        { "GET /302/label", 302 },
        { "GET /500/label", 500 },
        { "GET /500/complaint", 500 },
        { "GET /none", 0 },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        owned(souk_pool) pool = souk_pool_new();
        souk_web_answer_t told = ask(table[i].http, pool);
        assert_int_equal(told.status, table[i].status);
        assert_null(told.gives);
        assert_null(told.refusal);
    }
}

static void what_nobody_reads_may_be_anything(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    const souk_web_site_t hook = { .url = &url, .timeout_ms = &timeout_ms };
    const souk_web_ask_t told = { .site = &hook, .http = "POST /200/page", .takes = &label };
    const souk_web_ask_t refused = { .site = &hook, .http = "POST /400/page", .takes = &label };
    struct parcel light = { .id = "1" };

    assert_int_equal(take(souk_web_send(&told, &light, NULL), pool).status, 200);
    assert_int_equal(take(souk_web_send(&refused, &light, NULL), pool).status, 400);
}

static void what_is_given_up_is_not_answered(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_ask_t find = { .site = &forms, .http = "GET /200", .takes = &label, .gives = &label };
    int64_t number = souk_web_send(&find, &(struct parcel){ .id = "1" }, NULL);

    souk_web_turn();
    souk_web_end();
    assert_int_equal(take(number, pool).status, 0);
    assert_int_equal(ask("GET /201/label", pool).status, 201);
}

static void what_takes_too_long_is_not_waited_for(void **state)
{
    owned(souk_pool) pool = souk_pool_new();

    timeout_ms = 50;
    is_silent = true;
    assert_int_equal(ask("GET /200/label", pool).status, 0);
    is_silent = false;
    timeout_ms = 5000;
}

static void an_answer_is_taken_once(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_web_ask_t find = {
        .site = &forms,
        .http = "GET /200/label",
        .takes = &label,
        .gives = &label,
    };
    int64_t number = souk_web_send(&find, &(struct parcel){ .id = "1" }, NULL);

    assert_non_null(take(number, pool).gives);
    assert_int_equal(take(number, pool).status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_path_names_is_in_the_path_only),
        cmocka_unit_test(what_is_absent_is_left_out),
        cmocka_unit_test(a_form_is_sent_with_who_we_are_and_under_its_key),
        cmocka_unit_test(what_is_only_looked_at_has_no_body),
        cmocka_unit_test(a_success_is_what_was_declared_and_may_be_more),
        cmocka_unit_test(a_refusal_says_why),
        cmocka_unit_test(what_is_not_as_declared_is_no_answer),
        cmocka_unit_test(what_nobody_reads_may_be_anything),
        cmocka_unit_test(what_is_given_up_is_not_answered),
        cmocka_unit_test(what_takes_too_long_is_not_waited_for),
        cmocka_unit_test(an_answer_is_taken_once),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
