/* `souk admin ...`: what only whoever has the machine may do: make the first admin, and help
   somebody who has lost the password. */
#include <stdio.h>
#include <string.h>

#include "../db/connection.h"
#include "admin.h"
#include "call_internal.h"
#include "commands.h"
#include "queries/admin.h"
#include "settings.h"

struct granting {
    const char *email;
    const char *role;
};
static const souk_record_t granting = {
    .name = "granting",
    .size = sizeof(struct granting),
    .fields = {
        FIELD(granting, email),
        FIELD(granting, role),
    },
};

struct resetting {
    const char *email;
    const char *token_hash;
    int reset_s;
};
static const souk_record_t resetting = {
    .name = "resetting",
    .size = sizeof(struct resetting),
    .fields = {
        FIELD(resetting, email),
        FIELD(resetting, token_hash),
        FIELD(resetting, reset_s),
    },
};

struct somebody {
    const char *user_id;
};
static const souk_record_t somebody = {
    .name = "somebody",
    .size = sizeof(struct somebody),
    .fields = {
        FIELD(somebody, user_id),
    },
};

static const souk_error_t nobody = {
    .code = "nobody",
    .kind = SOUK_NOT_FOUND,
    .meaning = "nobody has registered with this e-mail address",
};

static const souk_query_t grant_role = {
    .sql = &sql_admin_grant,
    .takes = &granting,
    .gives = &somebody,
    .missing = &nobody,
};
static const souk_query_t save_reset = {
    .sql = &sql_admin_reset,
    .takes = &resetting,
    .gives = &somebody,
    .missing = &nobody,
};
static const souk_query_t *const queries[] = { &grant_role, &save_reset, NULL };

static int usage(void)
{
    fprintf(stderr,
        "usage: souk admin grant EMAIL [staff|admin]\n"
        "       souk admin reset EMAIL\n");
    return SOUK_MISUSED_COMMAND;
}

static bool grant(souk_call_t *call, const char *email, const char *role)
{
    struct somebody found;

    if (!souk_db_one(call, &grant_role, &(struct granting){ email, role }, &found))
        return false;
    printf("%s is %s\n", email, role);
    return true;
}

static bool reset(souk_call_t *call, const char *email)
{
    char token[SOUK_TOKEN_SIZE], hash[SOUK_HASH_SIZE];
    struct resetting row = { email, hash, souk_settings.reset_s };
    struct somebody found;

    souk_token_new(token);
    souk_hash((souk_bytes_t){ token, strlen(token) }, hash);
    if (!souk_db_one(call, &save_reset, &row, &found))
        return false;
    printf("%s\n", token);
    return true;
}

static bool is_role(const char *word)
{
    return strcmp(word, "staff") == 0 || strcmp(word, "admin") == 0;
}

static bool run(souk_call_t *call, int argc, char **argv)
{
    return strcmp(argv[1], "grant") == 0 ? grant(call, argv[2], argc > 3 ? argv[3] : "admin")
                                         : reset(call, argv[2]);
}

static bool makes_sense(int argc, char **argv)
{
    if (argc < 3)
        return false;
    if (strcmp(argv[1], "grant") == 0)
        return argc == 3 || is_role(argv[3]);
    return strcmp(argv[1], "reset") == 0 && argc == 3;
}

int souk_command_admin(int argc, char **argv)
{
    struct souk_admin_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    char why[300];

    if (!makes_sense(argc, argv))
        return usage();
    if (!souk_command_settings_read(&souk_admin_settings_record, &settings, pool))
        return SOUK_MISUSED_COMMAND;
    souk_desk_t desk = { .db = souk_db_new(settings.dsn, queries, NULL, NULL) };
    owned(souk_call) call = souk_call_new(&desk);
    bool done = souk_db_connect(desk.db, why, sizeof why) == SOUK_DB_READY;
    if (!done)
        fprintf(stderr, "souk admin: SOUK_ADMIN_DSN: %s\n", why);
    else if (!(done = run(call, argc, argv)))
        fprintf(stderr, "souk admin: %s\n", call->reason);
    souk_db_destroy(&desk.db);
    return done ? SOUK_DONE : SOUK_FAILED;
}
