/* Other people's services, over HTTP. What is asked of one is declared in a table, as a question to
   another actor is. Nothing here waits: an .outside step sends, comes back later, and takes the
   answer. A thread knows only of what it has sent itself. */
#ifndef SOUK_WEB_H
#define SOUK_WEB_H

#include "record.h"

/* One such service. */
typedef struct {
    const char *const *url; /* a setting: what every path stands behind */
    const char *const *bearer; /* a setting: the token that it knows us by; NULL: none */
    const char *header; /* said with every request, such as "Stripe-Version: 2024-06-20"; or NULL */
    const int *timeout_ms; /* a setting: after which no answer is waited for */
    const souk_record_t *refuses; /* what its 4xx look like; NULL: nobody reads them */
    bool takes_forms; /* application/x-www-form-urlencoded, with tags[order_id]=1 for records within
                         and colours[]=red for lists; else JSON */
} souk_web_site_t;

/* One thing that it can be asked for. */
typedef struct {
    const souk_web_site_t *site;
    const char *http; /* "POST /v1/things/{id}": a text of .takes is put into the path */
    /* The rest of it is the query of a GET or DELETE, else the body. What is absent is null in JSON
       and left out of the others. */
    const souk_record_t *takes;
    /* What a 2xx looks like, and what else is in it is passed over. NULL: nobody reads it. */
    const souk_record_t *gives;
} souk_web_ask_t;

/* Once in a process that sends anything, before it has threads. */
void souk_web_set_up(void);

/* Sends it, with an Idempotency-Key (NULL: none). The number to take the answer by; never 0. What
   takes and key point to is read by then; ask is kept. */
int64_t souk_web_send(const souk_web_ask_t *ask, const void *takes, const char *key);

/* Moves all that is under way on, as far as the network lets it. */
void souk_web_turn(void);

typedef struct {
    int status; /* of HTTP; 0: none came, so whether anything was done is not known */
    bool replayed; /* as it was answered before under this key (Idempotent-Replayed: true) */
    const void *gives; /* of a 2xx that is as declared; else NULL */
    const void *refusal; /* of a 4xx that is as declared; else NULL */
} souk_web_answer_t;

/* False: it is still under way. Else the answer is in pool, and the number is good for no more.
   What nobody has taken for a minute is forgotten, and answered like what never came. */
must_check bool souk_web_take(int64_t number, souk_pool_t *pool, souk_web_answer_t *answer);

/* How long to leave what is under way alone before the next look. */
int souk_web_pause_ms(int64_t number);

/* Before the thread ends: gives up what it has under way. Every loop does so. */
void souk_web_end(void);

#endif
