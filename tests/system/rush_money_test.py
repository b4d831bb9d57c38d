"""Many at once who move the same money, and who change the same account."""

import unittest
import uuid
from collections import Counter

from rush import RushTest
from session import PASSWORD, log_in, member, register
from souk_system import at_once, race, told, until

EUR = "EUR"
ROUNDS_OF_ADMINS = 5


class MoneyTest(RushTest):
    def paid(self, amount=1000):
        """A confirmed order that has cost that much; its id."""
        self.shop.offer(self.sku, 10, amount)
        placed = self.shop.order(self.customers[0], {self.sku: 1})
        self.assertEqual((201, "confirmed"), (placed.status, placed.json["status"]))
        return placed.json["id"]

    def refund(self, order, amount, key=None):
        return self.post(f"/v1/payments/{order}/refunds", {"amount": {"amount": amount, "currency": EUR}},
                         self.staff, key or uuid.uuid4().hex)

    def payment(self, order):
        (row,) = self.shop.rows(f"""
            SELECT status, captured, refunding, refunded,
                (SELECT count(*) FROM payment.refund WHERE payment_id = payment.id) AS refunds
            FROM payment.payment WHERE order_id = '{order}'""")
        return tuple(row.values())

    def history(self, order):
        return [status for (status,) in self.shop.sql(
            f"""SELECT status FROM "order".order_history WHERE order_id = '{order}' ORDER BY id""")]

    def meta(self, order):
        """As its customer asks over the bus."""
        ((user,),) = self.shop.sql(f"""SELECT user_id FROM "order".orders WHERE id = '{order}'""")
        return {"user": user, "roles": ["customer"]}

    def await_cancelled(self, order):
        until(lambda: self.history(order)[-1] == "cancelled", lambda: self.history(order))
        self.assertEqual(["confirmed", "cancelling", "cancelled"], self.history(order))
        self.assertEqual(10, self.shop.available(self.sku))

    # Refunds.

    def test_two_refunds_that_exceed_what_was_taken_do_not_both_go(self):
        for _ in self.rounds():
            order = self.paid()
            replies = race(lambda: self.refund(order, 600), lambda: self.refund(order, 700))
            self.assert_came_to({"201": 1, "422 too_much": 1}, replies)
            given = next(reply.json["amount"]["amount"] for reply in replies if reply.status == 201)
            self.assertEqual(("partially_refunded", 1000, 0, given, 1), self.payment(order))

    def test_many_refunds_give_back_all_and_no_more(self):
        for _ in self.rounds():
            order = self.paid()
            replies = at_once(8, lambda _: self.refund(order, 250))
            self.assert_came_to({"201": 4, "422 too_much": 4}, replies)
            self.assertEqual(("refunded", 1000, 0, 1000, 4), self.payment(order))

    def test_two_refunds_in_one_message_are_held_against_each_other(self):
        for _ in self.rounds():
            order = self.paid()
            wish = {"order_id": order, "amount": {"amount": 600, "currency": EUR}}
            codes = [code for code, _ in self.shop.calls(
                "payment.refund", [{**wish, "key": "one"}, {**wish, "key": "other"}, {**wish, "key": "one"}])]
            self.assertEqual(["ok", "too_much", "ok"], codes)
            self.assertEqual(("partially_refunded", 1000, 0, 600, 1), self.payment(order))

    def test_a_refund_asked_for_twice_under_one_key_is_made_once(self):
        for _ in self.rounds():
            order, key = self.paid(), uuid.uuid4().hex
            replies = at_once(4, lambda _: self.refund(order, 400, key))
            self.assertLessEqual({told(reply) for reply in replies}, {"201", "409 running"})
            self.assertEqual(1, len({reply.json["id"] for reply in replies if reply.status == 201}))
            self.assertEqual(("partially_refunded", 1000, 0, 400, 1), self.payment(order))

    def test_one_key_for_two_amounts_gives_back_one_of_them(self):
        for _ in self.rounds():
            order, key = self.paid(), uuid.uuid4().hex
            replies = race(lambda: self.refund(order, 300, key), lambda: self.refund(order, 400, key))
            self.assert_came_to({"201": 1, "422 key_reused": 1}, replies)
            self.assertIn(self.payment(order), {("partially_refunded", 1000, 0, given, 1) for given in (300, 400)})

    # Refunds and cancellations.

    def test_a_refund_and_a_cancellation_give_back_all_of_it_once(self):
        for _ in self.rounds():
            order = self.paid()
            refunded, cancelled = race(lambda: self.refund(order, 400),
                                       lambda: self.cancel(order, self.customers[0]))
            self.assert_one_of({"201", "409 not_refundable"}, refunded)
            self.assert_one_of({"200", "202"}, cancelled)
            self.await_cancelled(order)
            self.assertEqual(("voided", 1000, 0, 1000, refunded.status == 201), self.payment(order))

    def test_an_order_cancelled_several_times_is_cancelled_once(self):
        for _ in self.rounds():
            order = self.paid()
            replies = at_once(4, lambda i: self.cancel(order, self.staff if i % 2 else self.customers[0]))
            self.assertLessEqual({told(reply) for reply in replies}, {"200", "202", "409 order_running"})
            self.assertTrue({200, 202} & {reply.status for reply in replies}, replies)
            self.await_cancelled(order)
            self.assertEqual(("voided", 1000, 0, 1000, 0), self.payment(order))
            self.assert_one_of({"200"}, self.cancel(order, self.customers[0]))

    def test_what_is_cancelled_and_shipped_at_once_is_one_of_both(self):
        for _ in self.rounds():
            order = self.paid()
            cancelled, shipped = race(
                lambda: self.cancel(order, self.customers[0]),
                lambda: self.shop.http("PUT", f"/v1/staff/orders/{order}/shipment", {}, headers=self.staff))
            self.assertEqual(1, sum(reply.status in (200, 202) for reply in (cancelled, shipped)), (cancelled, shipped))
            if cancelled.status in (200, 202):
                self.assert_one_of({"409 order_running", "409 not_shippable"}, shipped)
                self.await_cancelled(order)
                self.assertEqual(("voided", 1000, 0, 1000, 0), self.payment(order))
            else:
                self.assert_one_of({"409 order_running", "409 not_cancellable"}, cancelled)
                until(lambda: self.history(order)[-1] == "shipped", lambda: self.history(order))
                self.assertEqual(("captured", 1000, 0, 0, 0), self.payment(order))
                self.assertEqual([["9", "0"]], self.shop.sql(
                    f"SELECT on_hand, reserved FROM inventory.stock WHERE sku = '{self.sku}'"))

    def test_a_stranger_who_cancels_together_with_the_customer_sees_no_order(self):
        for _ in self.rounds():
            order = self.paid()
            mine, *others = at_once(5, lambda i: self.cancel(order, self.customers[min(i, 3)]))
            self.assert_one_of({"200", "202"}, mine)
            self.assert_came_to({"404 no_such_order": 4}, others)
            self.await_cancelled(order)

    def test_an_order_cancelled_twice_in_one_message_is_cancelled_once(self):
        for _ in self.rounds():
            order = self.paid()
            told_to = self.shop.calls("order.cancel", [{"id": order}] * 3, self.meta(order))
            self.assertEqual(["ok", "order_running", "order_running"], [code for code, _ in told_to])
            self.await_cancelled(order)

    # Captures.

    def set_aside(self):
        """The id of an order for which 1000 are set aside; nobody has placed it."""
        order = str(uuid.uuid4())
        told_to = self.shop.asked("payment.authorize", {
            "order_id": order, "amount": {"amount": 1000, "currency": EUR}, "method": "pm_sim_ok"})
        self.assertEqual("authorized", told_to["status"])
        self.addCleanup(self.shop.check)
        return order

    def capture(self, order, amount):
        code, _ = self.shop.call("payment.capture", {"order_id": order, "amount": amount})
        return code

    def give_back(self, order, taken):
        """Since there is no order."""
        self.shop.asked("payment.void", {"order_id": order})
        self.assertEqual(("voided", taken, 0, taken, 0), self.payment(order))

    def test_of_two_captures_of_different_amounts_one_goes(self):
        for _ in self.rounds():
            order, amounts = self.set_aside(), (600, 700)
            codes = at_once(2, lambda i: self.capture(order, amounts[i]))
            self.assertEqual(["already_captured", "ok"], sorted(codes))
            taken = amounts[codes.index("ok")]
            self.assertEqual(("captured", taken, 0, 0, 0), self.payment(order))
            self.give_back(order, taken)

    def test_a_capture_asked_for_several_times_is_made_once(self):
        for _ in self.rounds():
            order = self.set_aside()
            codes = at_once(4, lambda _: self.capture(order, 600))
            self.assertLessEqual(set(codes), {"ok", "running"})
            self.assertIn("ok", codes)
            self.assertEqual(("captured", 600, 0, 0, 0), self.payment(order))
            self.give_back(order, 600)

    def test_two_captures_in_one_message_are_held_against_each_other(self):
        for _ in self.rounds():
            order = self.set_aside()
            codes = [code for code, _ in self.shop.calls(
                "payment.capture", [{"order_id": order, "amount": amount} for amount in (600, 700)])]
            self.assertEqual(["ok", "already_captured"], codes)
            self.give_back(order, 600)

    def test_what_is_captured_and_voided_at_once_is_not_kept(self):
        for _ in self.rounds():
            order = self.set_aside()
            captured, (voided, _) = race(lambda: self.capture(order, 600),
                                         lambda: self.shop.call("payment.void", {"order_id": order}))
            self.assertIn(captured, {"ok", "not_authorized"})
            self.assertIn(voided, {"ok", "running"})
            self.give_back(order, 600 if captured == "ok" else 0)

    # What a customer may pay.

    def test_a_days_limit_holds_for_orders_that_come_together(self):
        customer = self.shop.customer()
        user = self.shop.http("GET", "/v1/me", headers=customer).json["id"]
        for i in self.rounds():
            self.shop.offer(self.sku, 10, 1000)
            terms = self.shop.http("PUT", f"/v1/payment-terms/{user}", {
                "blocked": False, "per_charge": 0, "per_day": 2000 * (i + 1), "currency": EUR}, self.staff)
            self.assertEqual(200, terms.status, terms)
            replies = at_once(4, lambda _: self.shop.order(customer, {self.sku: 1}))
            self.assert_came_to({"201": 2, "409 limit_exceeded": 2}, replies)
            self.assertEqual((2, 8), (self.ordered(), self.shop.available(self.sku)))

    def test_of_methods_stored_together_one_is_the_default(self):
        for _ in self.rounds():
            customer = self.shop.customer()
            replies = at_once(3, lambda i: self.post(
                "/v1/payment-methods", {"token": ("pm_sim_ok", "pm_sim_slow", "pm_sim_lost")[i]}, customer))
            self.assert_came_to({"201": 3}, replies)
            stored = self.shop.http("GET", "/v1/payment-methods", headers=customer).json["items"]
            self.assertEqual([True, False, False], [method["is_default"] for method in stored])


