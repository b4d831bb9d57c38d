-- Whose orders are to be forgotten, for as long as one may still be under way that was begun before.
CREATE TABLE "order".leaver (
    user_id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX leaver_age ON "order".leaver (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON "order".leaver TO souk_order;

-- No API key makes admins or other keys.
DELETE FROM auth.api_key WHERE scopes <@ '{auth.grant,auth.revoke,auth.make_api_key}';
UPDATE auth.api_key SET scopes = array_remove(array_remove(array_remove(scopes, 'auth.grant'), 'auth.revoke'), 'auth.make_api_key')
WHERE scopes && '{auth.grant,auth.revoke,auth.make_api_key}';
