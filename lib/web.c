/* Requests by libcurl's multi interface. */
#include "web.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>
#include <uthash.h>

#include "buffer.h"
#include "json.h"
#include "memory.h"
#include "web_encode.h"

enum {
    ANSWER_MAX = 1 << 20, /* bytes */
    CONNECTIONS_MAX = 64,
    POLL_MIN_MS = 10, /* how often the network is looked at while something is under way */
    POLL_MAX_MS = 200,
    FORGET_MS = 60000,
};

typedef struct {
    int64_t number;
    const souk_web_ask_t *ask;
    souk_pool_t *pool;
    CURL *handle;
    struct curl_slist *headers;
    souk_buffer_t body; /* of the answer */
    bool done, replayed;
    long status;
    int64_t sent_ms, done_ms;
    UT_hash_handle hh;
} request_t;

static _Thread_local CURLM *multi;
static _Thread_local request_t *requests; /* by number */
static _Thread_local int64_t last_number;

/* What libcurl leaves in the thread that sets it up would go with it, and any but the first may end
   beside the process. */
void souk_web_set_up(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static CURLM *get_multi(void)
{
    if (!multi) {
        multi = souk_sure(curl_multi_init());
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    }
    return multi;
}

static request_t *find(int64_t number)
{
    request_t *request;
    HASH_FIND(hh, requests, &number, sizeof number, request);
    return request;
}

static void destroy(request_t *request)
{
    souk_pool_t *pool = request->pool;

    HASH_DEL(requests, request);
    curl_multi_remove_handle(multi, request->handle);
    curl_easy_cleanup(request->handle);
    curl_slist_free_all(request->headers);
    souk_pool_destroy(&pool);
}

/* Less than was given makes libcurl give up the request. */
static size_t keep(char *data, size_t one, size_t size, void *argument)
{
    request_t *request = argument;

    if (request->body.size + size > ANSWER_MAX)
        return 0;
    souk_buffer_add(&request->body, data, size);
    return size * one;
}

static size_t look_at_header(char *data, size_t one, size_t size, void *argument)
{
    static const char replayed[] = "idempotent-replayed: true";
    request_t *request = argument;

    if (size >= strlen(replayed) && strncasecmp(data, replayed, strlen(replayed)) == 0)
        request->replayed = true;
    return size * one;
}

static void add_header(request_t *request, const char *name, const char *value)
{
    const char *line = souk_pool_format(request->pool, "%s: %s", name, value);

    assert(!strpbrk(line, "\r\n"));
    request->headers = souk_sure(curl_slist_append(request->headers, line));
}

static void add_headers(request_t *request, const char *key)
{
    const souk_web_site_t *site = request->ask->site;

    if (site->bearer)
        add_header(request, "Authorization",
            souk_pool_format(request->pool, "Bearer %s", *site->bearer));
    if (site->header)
        request->headers = souk_sure(curl_slist_append(request->headers, site->header));
    if (key)
        add_header(request, "Idempotency-Key", key);
}

static void add_body(request_t *request, const void *takes)
{
    const souk_web_ask_t *ask = request->ask;
    bool form = ask->site->takes_forms;
    const char *body =
        form ? souk_web_form(ask, takes, request->pool) : souk_web_json(ask, takes, request->pool);

    add_header(request, "Content-Type",
        form ? "application/x-www-form-urlencoded" : "application/json");
    curl_easy_setopt(request->handle, CURLOPT_POSTFIELDS, body);
}

static const char *url_of(request_t *request, const void *takes, bool has_query)
{
    const souk_web_ask_t *ask = request->ask;
    const char *path = souk_web_path(ask, takes, request->pool);
    const char *query = has_query ? souk_web_form(ask, takes, request->pool) : "";

    return souk_pool_format(request->pool, "%s%s%s%s", *ask->site->url, path, *query ? "?" : "",
        query);
}

/* Certificates and names are checked, as libcurl does unless it is told otherwise. */
static void set_up(request_t *request)
{
    CURL *handle = request->handle;

    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)*request->ask->site->timeout_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, request);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, look_at_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, request);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, request);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, request->headers);
}

