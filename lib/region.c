/* The regions that countries are divided into (ISO 3166-2). */
#include "region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CODE_SIZE = 7, /* two characters, a dash, up to three, and the end */
};

/* Sorted. */
static const char *const codes[] = {
#include "region_codes.h"
};

static int compare(const void *code, const void *known)
{
    return strcmp(code, *(const char *const *)known);
}

bool souk_region_exists(const char *country, const char *region)
{
    char code[CODE_SIZE];

    return snprintf(code, sizeof code, "%s-%s", country, region) < CODE_SIZE &&
        bsearch(code, codes, sizeof codes / sizeof *codes, sizeof *codes, compare);
}
