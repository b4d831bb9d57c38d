/* The simulator's journal, as reconciliation reads it: at once. */
#include <string.h>

#include "queries/payment_reconcile.h"
#include "simulator.h"

static const souk_record_t journal_wish = {
    .name = "journal_wish",
    .size = sizeof(struct journal),
    .fields = {
        FIELD(journal, from),
        FIELD(journal, until),
        FIELD(journal, limit),
    },
};
const souk_query_t simulator_journal = {
    .sql = &sql_simulator_journal,
    .takes = &journal_wish,
    .gives = &journal_entry,
};

bool simulator_read(souk_call_t *call, struct journal *journal)
{
    journal->done = true;
    return souk_db_all(call, &simulator_journal, journal, &journal->entries);
}

/* All others have names of their own for what they do. */
bool simulator_owns(const char *reference)
{
    return strncmp(reference, "pi_", 3) != 0;
}
