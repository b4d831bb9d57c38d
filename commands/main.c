/* `souk WORD ...`: finds the command, reads what all of them need, runs it. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "commands.h"
#include "log.h"
#include "settings.h"
#include "web.h"

enum {
    ANY = 1000
};

struct command {
    const char *word;
    const char *takes;
    const char *does;
    int (*run)(int argc, char **argv);
    int most; /* words that it takes */
};

static const struct command commands[] = {
    { "broker", "", "routes requests and events between all others", souk_command_broker },
    { "edge", "", "serves HTTP", souk_command_edge },
    { "actor", "NAME...", "runs these actors in one process", souk_command_actor, ANY },
    { "all", "", "runs broker, edge and all actors in one process", souk_command_all },
    { "call", "SERVICE.OPERATION [JSON|-] [--key K] [--user U] [--role R]... [--timeout MS]",
        "asks one operation and prints its reply", souk_command_call, ANY },
    { "openapi", "", "prints the OpenAPI document of all actors", souk_command_openapi },
    { "api", "", "prints docs/API.md, from the tables of all actors", souk_command_api },
    { "migrate", "", "brings the database up to date", souk_command_migrate },
    { "seed", "[FOLDER]", "puts the sample catalogue and its stock", souk_command_seed, 1 },
    { "check", "", "proves from the data that nothing was lost", souk_command_check },
    { "repair", "", "writes anew what follows from other rows", souk_command_repair },
    { "admin", "grant EMAIL [staff|admin] | reset EMAIL",
        "makes somebody admin, or prints a token that resets their password", souk_command_admin,
        3 },
    { "events", "tail [TOPIC] | since SOURCE [NUMBER]",
        "shows what is told from now on, or what was told", souk_command_events, 3 },
    { "dead-letters", "[SERVICE] | retry SERVICE SOURCE NUMBER",
        "shows events that could not be dealt with, or deals with one once more",
        souk_command_dead_letters, 4 },
    { "audit", "verify [NUMBER:HASH]", "proves that nobody has changed the audit trail",
        souk_command_audit, 2 },
    { "reconcile", "[--from TIME] [--until TIME]",
        "holds what the payment provider has done against the books", souk_command_reconcile, 4 },
    { "settings", "", "lists every setting", souk_command_settings },
};
enum {
    COMMANDS = sizeof commands / sizeof commands[0]
};

static int usage(const char *word)
{
    if (word)
        fprintf(stderr, "souk: there is no word %s\n", word);
    fprintf(stderr, "usage:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(stderr, "  souk %s %s\n      %s\n", commands[i].word, commands[i].takes,
            commands[i].does);
    return SOUK_MISUSED_COMMAND;
}

static const struct command *find_command(const char *word)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].word, word) == 0)
            return &commands[i];
    return NULL;
}

bool souk_command_settings_read(const souk_record_t *record, void *settings, souk_pool_t *pool)
{
    const char *why = NULL;
    if (souk_settings_read(record, settings, pool, &why))
        return true;
    fprintf(stderr, "souk: %s\n", why);
    return false;
}

static bool read_settings(souk_pool_t *pool)
{
    if (!souk_command_settings_read(&souk_settings_record, &souk_settings, pool))
        return false;
    const char *why = souk_settings_check(&souk_settings, pool);
    if (why)
        fprintf(stderr, "souk: %s\n", why);
    return !why && souk_log_set(souk_settings.log);
}

/* What concerns this process alone, whatever the command. */
struct process_settings {
    bool die_with_parent;
    bool batch;
};
const souk_record_t souk_process_settings_record = {
    .name = "process_settings",
    .size = sizeof(struct process_settings),
    .fields = {
        FIELD(process_settings, die_with_parent, .env = "SOUK_DIE_WITH_PARENT",
            .fallback = "false", .doc = "stop when the process that started this one is gone"),
        FIELD(process_settings, batch, .env = "SOUK_BATCH", .fallback = "true",
            .doc = "run as SCHED_BATCH: under load whoever is at work finishes its turn first, so that "
                   "batches are larger and cost less"),
    },
};

/* Under a supervisor that is killed outright, nobody would be left to stop this process. */
static void die_with_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        raise(SIGTERM);
}

/* Threads inherit it. Where the system refuses, all works as well, only dearer. */
static void run_as_batch(void)
{
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 });
}

/* Who asks nobody over HTTP does without. */
static void set_up_web(void)
{
    if (strcmp(souk_settings.payment_provider, "stripe") == 0)
        souk_web_set_up();
}

int main(int argc, char **argv)
{
    struct process_settings process;
    pid_t parent = getppid();
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    owned(souk_pool) pool = souk_pool_new();

    if (!command)
        return usage(argv[1]);
    if (argc - 2 > command->most) {
        fprintf(stderr, "souk %s: %s is a word too many\n", command->word, argv[command->most + 2]);
        return SOUK_MISUSED_COMMAND;
    }
    if (!read_settings(pool) ||
        !souk_command_settings_read(&souk_process_settings_record, &process, pool))
        return SOUK_MISUSED_COMMAND;
    if (process.die_with_parent)
        die_with_parent(parent);
    if (process.batch)
        run_as_batch();

    set_up_web();
    signal(SIGPIPE, SIG_IGN);
    zsys_handler_set(NULL);
    return command->run(argc - 1, argv + 1);
}
