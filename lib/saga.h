/* A saga (Garcia-Molina and Salem, 1987): work that spans actors or waits for the world outside, as
   a constant table of steps. Each call walks through them on its own; those that stand before the
   same step when its turn comes take it together. A call that fails before the point of no
   return walks back over the steps it took, and then over .reject. */
#ifndef SOUK_SAGA_H
#define SOUK_SAGA_H

#include "../db/database.h"

enum {
    SOUK_STEPS_MAX = 16
};

/* Exactly one of .batch, .ask and .outside. */
typedef struct {
    const char *name;

    /* Statements of this actor, in one transaction. A call may fail or be finished in it. */
    bool (*batch)(souk_batch_t *batch);

    /* A question to another actor, which must know a call that comes twice by what is asked (such
       as an order's id): it is asked again while the answer is not known. */
    const souk_ask_t *ask;
    /* From the state to the question; false: this call has nothing to ask and goes on. */
    bool (*fill)(souk_call_t *call, const void *state, void *question);
    /* From the answer into the state; false: the call has failed. NULL: the answer says it all. */
    bool (*note)(souk_call_t *call, void *state, const void *answer);
    /* Gives back what .ask took, whether or not it arrived; filled by .fill_undo. Asked until it is
       answered. */
    const souk_ask_t *undo;
    bool (*fill_undo)(souk_call_t *call, const void *state, void *question);
    bool alone; /* every call in a message of its own, since the answer may take its time */

    /* The world outside this shop, never inside a transaction. Not to block: a call that has to
       wait is given souk_batch_wait and comes back here. */
    bool (*outside)(souk_batch_t *batch);

    bool no_return; /* once this batch step is committed, the call only goes forwards */
} souk_step_t;

typedef struct {
    const souk_record_t *state;
    /* From the request to the state, before the first step. */
    bool (*open)(souk_call_t *call, const void *request, void *state);
    souk_step_t steps[SOUK_STEPS_MAX];
    /* A batch: writes down that the call came to nothing, after all was given back.
       souk_batch_reason says why. NULL: nothing is to be written. */
    bool (*reject)(souk_batch_t *batch);
    /* A batch that only reads. A call that failed before anything was written for it may have been
       served before, under the same key: then it is finished, or fails, as it was then. Those that
       are left as they are fail with what they failed with. NULL: no call comes twice. */
    bool (*recall)(souk_batch_t *batch);
    /* From the state to the reply: at the end, and where .patience_ms ran out. */
    bool (*answer)(souk_call_t *call, const void *state, void *reply);
    /* Claims and gives the states (.state) of up to .limit calls that nobody has touched for
       .older_than_ms; takes souk_stranded. NULL: a crash leaves nothing to take up. */
    const souk_query_t *stranded;
    /* How often .stranded is asked, a setting: for what is begun by a row that falls due rather
       than by a call. NULL: eight times within SOUK_STRANDED_MS. */
    const int *sweep_ms;
    /* Whether a stranded call is behind the point of no return and goes forwards from there; else
       it goes backwards over all steps. NULL: none is. */
    bool (*passed)(const void *state);
    /* Whether a claimed row only says that there is work: then the call walks from the first step,
       as if it had been asked for. NULL: none does. */
    bool (*anew)(const void *state);
    /* The text field of .state that names the thing whose row .stranded claims. Where a call of
       this process is still at it, it takes what .stranded gives and goes on. */
    const char *key;
    /* How many calls may be under way, a setting; more are answered busy. NULL: SOUK_SAGAS_MAX. */
    const int *most;
    /* After so long the caller is answered "accepted" with the state as it stands, and the work
       goes on: a setting. NULL: SOUK_PATIENCE_MS. */
    const int *patience_ms;
} souk_saga_t;

/* For .passed and .anew where every row that is claimed is so. */
bool souk_saga_always(const void *state);
/* For .answer where nothing is told but that it is done. */
bool souk_saga_answer_nothing(souk_call_t *call, const void *state, void *reply);

/* What a .stranded query takes. */
struct souk_stranded {
    int older_than_ms;
    int limit;
};
extern const souk_record_t souk_stranded;

/* In a batch step: call i needs no further step; .answer makes the reply from its state. */
void souk_batch_finish(souk_batch_t *batch, size_t i);
/* One text of every state, in order: member is its offset. */
souk_list_t souk_batch_texts(const souk_batch_t *batch, size_t member);
/* In an .outside step: call i comes back to this step after for_ms. What the step put into the
   call's state by then must be in the call's own pool, souk_call_pool(batch->calls[i]): the memory
   of batch->all is freed. */
void souk_batch_wait(souk_batch_t *batch, size_t i, int for_ms);
/* For a saga whose operation takes a key, in a batch step that keeps the answer, and in .recall:
   where call i was served before under its key, it is finished with what was answered then, which
   is put into reply; or it fails, since the key was used for something else or is in use. */
must_check bool souk_batch_recall(souk_batch_t *batch, size_t i, void *reply);
/* In the transaction that decides that call i succeeds: keeps under its key, if there is one, what
   it is going to be answered. */
must_check bool souk_batch_keep(souk_batch_t *batch, size_t i, const void *reply);
/* In a batch step that writes for those calls alone that the sweeper has not given to somebody else
   meanwhile: rows, which are of record, say by .key whom it has written for. The others fail, and
   whoever took them up goes on. */
void souk_batch_fail_overtaken(souk_batch_t *batch, const souk_list_t *rows,
    const souk_record_t *record);
/* In .reject: the code of the error that call i failed with. */
const char *souk_batch_reason(const souk_batch_t *batch, size_t i);

#endif
