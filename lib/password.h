/* New passwords that nobody should have. */
#ifndef SOUK_PASSWORD_H
#define SOUK_PASSWORD_H

#include "base.h"

/* Whether it is among the commonest, whatever its case. */
bool souk_password_is_common(const char *password);

#endif
