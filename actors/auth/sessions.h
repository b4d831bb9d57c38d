/* Logging in and out, and whose a token is. */
#ifndef AUTH_SESSIONS_H
#define AUTH_SESSIONS_H

#include "records.h"

extern const souk_error_t auth_wrong_credentials, auth_invalid_token, auth_no_such_session;
extern const souk_query_t auth_find_credential, auth_save_session, auth_find_sessions,
    auth_find_api_keys, auth_touch_sessions, auth_list_sessions_query, auth_end_sessions,
    auth_end_session_query, auth_end_all_query;

bool auth_check_login(souk_call_t *call, void *request);
bool auth_log_in(souk_call_t *call, const void *request, void *reply);
bool auth_verify(souk_batch_t *batch);
bool auth_log_out(souk_batch_t *batch);
bool auth_list_sessions(souk_call_t *call, const void *request, void *reply);
bool auth_end_session(souk_call_t *call, const void *request, void *reply);
bool auth_end_all(souk_call_t *call, const void *request, void *reply);

/* SHA-256 of a token, in the call's memory. */
const char *auth_hash_of(souk_call_t *call, const char *token);

/* Keys begin so, that one can tell them from sessions, and find those that were published. */
#define AUTH_API_KEY_PREFIX "sk_"

#endif
