/* New passwords that nobody should have: the first that are tried (NIST SP 800-63B, 5.1.1.2). */
#include "password.h"

#include <stdlib.h>
#include <strings.h>

/* Sorted, in lower case. */
static const char *const common[] = {
#include "common_passwords.h"
};

static int compare(const void *password, const void *known)
{
    return strcasecmp(password, *(const char *const *)known);
}

bool souk_password_is_common(const char *password)
{
    return bsearch(password, common, sizeof common / sizeof *common, sizeof *common, compare);
}
