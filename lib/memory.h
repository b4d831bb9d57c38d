/* Memory that is there. */
#ifndef SOUK_MEMORY_H
#define SOUK_MEMORY_H

#include <stdio.h>
#include <stdlib.h>

/* What malloc and the like gave. Running out of memory ends the process; the supervisor starts
   another. */
static inline void *souk_sure(void *memory)
{
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

#endif
