/* All actors there are, by name. Apart from actor.c, so that who runs an actor of its own needs
   none of them. */
#include "actor.h"

#include <string.h>

const souk_actor_t *souk_actor_named(const char *name)
{
    for (size_t i = 0; souk_actors[i]; i++)
        if (strcmp(souk_actors[i]->name, name) == 0)
            return souk_actors[i];
    return NULL;
}
