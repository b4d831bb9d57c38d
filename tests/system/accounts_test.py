"""Accounts as they are lived with: who may do what, from which request on, over HTTP."""

import unittest
import uuid

from session import PASSWORD, log_in, member, register
from souk_system import SystemTest, at_once


class AccountsTest(SystemTest):
    settings = {"SOUK_EDGE_PROXIES": "127.0.0.1"}

    def get(self, path, headers):
        return self.shop.http("GET", path, headers=headers)

    def test_of_two_registrations_at_once_one_comes_about(self):
        wish = {"email": "twice@example.com", "password": "correct horse battery", "name": "Ada"}
        replies = at_once(2, lambda _: self.shop.http("POST", "/v1/users", wish))
        self.assertEqual([201, 409], sorted(reply.status for reply in replies))

    def test_who_is_not_told_how_a_registration_or_a_login_went_asks_again_and_is(self):
        wish = {"email": "again@example.com", "password": PASSWORD, "name": "Ada"}
        login = {"email": wish["email"], "password": PASSWORD}
        for path, body in (("/v1/users", wish), ("/v1/sessions", login), ("/v1/carts", {})):
            key = {"Idempotency-Key": str(uuid.uuid4())}
            first, again = (self.shop.http("POST", path, body, key) for _ in range(2))
            self.assertEqual((201, 201, first.json), (first.status, again.status, again.json), again)
            self.assertEqual("true", again.headers["Idempotent-Replayed"])
            guessed = self.shop.http("POST", path, body, {"Idempotency-Key": "1"})
            self.assert_problem(guessed, 400, "invalid")
            self.assertIn("Idempotency-Key", guessed.json["detail"])

    def test_of_two_new_addresses_at_once_the_one_that_is_told_counts(self):
        account, headers = register(self, self.shop)

        def change(i):
            wish = {"email": f"{i}{account['email']}", "password": PASSWORD}
            return self.shop.http("PUT", "/v1/me/email", wish, headers)

        replies = at_once(2, change)
        told = [reply.json["email"] for reply in replies if reply.status == 200]
        self.assertIn(len(told), (1, 2), replies)
        email = self.get("/v1/me", headers).json["email"]
        self.assertIn(email, told)
        log_in(self, self.shop, {"id": account["id"], "email": email})

    def test_who_tries_many_addresses_is_not_told_who_has_an_account(self):
        account, _ = register(self, self.shop)
        wish = {"email": account["email"], "password": PASSWORD, "name": "Eve"}
        proxied = {"X-Forwarded-For": "192.0.2.7"}
        replies = [self.shop.http("POST", "/v1/users", wish, proxied) for _ in range(25)]
        self.assert_problem(replies[0], 409, "email_taken")
        self.assert_problem(replies[-1], 429, "too_many_attempts")
        self.assertIn("Retry-After", replies[-1].headers)
        elsewhere = {"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}
        self.assert_problem(self.shop.http("POST", "/v1/users", wish, elsewhere), 409, "email_taken")

    def test_a_password_that_all_try_is_refused_wherever_it_is_chosen(self):
        wish = {"email": "ada@example.com", "password": "Password1", "name": "Ada"}
        refused = [(self.shop.http("POST", "/v1/users", wish), "/password")]
        _, headers = register(self, self.shop)
        change = {"old_password": PASSWORD, "new_password": "password1"}
        refused.append((self.shop.http("PUT", "/v1/me/password", change, headers), "/new_password"))
        reset = {"token": "x", "password": "iloveyou"}
        refused.append((self.shop.http("PUT", "/v1/password-resets", reset), "/password"))
        for reply, pointer in refused:
            self.assert_problem(reply, 400)
            self.assertEqual([pointer], [error["pointer"] for error in reply.json["errors"]])

    def test_a_session_that_is_ended_elsewhere_is_refused_by_the_next_request(self):
        account, here = register(self, self.shop)
        elsewhere = log_in(self, self.shop, account)
        sessions = self.get("/v1/sessions", here).json["items"]
        self.assertEqual([None] * 2, [session["address"] for session in sessions])
        other = next(session["id"] for session in sessions if not session["current"])
        self.assertEqual(200, self.get("/v1/me", elsewhere).status)
        self.assertEqual(204, self.shop.http("DELETE", f"/v1/sessions/{other}", headers=here).status)
        self.assert_problem(self.get("/v1/me", elsewhere), 401)
        self.assertEqual(200, self.get("/v1/me", here).status)
        self.assertEqual(204, self.shop.http("DELETE", "/v1/sessions", headers=here).status)
        self.assert_problem(self.get("/v1/me", here), 401)

    def test_the_first_admin_is_made_on_the_machine_and_makes_the_others(self):
        _, admin = member(self, self.shop, "admin")
        account, other = register(self, self.shop)
        user = self.get(f"/v1/users?email={account['email']}", admin).json["items"][0]["id"]
        role = f"/v1/users/{user}/roles/staff"
        self.assert_problem(self.get("/v1/users", other), 403)
        self.assert_problem(self.shop.http("PUT", role, headers=other), 403)
        self.assertEqual(200, self.shop.http("PUT", role, headers=admin).status)
        self.assertEqual(200, self.get("/v1/users", other).status)
        self.assertEqual(200, self.shop.http("DELETE", role, headers=admin).status)
        self.assert_problem(self.get("/v1/users", other), 403)

    def test_nobody_is_made_admin_who_has_not_registered(self):
        told = self.shop.run("admin", "grant", "nobody@example.com", ok=False)
        self.assertIn("nobody has registered", told)
        self.shop.run("admin", "grant", "nobody@example.com", "emperor", ok=False)
        self.shop.run("admin", "reset", ok=False)

    def test_a_token_made_on_the_machine_resets_a_password_once(self):
        account, before = register(self, self.shop)
        token = self.shop.run("admin", "reset", account["email"]).strip()
        reset = {"token": token, "password": "battery staple horse"}
        self.assertEqual(204, self.shop.http("PUT", "/v1/password-resets", reset).status)
        self.assert_problem(self.get("/v1/me", before), 401)
        self.assert_problem(self.shop.http("PUT", "/v1/password-resets", reset), 422, "bad_token")
        anew = {"email": account["email"], "password": reset["password"]}
        self.assertEqual(201, self.shop.http("POST", "/v1/sessions", anew).status)

    def test_who_has_no_account_is_told_the_same_of_a_reset(self):
        account, _ = register(self, self.shop)
        replies = [self.shop.http("POST", "/v1/password-resets", {"email": email})
                   for email in (account["email"], "nobody@example.com")]
        self.assertEqual([(204, b"")] * 2, [(reply.status, reply.body) for reply in replies])

    def test_who_guesses_is_told_to_wait(self):
        account, _ = register(self, self.shop)
        guess = {"email": account["email"], "password": "wrong wrong"}
        for _ in range(6):
            self.assert_problem(self.shop.http("POST", "/v1/sessions", guess), 401)
        limited = [reply for reply in (self.shop.http("POST", "/v1/sessions", guess) for _ in range(4))
                   if reply.status == 429]
        self.assertTrue(limited)
        self.assert_problem(limited[0], 429, "too_many_attempts")
        self.assertGreaterEqual(int(limited[0].headers["Retry-After"]), 1)

    def test_a_key_is_for_its_operations_and_no_others(self):
        _, admin = member(self, self.shop, "admin")
        wish = {"name": "reports", "scopes": ["user.list"]}
        made = self.shop.http("POST", "/v1/api-keys", wish, admin)
        self.assertEqual(201, made.status, made)
        system = {"Authorization": f"Bearer {made.json['key']}"}
        self.assertEqual(200, self.get("/v1/users", system).status)
        self.assert_problem(self.get("/v1/me", system), 403)
        self.assert_problem(self.get("/v1/api-keys", system), 403)
        self.assertNotIn("key", self.get("/v1/api-keys", admin).json["items"][0])
        gone = self.shop.http("DELETE", f"/v1/api-keys/{made.json['id']}", headers=admin)
        self.assertEqual(204, gone.status)
        self.assert_problem(self.get("/v1/users", system), 401)

    def test_an_address_is_changed_as_it_was_seen(self):
        _, customer = register(self, self.shop)
        home = {"name": "Ada", "line1": "Here 1", "city": "There", "postal_code": "1", "country": "DE"}
        made = self.shop.http("POST", "/v1/me/addresses", home, customer)
        self.assertEqual((201, '"1"'), (made.status, made.headers["ETag"]))
        path = f"/v1/me/addresses/{made.json['id']}"
        self.assert_problem(self.shop.http("PUT", path, home, customer), 428)
        seen = {**customer, "If-Match": '"1"'}
        self.assertEqual(200, self.shop.http("PUT", path, home, seen).status)
        self.assert_problem(self.shop.http("PUT", path, home, seen), 412, "stale")
        wrong = self.shop.http("POST", "/v1/me/addresses", {**home, "country": "XX"}, customer)
        self.assertEqual(["/country"], [error["pointer"] for error in wrong.json["errors"]])
        wrong = self.shop.http("POST", "/v1/me/addresses", {**home, "region": "Bayern"}, customer)
        self.assertEqual(["/region"], [error["pointer"] for error in wrong.json["errors"]])

    def test_an_email_address_changes_where_one_logs_in_too(self):
        account, customer = register(self, self.shop)
        taken, _ = register(self, self.shop)
        wish = {"email": taken["email"], "password": PASSWORD}
        self.assert_problem(self.shop.http("PUT", "/v1/me/email", wish, customer), 409, "email_taken")
        wish["email"] = "moved." + account["email"]
        moved = self.shop.http("PUT", "/v1/me/email", wish, customer)
        self.assertEqual((200, wish["email"]), (moved.status, moved.json["email"]))
        log_in(self, self.shop, {**account, "email": wish["email"]})
        self.assert_problem(self.shop.http("POST", "/v1/sessions", {
            "email": account["email"], "password": PASSWORD}), 401)
        self.shop.check()

    def test_who_closes_an_account_is_out_at_once_and_may_come_again(self):
        account, customer = register(self, self.shop)
        wrong = self.shop.http("POST", "/v1/me/closure", {"password": "wrong wrong"}, customer)
        self.assert_problem(wrong, 403, "wrong_password")
        closed = self.shop.http("POST", "/v1/me/closure", {"password": PASSWORD}, customer)
        self.assertEqual(204, closed.status, closed)
        self.assert_problem(self.get("/v1/me", customer), 401)
        self.shop.check()
        again = self.shop.http("POST", "/v1/users", {"email": account["email"], "password": PASSWORD, "name": "Ada"})
        self.assertEqual(201, again.status, again)

    def test_staff_have_to_give_their_roles_back_before_they_go(self):
        _, staff = member(self, self.shop, "staff")
        closed = self.shop.http("POST", "/v1/me/closure", {"password": PASSWORD}, staff)
        self.assert_problem(closed, 409, "still_staff")


if __name__ == "__main__":
    unittest.main()
