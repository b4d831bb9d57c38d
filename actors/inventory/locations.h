/* Where stock lies: kept by staff. */
#ifndef INVENTORY_LOCATIONS_H
#define INVENTORY_LOCATIONS_H

#include "../../lib/souk.h"
#include "records.h"

struct location {
    const char *code;
    const char *name;
    int priority;
    bool active;
    int version;
};
struct locations {
    souk_list_t items;
};
extern const souk_record_t inventory_location, inventory_location_list, inventory_location_key,
    inventory_location_draft, inventory_location_revision;

extern const souk_error_t inventory_location_taken, inventory_too_many_locations,
    inventory_location_in_use;
extern const souk_query_t inventory_list_locations, inventory_find_location,
    inventory_lock_location, inventory_add_location, inventory_find_reserved_at,
    inventory_change_location;

bool inventory_tell_locations(souk_call_t *call, const void *request, void *reply);
bool inventory_get_location(souk_call_t *call, const void *request, void *reply);
bool inventory_open_location(souk_call_t *call, const void *request, void *reply);
bool inventory_revise_location(souk_call_t *call, const void *request, void *reply);

#endif