class AccountTest(RushTest):
    def accounts(self, email):
        """How many there are, and how many credentials."""
        return tuple(self.number(f"SELECT count(*) FROM {table} WHERE lower(email) = lower('{email}')")
                     for table in ('"user".account', "auth.credential"))

    def test_of_registrations_with_one_address_one_comes_about_with_its_own_password(self):
        for _ in self.rounds():
            email = f"{uuid.uuid4().hex}@example.com"
            wishes = [{"email": address, "password": f"{PASSWORD} {i}", "name": "Ada"}
                      for i, address in enumerate((email, email.upper(), email))]
            replies = at_once(3, lambda i: self.post("/v1/users", wishes[i]))
            self.assert_came_to({"201": 1, "409 email_taken": 2}, replies)
            self.assertEqual((1, 1), self.accounts(email))
            for reply, wish in zip(replies, wishes):
                login = self.post("/v1/sessions", {"email": email, "password": wish["password"]})
                self.assertEqual(201 if reply.status == 201 else 401, login.status, login)

    def test_of_two_registrations_in_one_message_one_comes_about(self):
        for _ in self.rounds():
            email = f"{uuid.uuid4().hex}@example.com"
            wish = {"email": email, "password": PASSWORD, "name": "Ada"}
            self.assertEqual(["ok", "email_taken"], [code for code, _ in self.shop.calls("user.register", [wish] * 2)])
            self.assertEqual((1, 1), self.accounts(email))

    def test_one_address_is_taken_by_one_who_moves_to_it_or_registers_with_it(self):
        for _ in self.rounds():
            email = f"{uuid.uuid4().hex}@example.com"
            _, mover = register(self, self.shop)
            _, other = register(self, self.shop)
            move = {"email": email, "password": PASSWORD}
            replies = race(lambda: self.shop.http("PUT", "/v1/me/email", move, mover),
                           lambda: self.shop.http("PUT", "/v1/me/email", move, other),
                           lambda: self.post("/v1/users", {**move, "name": "Ada"}))
            taken = [reply for reply in replies if told(reply) != "409 email_taken"]
            self.assertEqual(1, len(taken), replies)
            self.assert_one_of({"200", "201"}, taken[0])
            self.assertEqual((1, 1), self.accounts(email))

    def test_of_two_who_change_what_they_saw_one_is_told_that_it_is_stale(self):
        home = {"name": "Ada", "line1": "Here 1", "city": "There", "postal_code": "1", "country": "DE"}
        for _ in self.rounds():
            made = self.post("/v1/me/addresses", home, self.customers[0])
            path, seen = f"/v1/me/addresses/{made.json['id']}", {**self.customers[0], "If-Match": made.headers["ETag"]}
            replies = at_once(4, lambda i: self.shop.http("PUT", path, {**home, "city": f"City {i}"}, seen))
            self.assert_came_to({"200": 1, "412 stale": 3}, replies)
            kept = self.shop.http("GET", path, headers=self.customers[0])
            self.assertEqual([kept.json], [reply.json for reply in replies if reply.status == 200])

    # Admins.

    def role(self, method, user, headers):
        return self.shop.http(method, f"/v1/users/{user}/roles/admin", {} if method == "PUT" else None, headers)

    def admins(self):
        return {user for (user,) in self.shop.sql("SELECT user_id FROM auth.credential WHERE roles @> '{admin}'")}

    def test_the_last_admin_stays_whoever_goes(self):
        (ada, here), (eve, there) = (member(self, self.shop, "admin") for _ in range(2))
        ada, eve = ada["id"], eve["id"]
        for one, other in ((ada, eve), (eve, ada)) * ROUNDS_OF_ADMINS:
            replies = race(lambda one=one: self.role("DELETE", one, here),
                           lambda other=other: self.role("DELETE", other, there))
            self.assertEqual(1, len(self.admins()), replies)
            self.assertEqual(1, sum(reply.status == 200 for reply in replies), replies)
            self.assertLessEqual({told(reply) for reply in replies}, {"200", "409 last_admin", "403 forbidden"})
            gone, left = (eve, here) if self.admins() == {ada} else (ada, there)
            self.assert_one_of({"200"}, self.role("PUT", gone, left))

        self.assert_one_of({"200"}, self.role("DELETE", eve, here))
        self.alone(ada, here)

    def alone(self, ada, here):
        email = self.shop.http("GET", "/v1/me", headers=here).json["email"]
        sessions = [here, log_in(self, self.shop, {"id": ada, "email": email})]
        for _ in self.rounds():
            replies = at_once(4, lambda i: self.role("DELETE", ada, sessions[i % 2]))
            self.assert_came_to({"409 last_admin": 4}, replies)
            self.assertEqual({ada}, self.admins())


if __name__ == "__main__":
    unittest.main()
