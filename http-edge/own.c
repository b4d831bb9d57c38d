/* What the edge answers by itself. */
#include <string.h>

#include "directory.h"
#include "readiness.h"

static void answer_live(souk_request_t *request)
{
    static const char text[] = "{\"status\":\"alive\"}";

    souk_request_answer(request, 200, (souk_bytes_t){ text, sizeof text - 1 });
}

static void answer_ready(souk_request_t *request)
{
    static const char text[] = "{\"status\":\"ready\"}";
    const souk_edge_t *edge = request->edge;
    const char *missing = souk_readiness_missing(edge->readiness, edge->directory, request->pool);
    const char *unwell = souk_readiness_unwell(edge->readiness, edge->directory, request->pool);

    if (*missing)
        souk_request_refuse(request, &souk_problem_not_ready,
            souk_pool_format(request->pool, "not there (yet): %s", missing), NULL);
    else if (*unwell)
        souk_request_refuse(request, &souk_problem_not_ready,
            souk_pool_format(request->pool, "there, but not well (see their health): %s", unwell),
            NULL);
    else
        souk_request_answer(request, 200, (souk_bytes_t){ text, sizeof text - 1 });
}

/* Copied, as the document may be made anew while the client still reads this one. */
static void answer_openapi(souk_request_t *request)
{
    souk_bytes_t text = souk_directory_openapi(request->edge->directory);

    text.data = souk_pool_text(request->pool, text.data, text.size);
    souk_request_answer(request, 200, text);
}

static const struct {
    const char *name;
    void (*answer)(souk_request_t *request);
} pages[] = {
    { "livez", answer_live },
    { "readyz", answer_ready },
    { "openapi.json", answer_openapi },
};

static void answer_page(souk_request_t *request, size_t i)
{
    request->allow = "GET, HEAD, OPTIONS";
    if (strcmp(request->method, "OPTIONS") == 0) {
        souk_request_answer(request, 204, (souk_bytes_t){ 0 });
    } else if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) {
        souk_request_refuse_method(request);
    } else {
        request->allow = NULL;
        pages[i].answer(request);
    }
}

bool souk_request_own(souk_request_t *request)
{
    const souk_target_t *target = &request->target;

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (target->segment_count != 1 || strcmp(target->segments[0], pages[i].name) != 0)
            continue;
        answer_page(request, i);
        return true;
    }
    return false;
}
