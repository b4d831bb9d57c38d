/* Entity tags: from a reply's version to ETag, from If-Match to the version that is asked for. */
#include "versions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MAX = 18,
};

static const char *const any = "*";

/* The number in "5", a tag that is strong; -1: it is no tag of ours. */
static int64_t number_of(const char *tag, size_t size)
{
    if (size < 3 || size > DIGITS_MAX + 2 || tag[0] != '"' || tag[size - 1] != '"')
        return -1;
    for (size_t i = 1; i < size - 1; i++)
        if (!isdigit((unsigned char)tag[i]))
            return -1;
    return strtoll(tag + 1, NULL, 10);
}

static bool is_one_tag(const char *text)
{
    size_t size = strlen(text);
    return strcmp(text, any) == 0 ||
        (size > 2 && *text == '"' && strcspn(text + 1, "\"") == size - 2);
}

static bool may_be(const souk_offer_t *offer, int64_t version)
{
    const souk_field_t *field = souk_record_field(offer->request, offer->operation->if_match);

    return version > 0 && (field->type == SOUK_LONG || version <= INT32_MAX);
}

/* A tag that is not ours is that of no version. */
void souk_version_check(souk_request_t *request)
{
    const char *tag = request->headers.if_match;
    int64_t version;

    if (!request->offer->operation->if_match)
        return;
    if (!tag)
        souk_request_refuse(request, &souk_problem_version_missing,
            "send a header If-Match with the ETag of what you saw, or *", NULL);
    else if (!is_one_tag(tag))
        souk_request_fail(request, &souk_invalid, "If-Match must be one ETag, such as \"5\", or *");
    else if (souk_version_asked(request, &version) && !may_be(request->offer, version))
        souk_request_fail(request, &souk_stale, NULL);
}

bool souk_version_asked(const souk_request_t *request, int64_t *version)
{
    const char *tag = request->headers.if_match;

    if (!request->offer->operation->if_match || strcmp(tag, any) == 0)
        return false;
    *version = number_of(tag, strlen(tag));
    return true;
}

static int64_t version_of(const souk_record_t *record, const char *name, const void *reply)
{
    const souk_field_t *field = souk_record_field(record, name);
    const char *value = (const char *)reply + field->offset;

    return field->type == SOUK_INT ? *(const int *)value : *(const int64_t *)value;
}

/* Whether one of the tags of If-None-Match, weak or strong, is this version. */
static bool is_among(const char *tags, int64_t version)
{
    if (strcmp(tags, any) == 0)
        return true;
    while (*tags) {
        tags += strspn(tags, ", \t");
        if (strncmp(tags, "W/", 2) == 0)
            tags += 2;
        size_t size = strcspn(tags, ", \t");
        if (number_of(tags, size) == version)
            return true;
        tags += size;
    }
    return false;
}

bool souk_version_tell(souk_request_t *request, const void *reply)
{
    const souk_offer_t *offer = request->offer;
    const char *held = request->headers.if_none_match;

    if (!offer->operation->etag)
        return false;
    int64_t version = version_of(offer->reply, offer->operation->etag, reply);
    request->etag = souk_pool_format(request->pool, "\"%lld\"", (long long)version);
    return offer->method == SOUK_GET && held && is_among(held, version);
}
