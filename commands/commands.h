/* What is behind the words that `souk` takes, and what these share. */
#ifndef SOUK_COMMANDS_H
#define SOUK_COMMANDS_H

#include <czmq.h>
#include <jansson.h>

#include "actor.h"
#include "client.h"

enum {
    SOUK_ACTORS_MAX = 32
}; /* in one process */

/* How every command ends. */
enum {
    SOUK_DONE = 0,
    SOUK_FAILED = 1, /* the reason was told on stderr */
    SOUK_MISUSED_COMMAND = 2, /* so was what is wrong with the words or the settings */
};

/* One for each word; argv[0] is the word itself. */
int souk_command_broker(int argc, char **argv);
int souk_command_edge(int argc, char **argv);
int souk_command_actor(int argc, char **argv);
int souk_command_all(int argc, char **argv);
int souk_command_call(int argc, char **argv);
int souk_command_openapi(int argc, char **argv);
int souk_command_api(int argc, char **argv);
int souk_command_migrate(int argc, char **argv);
int souk_command_seed(int argc, char **argv);
int souk_command_check(int argc, char **argv);
int souk_command_events(int argc, char **argv);
int souk_command_dead_letters(int argc, char **argv);
int souk_command_repair(int argc, char **argv);
int souk_command_audit(int argc, char **argv);
int souk_command_admin(int argc, char **argv);
int souk_command_reconcile(int argc, char **argv);
int souk_command_settings(int argc, char **argv);

/* Reads settings; false: stderr says which is wrong. */
must_check bool souk_command_settings_read(const souk_record_t *record, void *settings,
    souk_pool_t *pool);

/* The same for those of the broker, held against each other. */
struct souk_broker_settings;
must_check bool souk_command_broker_settings(struct souk_broker_settings *settings,
    souk_pool_t *pool);

/* And for those of the edge. */
struct souk_edge_settings;
must_check bool souk_command_edge_settings(struct souk_edge_settings *settings, souk_pool_t *pool);

enum {
    SOUK_FILE_MAX = 16 << 20 /* bytes */
};
/* All of the file, or of stdin where path is "-", with a NUL behind; false: stderr says why. */
must_check bool souk_command_read_file(const char *path, souk_bytes_t *bytes, souk_pool_t *pool);

/* What concerns the process alone; main reads it. */
extern const souk_record_t souk_process_settings_record;

/* A part of a process: a zactor that ends on $TERM, or by itself where it cannot go on. */
typedef struct {
    const char *name;
    zactor_fn *run;
    void *args;
} souk_part_t;

enum {
    SOUK_PARTS_MAX = 4
};

/* Parts that run. */
typedef struct {
    size_t count;
    const souk_part_t *parts;
    zactor_t *running[SOUK_PARTS_MAX];
} souk_host_t;

/* Starts them in their order. */
void souk_host_start(souk_host_t *host, const souk_part_t *parts, size_t count);
/* Stops them in the reverse order. */
void souk_host_stop(souk_host_t *host);
/* Starts them, waits for SIGTERM, SIGINT or the end of one, and stops them. The command's result.
 */
int souk_host_run(const souk_part_t *parts, size_t count);

/* The part that runs actors; args is one of these. */
typedef struct {
    const souk_actor_t *actors[SOUK_ACTORS_MAX]; /* NULL-terminated */
} souk_crew_t;
void souk_crew_actor(zsock_t *pipe, void *args);
/* Adds the actor; false: there is none of that name, which stderr says. */
must_check bool souk_crew_add(souk_crew_t *crew, const char *name);
/* Whether their DSNs can be read; false: stderr says which cannot. */
must_check bool souk_crew_check(const souk_crew_t *crew);

/* Asks one call with JSON in and JSON out, for people and scripts; what the operation takes, its
   service is asked. NULL: stderr has the reason, a line for each flaw. The caller owns it. */
typedef struct {
    const char *operation;
    souk_bytes_t json;
    souk_caller_t caller;
    int timeout_ms;
} souk_errand_t;
must_check json_t *souk_errand_run(const souk_errand_t *errand, souk_client_t *client);

#endif
