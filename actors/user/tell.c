/* Telling what a user has changed. */
#include "tell.h"

#include "events.h"
#include "queries/user.h"

const souk_query_t user_tell_change_query = {
    .sql = &sql_tell_change,
    .takes = &user_change_told,
};

bool user_tell_change(souk_call_t *call, const char *what)
{
    struct user_told it = { souk_caller(call)->user, what };
    return souk_db_run(call, &user_tell_change_query, &it);
}
