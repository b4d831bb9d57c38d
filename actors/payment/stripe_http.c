/* Requests to Stripe by libcurl's multi interface. */
#include "stripe_http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/memory.h"
#include "../../lib/settings.h"

enum {
    ANSWER_MAX = 1 << 20, /* bytes; Stripe's are a few thousand */
    CONNECTIONS_MAX = 64,
    POLL_MIN_MS = 10, /* how often the network is looked at while something is under way */
    POLL_MAX_MS = 200,
};

struct stripe_request {
    CURL *handle;
    struct curl_slist *headers;
    char *answer;
    size_t size;
    bool done, replayed;
    long status;
};

static CURLM *multi;

static CURLM *get_multi(void)
{
    if (!multi) {
        multi = souk_sure(curl_multi_init());
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    }
    return multi;
}

/* Less than was given makes libcurl give up the request. */
static size_t keep(char *data, size_t one, size_t size, void *argument)
{
    stripe_request_t *request = argument;

    if (request->size + size > ANSWER_MAX)
        return 0;
    request->answer = souk_sure(realloc(request->answer, request->size + size));
    memcpy(request->answer + request->size, data, size);
    request->size += size;
    return size * one;
}

static size_t look_at_header(char *data, size_t one, size_t size, void *argument)
{
    static const char replayed[] = "idempotent-replayed: true";
    stripe_request_t *request = argument;

    if (size >= strlen(replayed) && strncasecmp(data, replayed, strlen(replayed)) == 0)
        request->replayed = true;
    return size * one;
}

static void add_header(stripe_request_t *request, const char *name, const char *value)
{
    owned(souk_pool) pool = souk_pool_new();
    request->headers = souk_sure(
        curl_slist_append(request->headers, souk_pool_format(pool, "%s: %s", name, value)));
}

static void add_headers(stripe_request_t *request, const char *key)
{
    owned(souk_pool) pool = souk_pool_new();

    add_header(request, "Authorization",
        souk_pool_format(pool, "Bearer %s", souk_settings.stripe_key));
    add_header(request, "Stripe-Version", "2024-06-20");
    if (key)
        add_header(request, "Idempotency-Key", key);
    curl_easy_setopt(request->handle, CURLOPT_HTTPHEADER, request->headers);
}

/* Certificates and names are checked, as libcurl does unless it is told otherwise. */
static void set_up(stripe_request_t *request, const char *path)
{
    owned(souk_pool) pool = souk_pool_new();
    CURL *handle = request->handle;

    curl_easy_setopt(handle, CURLOPT_URL,
        souk_pool_format(pool, "%s%s", souk_settings.stripe_url, path));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)souk_settings.provider_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, request);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, look_at_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, request);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, request);
}

stripe_request_t *stripe_send(const char *path, const char *form, const char *key)
{
    stripe_request_t *request = souk_sure(calloc(1, sizeof *request));

    request->handle = souk_sure(curl_easy_init());
    set_up(request, path);
    add_headers(request, key);
    if (form)
        curl_easy_setopt(request->handle, CURLOPT_COPYPOSTFIELDS, form);
    curl_multi_add_handle(get_multi(), request->handle);
    return request;
}

void stripe_turn(void)
{
    int running, left;
    CURLMsg *message;

    curl_multi_perform(get_multi(), &running);
    while ((message = curl_multi_info_read(multi, &left))) {
        stripe_request_t *request = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
        request->done = true;
        if (message->data.result == CURLE_OK)
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &request->status);
    }
}

static void destroy(stripe_request_t *request)
{
    curl_multi_remove_handle(multi, request->handle);
    curl_easy_cleanup(request->handle);
    curl_slist_free_all(request->headers);
    free(request->answer);
    free(request);
}

bool stripe_take(stripe_request_t **request, stripe_answer_t *answer)
{
    stripe_request_t *it = *request;

    if (!it->done)
        return false;
    *answer = (stripe_answer_t){
        .status = it->status,
        .replayed = it->replayed,
        .body = it->size ? json_loadb(it->answer, it->size, 0, NULL) : NULL,
    };
    destroy(it);
    *request = NULL;
    return true;
}

const char *stripe_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

const char *stripe_keep(souk_pool_t *pool, const char *text)
{
    return souk_pool_text(pool, text, strlen(text));
}

/* The longer something takes, the longer it may take yet; each look costs a little. */
int stripe_pause_ms(int64_t asked_ms)
{
    int64_t pause = (souk_clock_ms() - asked_ms) / 8;
    return pause < POLL_MIN_MS ? POLL_MIN_MS : pause > POLL_MAX_MS ? POLL_MAX_MS : (int)pause;
}
