/* What other services tell becomes entries of the audit trail. */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include "chain.h"

extern const souk_query_t audit_lock_chain, audit_find_last, audit_add_entries;

/* A batch of events of any kind. */
bool audit_note(souk_batch_t *batch);

#endif
