/* The regions that countries are divided into. */
#ifndef SOUK_REGION_H
#define SOUK_REGION_H

#include "base.h"

/* Whether ISO 3166-2 has COUNTRY-REGION. */
bool souk_region_exists(const char *country, const char *region);

#endif
