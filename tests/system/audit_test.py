"""Who did what, when, and from where: nothing is missed, and nobody changes it afterwards."""

import hashlib
import unittest
from collections import Counter

from session import PASSWORD, log_in, member, register
from souk_system import SystemTest, at_once, until

ORDERS = 200
KILLS = 10
HERE = {"X-Forwarded-For": "192.0.2.7"}


class AuditTest(SystemTest):
    settings = {"SOUK_EDGE_PROXIES": "127.0.0.1"}

    def setUp(self):
        self.account, self.customer = register(self, self.shop)
        self.boss, self.admin = member(self, self.shop, "admin")

    def trail(self, **query):
        """What the trail says, the earliest first."""
        self.shop.await_followed()
        asked = "&".join(f"{name}={value}" for name, value in {"limit": 100, **query}.items())
        page = self.shop.http("GET", f"/v1/audit?{asked}", headers=self.admin)
        self.assertEqual(200, page.status, page)
        return page.json["items"][::-1]

    def said(self, **query):
        return [f"{entry['what']} {entry.get('outcome') or ''}".strip() for entry in self.trail(**query)]

    def test_an_order_has_an_entry_for_each_step_and_each_says_who(self):
        order = self.shop.order({**self.customer, **HERE}, {"MUG-BLUE": 1}).json["id"]
        cancelled = self.shop.http("PUT", f"/v1/orders/{order}/cancellation", {}, {**self.customer, **HERE})
        self.assertEqual(200, cancelled.status, cancelled)
        self.assertEqual(
            ["order.place begun", "order.confirmed", "order.cancel begun", "order.cancelled"],
            [what for what in self.said(object=order) if what.startswith("order.")])
        placed, *others = self.trail(object=order)
        self.assertEqual({self.account["id"]}, {entry["user_id"] for entry in (placed, *others)})
        self.assertEqual("192.0.2.7", placed["address"])
        self.assertIn("session", placed)
        self.assertLessEqual({entry["n"] for entry in self.trail(object=order)},
                             {entry["n"] for entry in self.trail(user_id=self.account["id"])})

    def test_whoever_logs_in_is_noted_and_whoever_does_not_get_in_too(self):
        wrong = {"email": self.account["email"], "password": "wrong horse battery"}
        self.assert_problem(self.shop.http("POST", "/v1/sessions", wrong, HERE), 401, "wrong_credentials")
        log_in(self, self.shop, self.account)

        def logins():
            return [entry for entry in self.trail(object=self.account["id"]) if entry["what"] == "auth.login"]

        entries = until(lambda: len(logins()) == 3 and logins(), "all three are noted")
        self.assertEqual(["ok", "wrong_credentials", "ok"], [entry["outcome"] for entry in entries])
        self.assertEqual("192.0.2.7", entries[1]["address"])
        self.assertNotIn("horse", str(self.shop.rows("SELECT * FROM audit.entry")))

    def test_a_token_that_is_none_is_noted_with_where_it_came_from(self):
        stranger = {"Authorization": "Bearer nonsense", "X-Forwarded-For": "198.51.100.9"}
        self.assert_problem(self.shop.http("GET", "/v1/me", headers=stranger), 401)
        (entry,) = until(lambda: [entry for entry in self.trail() if entry.get("address") == "198.51.100.9"], "it is noted")
        self.assertEqual(("auth.verify", "invalid_token"), (entry["what"], entry["outcome"]))

    def test_who_floods_the_shop_with_tokens_that_are_none_does_not_fill_the_trail(self):
        stranger = {"Authorization": "Bearer nonsense", "X-Forwarded-For": "198.51.100.77"}
        replies = at_once(200, lambda _: self.shop.http("GET", "/v1/me", headers=stranger))
        self.assertEqual({401}, {reply.status for reply in replies})

        def noted():
            return [entry.get("times") or 1 for entry in self.trail() if entry.get("address") == "198.51.100.77"]

        until(lambda: sum(noted()) == 200, "all are counted")
        self.assertLess(len(noted()), 50)

    def test_of_a_guests_cart_the_trail_does_not_say_which(self):
        cart = self.shop.http("POST", "/v1/carts").json["id"]
        added = self.shop.http("POST", f"/v1/carts/{cart}/lines", {"sku": "MUG-BLUE", "quantity": 1})
        self.assertEqual(200, added.status, added)
        self.assertEqual(["cart.create ok", "cart.add ok"], self.said(object=hashlib.sha256(cart.encode()).hexdigest()))
        self.assertNotIn(cart, str(self.shop.rows("SELECT * FROM audit.entry")))

    def test_what_admins_read_in_the_trail_is_noted_there_too(self):
        self.trail()
        self.assert_problem(self.shop.http("GET", "/v1/audit", headers=self.customer), 403)
        self.assertIn("audit.search ok", self.said(user_id=self.boss["id"]))
        self.assertIn("audit.search forbidden", self.said(user_id=self.account["id"]))

    def test_whoever_may_not_is_noted_and_so_is_what_staff_looks_at(self):
        self.assert_problem(self.shop.http("GET", "/v1/users", headers=self.customer), 403)
        self.assertEqual(200, self.shop.http("GET", f"/v1/users/{self.account['id']}", headers=self.admin).status)
        self.assertIn("user.list forbidden", self.said(user_id=self.account["id"]))
        self.assertIn("user.get ok", self.said(object=self.account["id"], user_id=self.boss["id"]))
        self.assertIn("souk admin grant admin ok", self.said(object=self.boss["id"]))

    def test_pages_go_back_in_time_and_are_for_admins(self):
        self.shop.await_followed()
        everything = [int(n) for (n,) in self.shop.sql("SELECT n FROM audit.entry ORDER BY at DESC, n DESC")]
        seen, after = [], ""
        while after is not None and len(seen) < len(everything):
            page = self.shop.http("GET", f"/v1/audit?limit=7{after}", headers=self.admin).json
            seen += [entry["n"] for entry in page["items"]]
            after = f"&after={page['next']}" if page.get("next") else None
        self.assertEqual(everything, [n for n in seen if n in set(everything)])
        self.assert_problem(self.shop.http("GET", "/v1/audit", headers=self.customer), 403)
        self.assert_problem(self.shop.http("GET", "/v1/audit?after=999999999", headers=self.admin), 404)

    def test_what_is_done_twice_under_one_key_is_noted_once(self):
        replies = [self.shop.order(self.customer, {"MUG-BLUE": 1}, key="again-and-again") for _ in range(2)]
        self.assertEqual(1, self.said(object=replies[0].json["id"]).count("order.place begun"))

    def test_killed_at_any_moment_it_neither_misses_nor_repeats_anything(self):
        self.shop.offer("FLOOD", ORDERS)
        placed = []
        for _ in range(KILLS):
            placed += at_once(ORDERS // KILLS, lambda _: self.shop.order(self.customer, {"FLOOD": 1}))
            self.shop.kill("audit")
            self.shop.start("audit")
        self.shop.await_followed()
        noted = Counter(tuple(row) for row in self.shop.sql(
            "SELECT object, what FROM audit.entry WHERE what IN ('order.place', 'order.confirmed')"))
        for order in (reply.json["id"] for reply in placed):
            self.assertEqual((1, 1), (noted[order, "order.place"], noted[order, "order.confirmed"]))
        self.assertIn("ok", self.shop.run("audit", "verify"))
        self.shop.check()

    # Who tampers with it.

    def tamper(self, sql):
        """As nobody can who does not own the server, and as it was before, afterwards; what verify says."""
        pin = self.shop.run("audit", "verify").split()[-1]
        self.shop.sql("CREATE TABLE public.kept AS TABLE audit.entry")
        self.shop.sql(f"SET session_replication_role = replica; {sql}")
        try:
            return self.shop.run("audit", "verify", pin, ok=False)
        finally:
            self.shop.sql("""SET session_replication_role = replica; DELETE FROM audit.entry;
                INSERT INTO audit.entry TABLE public.kept; DROP TABLE public.kept""")
            self.shop.run("audit", "verify", pin)

    def test_what_was_changed_left_out_or_put_in_is_found(self):
        self.shop.await_followed()
        self.shop.kill("audit")  # else it goes on meanwhile
        try:
            self.assertIn("entry 3: it was changed",
                          self.tamper("UPDATE audit.entry SET user_id = 'somebody' WHERE n = 3"))
            self.assertIn("entry 3: it was changed",
                          self.tamper("UPDATE audit.entry SET at = at + interval '1 second' WHERE n = 3"))
            self.assertIn("entry 4: what was before it is missing",
                          self.tamper("DELETE FROM audit.entry WHERE n = 3"))
            self.assertIn("entry 1: it was changed", self.tamper("""
                DELETE FROM audit.entry WHERE n = 1; UPDATE audit.entry SET n = 1 - n; UPDATE audit.entry SET n = -n"""))
            self.assertIn("it was changed, or put in", self.tamper("""
                INSERT INTO audit.entry (n, source, seq, at, what, times, hash)
                SELECT max(n) + 1, 'order', 1000000, now(), 'order.place', 1, 'x' FROM audit.entry"""))
            self.assertIn("entry 0: what was before it is missing", self.tamper("""
                INSERT INTO audit.entry (n, source, seq, at, what, times, hash)
                VALUES (0, 'order', 1000000, now(), 'order.place', 1, 'x')"""))
            self.assertIn("elsewhere: of its events 7 to 6 there are 1 entries", self.tamper("""
                INSERT INTO audit.entry (n, source, seq, at, what, times, hash)
                VALUES (0, 'elsewhere', 7, now(), 'order.place', 1, 'x')"""))
            self.assertIn("is missing", self.tamper("DELETE FROM audit.entry WHERE n = (SELECT max(n) FROM audit.entry)"))
        finally:
            self.shop.start("audit")
            self.shop.asked("audit.health", {})

    def test_no_role_changes_what_was_written_down(self):
        self.shop.await_followed()
        for sql in ("UPDATE audit.entry SET what = 'x'", "DELETE FROM audit.entry", "TRUNCATE audit.entry"):
            with self.assertRaisesRegex(AssertionError, "only added to"):
                self.shop.sql(sql)
        with self.assertRaisesRegex(AssertionError, "permission denied"):
            self.shop.sql("SET ROLE souk_audit; DELETE FROM audit.entry")


if __name__ == "__main__":
    unittest.main()
