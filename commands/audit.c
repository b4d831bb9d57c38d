/* `souk audit verify`: whether anything in the audit trail was changed, left out or put in. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../actors/audit/chain.h"
#include "../db/connection.h"
#include "call_internal.h"
#include "commands.h"
#include "queries/audit.h"
#include "settings.h"

enum {
    PAGE = 1000,
};

struct page {
    int64_t after;
    int limit;
};
static const souk_record_t page = {
    .name = "page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, after),
        FIELD(page, limit),
    },
};

/* How many events of a source were dealt with, and what there is of them. */
struct source {
    const char *source;
    int64_t told, noted, first;
};
static const souk_record_t source = {
    .name = "source",
    .size = sizeof(struct source),
    .fields = {
        FIELD(source, source),
        FIELD(source, told),
        FIELD(source, noted),
        FIELD(source, first),
    },
};

static const souk_query_t verify_entries = {
    .sql = &sql_verify_entries,
    .takes = &page,
    .gives = &audit_entry,
};
static const souk_query_t verify_sources = {
    .sql = &sql_verify_sources,
    .gives = &source,
};
static const souk_query_t *const queries[] = { &verify_entries, &verify_sources, NULL };

/* How far the chain was walked. */
struct walk {
    int64_t pinned; /* an entry whose hash was noted elsewhere; 0: none */
    const char *pinned_hash;
    int64_t after; /* the last that was looked at, which need not be one that belongs there */
    int64_t n;
    char hash[SOUK_HASH_SIZE];
    int64_t wrong;
};

__attribute__((format(printf, 2, 3))) static void tell(struct walk *walk, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("BAD ");
    vprintf(format, arguments);
    puts("");
    va_end(arguments);
    walk->wrong++;
}

/* What is wrong with an entry is told once: what follows it is held against what it says. */
static void step(struct walk *walk, const struct entry *entry, souk_pool_t *pool)
{
    if (entry->n != walk->n + 1)
        tell(walk, "entry %" PRId64 ": what was before it is missing", entry->n);
    else if (strcmp(entry->hash, audit_hash(entry, walk->hash, pool)) != 0)
        tell(walk, "entry %" PRId64 ": it was changed, or put in, or the one before it was",
            entry->n);
    else if (entry->n == walk->pinned && strcmp(entry->hash, walk->pinned_hash) != 0)
        tell(walk, "entry %" PRId64 ": its hash is not the one that was noted", entry->n);
    walk->after = walk->n = entry->n;
    snprintf(walk->hash, sizeof walk->hash, "%s", entry->hash);
}

static bool walk_page(souk_desk_t *desk, struct walk *walk, size_t *count)
{
    owned(souk_call) call = souk_call_new(desk);
    struct page next = { walk->after, PAGE };
    souk_list_t entries = { 0 };
    if (!souk_db_all(call, &verify_entries, &next, &entries))
        return fprintf(stderr, "souk audit: %s\n", call->reason) < 0;
    for (size_t i = 0; i < entries.count; i++)
        step(walk, (const struct entry *)entries.items + i, call->pool);
    *count = entries.count;
    return true;
}

/* Whoever takes away the last entries leaves a chain that fits, but a cursor that tells; and nobody
   follows a source of which there is none. */
static bool count_sources(souk_desk_t *desk, struct walk *walk)
{
    owned(souk_call) call = souk_call_new(desk);
    souk_list_t sources = { 0 };
    if (!souk_db_all(call, &verify_sources, NULL, &sources))
        return fprintf(stderr, "souk audit: %s\n", call->reason) < 0;
    const struct source *it = sources.items;
    for (const struct source *end = it + sources.count; it < end; it++)
        if (it->noted != it->told - it->first + 1)
            tell(walk, "%s: of its events %" PRId64 " to %" PRId64 " there are %" PRId64 " entries",
                it->source, it->first, it->told, it->noted);
    return true;
}

static bool verify(souk_desk_t *desk, struct walk *walk)
{
    size_t count = PAGE;
    while (count == PAGE)
        if (!walk_page(desk, walk, &count))
            return false;
    if (walk->n < walk->pinned)
        tell(walk, "entry %" PRId64 ", whose hash was noted, is missing", walk->pinned);
    if (!count_sources(desk, walk))
        return false;
    if (!walk->wrong)
        printf("ok  %" PRId64 " entries; the last is %" PRId64 ":%s\n", walk->n, walk->n,
            walk->hash);
    return !walk->wrong;
}

static int usage(void)
{
    fprintf(stderr,
        "usage: souk audit verify [NUMBER:HASH]   the entry that was noted elsewhere\n");
    return SOUK_MISUSED_COMMAND;
}

static bool read_pin(const char *word, struct walk *walk)
{
    char *end = NULL;
    walk->pinned = strtoll(word, &end, 10);
    walk->pinned_hash = end + 1;
    return walk->pinned > 0 && *end == ':' && strlen(end) == SOUK_HASH_SIZE;
}

int souk_command_audit(int argc, char **argv)
{
    struct walk walk = { .after = INT64_MIN };
    owned(souk_pool) pool = souk_pool_new();
    char why[300];

    if (argc < 2 || strcmp(argv[1], "verify") != 0 || (argc == 3 && !read_pin(argv[2], &walk)))
        return usage();
    souk_desk_t desk = { .db = souk_db_new(souk_settings_dsn("audit", pool), queries, NULL, NULL) };
    bool whole = souk_db_connect(desk.db, why, sizeof why) == SOUK_DB_READY;
    if (!whole)
        fprintf(stderr, "souk audit: %s\n", why);
    whole = whole && verify(&desk, &walk);
    souk_db_destroy(&desk.db);
    return whole ? SOUK_DONE : SOUK_FAILED;
}
