/* One amount, spread over several in proportion. */
#include "spread.h"

#include <stdlib.h>

struct remainder {
    size_t i;
    int64_t left;
};

static int largest_first(const void *one, const void *other)
{
    const struct remainder *a = one, *b = other;

    if (a->left != b->left)
        return a->left > b->left ? -1 : 1;
    return a->i < b->i ? -1 : 1;
}

void pricing_spread(int64_t amount, const int64_t *weights, size_t count, int64_t *parts,
    souk_pool_t *pool)
{
    struct remainder *remainders = souk_pool_alloc(pool, (count + 1) * sizeof *remainders);
    int64_t whole = 0, missing = amount;

    for (size_t i = 0; i < count; i++)
        whole += weights[i];
    for (size_t i = 0; i < count; i++) {
        __int128 share = (__int128)amount * weights[i];
        parts[i] = whole ? (int64_t)(share / whole) : 0;
        remainders[i] = (struct remainder){ i, whole ? (int64_t)(share % whole) : 0 };
        missing -= parts[i];
    }
    qsort(remainders, count, sizeof *remainders, largest_first);
    /* What is missing is less than one for each that has a remainder. */
    for (size_t k = 0; k < count && missing > 0; k++, missing--)
        parts[remainders[k].i]++;
}
