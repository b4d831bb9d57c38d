"""What breaks accounts and what they log in with, by the check that finds it and no other."""

# All accounts are closed, as they should be.
CLOSED = """
    UPDATE auth.credential SET status = 'forgotten', email = NULL, password_hash = NULL;
    DELETE FROM auth.session;
    UPDATE "user".account SET status = 'closed', email = NULL, name = NULL;"""

DAMAGES = {
    "registrations_end": {
        "one is under way for too long": """
            INSERT INTO "user".account (id, email, name, status, made_at)
            VALUES (gen_random_uuid(), 'slow@example.com', 'Slow', 'registering', now() - interval '121 seconds')""",
    },
    "accounts_settle": {
        "an address is being changed for too long": """
            INSERT INTO "user".email_change (account_id, email, touched_at)
            SELECT id, 'new@example.com', now() - interval '121 seconds' FROM "user".account""",
        "an account is being closed for too long": """
            UPDATE "user".account SET status = 'closing', touched_at = now() - interval '121 seconds'""",
    },
    "closed_forgotten": {
        "one has an address": CLOSED + """
            INSERT INTO "user".address (id, account_id, name, line1, city, postal_code, country, default_shipping,
                default_billing)
            SELECT id, id, 'Ada', 'Here 1', 'There', '1', 'DE', false, false FROM "user".account""",
        "one has a role": CLOSED + "UPDATE auth.credential SET roles = '{customer,admin}'",
        "one has a session": CLOSED + """
            INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)
            SELECT user_id, '', user_id, now(), now() FROM auth.credential""",
    },
    "tokens_run_out": {
        "one is kept": """
            INSERT INTO auth.outbox (topic, body, expires_at)
            VALUES ('auth.password_reset_requested', '{}', now() - interval '11 minutes')""",
    },
    "users_can_log_in": {
        "one has no credential": "DELETE FROM auth.credential",
        "one has a credential that is forgotten": """
            UPDATE auth.credential SET status = 'forgotten', email = NULL, password_hash = NULL""",
        "one has a credential under another address":
            "UPDATE auth.credential SET email = 'somebody@else.example'",
        "a credential is nobody's": 'DELETE FROM "user".account',
        "a credential is of a closed account": """
            DELETE FROM auth.session;
            UPDATE "user".account SET status = 'closed', email = NULL, name = NULL""",
    },
}