static void say(request_t *request, const void *takes)
{
    const char *http = request->ask->http;
    const char *method = souk_pool_text(request->pool, http, strcspn(http, " "));
    bool has_query = strcmp(method, "GET") == 0 || strcmp(method, "DELETE") == 0;

    curl_easy_setopt(request->handle, CURLOPT_URL, url_of(request, takes, has_query));
    if (!has_query)
        add_body(request, takes);
    curl_easy_setopt(request->handle, CURLOPT_CUSTOMREQUEST, method);
}

int64_t souk_web_send(const souk_web_ask_t *ask, const void *takes, const char *key)
{
    souk_pool_t *pool = souk_pool_new();
    request_t *request = souk_pool_alloc(pool, sizeof *request);

    *request = (request_t){
        .number = ++last_number,
        .ask = ask,
        .pool = pool,
        .handle = souk_sure(curl_easy_init()),
        .body = { .pool = pool },
        .sent_ms = souk_clock_ms(),
    };
    add_headers(request, key);
    say(request, takes);
    set_up(request);
    curl_multi_add_handle(get_multi(), request->handle);
    HASH_ADD(hh, requests, number, sizeof request->number, request);
    return request->number;
}

static void finish(CURL *handle, CURLcode result)
{
    request_t *request = NULL;

    curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&request);
    request->done = true;
    request->done_ms = souk_clock_ms();
    if (result == CURLE_OK)
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &request->status);
}

/* Whoever sent these has been given up. */
static void forget_old(void)
{
    request_t *request, *next;

    HASH_ITER(hh, requests, request, next)
    {
        if (request->done && souk_clock_ms() - request->done_ms > FORGET_MS)
            destroy(request);
    }
}

void souk_web_turn(void)
{
    int running, left;
    CURLMsg *message;

    curl_multi_perform(get_multi(), &running);
    while ((message = curl_multi_info_read(multi, &left)))
        if (message->msg == CURLMSG_DONE)
            finish(message->easy_handle, message->data.result);
    forget_old();
}

/* NULL: it is not as declared, or nothing is. */
static const void *read(const souk_record_t *record, souk_bytes_t text, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };

    if (!record)
        return NULL;
    void *value = souk_pool_alloc(pool, record->size);
    json_t *json = souk_json_parse(text, pool, &flaws);
    bool fits = json && souk_json_decode_some(record, json, value, pool, &flaws);

    json_decref(json);
    return fits ? value : NULL;
}

bool souk_web_take(int64_t number, souk_pool_t *pool, souk_web_answer_t *answer)
{
    request_t *request = find(number);

    *answer = (souk_web_answer_t){ 0 };
    if (!request)
        return true;
    if (!request->done)
        return false;
    souk_bytes_t body = { request->body.data, request->body.size };
    answer->status = (int)request->status;
    answer->replayed = request->replayed;
    if (answer->status / 100 == 2)
        answer->gives = read(request->ask->gives, body, pool);
    if (answer->status / 100 == 4)
        answer->refusal = read(request->ask->site->refuses, body, pool);
    destroy(request);
    return true;
}

/* The longer something takes, the longer it may take yet; each look costs a little. */
int souk_web_pause_ms(int64_t number)
{
    const request_t *request = find(number);
    int64_t pause = request ? (souk_clock_ms() - request->sent_ms) / 8 : 0;

    return pause < POLL_MIN_MS ? POLL_MIN_MS : pause > POLL_MAX_MS ? POLL_MAX_MS : (int)pause;
}

void souk_web_end(void)
{
    request_t *request, *next;

    HASH_ITER(hh, requests, request, next)
    {
        destroy(request);
    }
    curl_multi_cleanup(multi);
    multi = NULL;
}
