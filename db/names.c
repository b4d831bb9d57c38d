/* Finds :name in a statement and puts $n in its place. */
#include "names.h"

#include <stdio.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* All of these take the first character of something and return what is behind it. */
static const char *behind_quote(const char *p, bool escapes)
{
    char quote = *p++;
    while (*p && *p != quote)
        p += escapes && *p == '\\' && p[1] ? 2 : 1;
    return *p ? p + 1 : p;
}

static const char *behind_line(const char *p)
{
    return p + strcspn(p, "\n");
}

static const char *behind_comment(const char *p)
{
    int depth = 0;
    do {
        bool open = p[0] == '/' && p[1] == '*';
        bool close = p[0] == '*' && p[1] == '/';
        depth += open - close;
        p += open || close ? 2 : 1;
    } while (*p && depth > 0);
    return p;
}

/* $tag$ ... $tag$; p itself where it is no such text. */
static const char *behind_dollars(const char *p)
{
    const char *tag_end = p + 1;
    while (is_word(*tag_end))
        tag_end++;
    if (*tag_end != '$' || (p[1] >= '0' && p[1] <= '9'))
        return p;
    size_t size = (size_t)(tag_end - p) + 1;
    for (const char *q = p + size; (q = strchr(q, '$')); q++) {
        if (strncmp(q, p, size) == 0)
            return q + size;
    }
    return p + strlen(p);
}

/* Behind what is no business of ours at p, or p. before is the character in front. */
static const char *behind_opaque(const char *p, char before)
{
    if (*p == '\'' || *p == '"')
        return behind_quote(p, false);
    if ((*p == 'e' || *p == 'E') && p[1] == '\'' && !is_word(before))
        return behind_quote(p + 1, true);
    if (p[0] == '-' && p[1] == '-')
        return behind_line(p);
    if (p[0] == '/' && p[1] == '*')
        return behind_comment(p);
    if (*p == '$' && !is_word(before))
        return behind_dollars(p);
    return p;
}

/* A cast has a colon in front, a slice [1:n] has a word. */
static bool starts_name(const char *p, char before)
{
    return *p == ':' && is_letter(p[1]) && before != ':' && !is_word(before);
}

/* The number of the parameter, which may have been named before; 0: there are too many. */
static size_t number_of(souk_named_t *named, souk_pool_t *pool, const char *name, size_t size)
{
    for (size_t i = 0; i < named->count; i++) {
        if (strncmp(named->names[i], name, size) == 0 && named->names[i][size] == '\0')
            return i + 1;
    }
    if (named->count == SOUK_PARAMETERS_MAX)
        return 0;
    named->names[named->count] = souk_pool_text(pool, name, size);
    return ++named->count;
}

bool souk_names_number(const char *sql, souk_pool_t *pool, souk_named_t *named)
{
    /* The shortest name, :a, may become $64. */
    char *out = souk_pool_alloc(pool, 2 * strlen(sql) + 1);
    *named = (souk_named_t){ .text = out };
    char before = ' ';
    for (const char *p = sql; *p;) {
        const char *end = behind_opaque(p, before);
        if (starts_name(p, before)) {
            for (end = p + 2; is_word(*end);)
                end++;
            size_t number = number_of(named, pool, p + 1, (size_t)(end - p) - 1);
            if (number == 0)
                return false;
            out += sprintf(out, "$%zu", number);
        } else {
            end += end == p;
            out = mempcpy(out, p, (size_t)(end - p));
        }
        before = end[-1];
        p = end;
    }
    *out = '\0';
    return true;
}
