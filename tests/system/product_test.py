"""The catalogue as staff and customers see it over HTTP."""

import unittest
import uuid

from souk_system import System, SystemTest, at_once


class ProductTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.shop.customer()
        me = cls.shop.http("GET", "/v1/me", headers=cls.staff).json["id"]
        cls.shop.sql(f"UPDATE auth.credential SET roles = '{{customer,staff}}' WHERE user_id = '{me}'")

    def create(self, **fields):
        draft = {"sku": uuid.uuid4().hex, "name": "Chair",
                 "price": {"amount": 9900, "currency": "EUR"}, "status": "published", **fields}
        reply = self.shop.http("POST", "/v1/products", draft, self.staff)
        self.assertEqual(201, reply.status, reply)
        return reply

    def revise(self, sku, name, **headers):
        body = {"name": name, "price": {"amount": 9900, "currency": "EUR"}}
        return self.shop.http("PUT", f"/v1/products/{sku}", body, {**self.staff, **headers})

    def archive(self, sku, tag):
        return self.shop.http("DELETE", f"/v1/products/{sku}", headers={**self.staff, "If-Match": tag})

    def test_a_version_that_is_not_named_or_not_the_last_changes_nothing(self):
        created = self.create()
        sku = created.json["sku"]
        self.assertEqual('"1"', created.headers["ETag"])
        self.assert_problem(self.revise(sku, "Stool"), 428)
        self.assert_problem(self.revise(sku, "Stool", **{"If-Match": '"7"'}), 412, "stale")
        revised = self.revise(sku, "Stool", **{"If-Match": '"1"'})
        self.assertEqual((200, '"2"'), (revised.status, revised.headers["ETag"]))
        self.assert_problem(self.archive(sku, '"1"'), 412, "stale")
        self.assertEqual("Stool", self.shop.http("GET", f"/v1/products/{sku}").json["name"])
        self.assertEqual(304, self.shop.http("GET", f"/v1/products/{sku}",
                                             headers={"If-None-Match": '"2"'}).status)

    def test_of_those_who_saw_the_same_version_one_changes_it(self):
        sku = self.create().json["sku"]
        replies = at_once(6, lambda i: self.revise(sku, f"Chair {i}", **{"If-Match": '"1"'}))
        self.assertEqual([200] + 5 * [412], sorted(reply.status for reply in replies))
        won = next(reply for reply in replies if reply.status == 200)
        self.assertEqual(won.json, self.shop.http("GET", f"/v1/products/{sku}").json)

    def test_customers_see_what_is_published_and_change_nothing(self):
        customer = self.shop.customer()
        sku = self.create(status="unpublished").json["sku"]
        path = f"/v1/products/{sku}"
        self.assert_problem(self.shop.http("GET", path), 404, "no_such_product")
        self.assert_problem(self.shop.http("GET", path, headers=customer), 404, "no_such_product")
        self.assertEqual(200, self.shop.http("GET", path, headers=self.staff).status)
        self.assert_problem(self.shop.http("GET", "/v1/products?status=unpublished"), 403)
        draft = {"sku": "X", "name": "X", "price": {"amount": 1, "currency": "EUR"}}
        self.assert_problem(self.shop.http("POST", "/v1/products", draft), 401)
        self.assert_problem(self.shop.http("POST", "/v1/products", draft, customer), 403)
        self.assert_problem(self.shop.order(customer, {sku: 1}), 422, "unknown_sku")

        reply = self.shop.http("PUT", f"{path}/publication", {"published": True},
                               {**self.staff, "If-Match": "*"})
        self.assertEqual((200, "published"), (reply.status, reply.json["status"]))
        self.assertEqual(200, self.shop.http("GET", path).status)

    def test_a_variant_is_ordered_under_its_own_name(self):
        product = self.shop.http("GET", "/v1/products/SHIRT-BLUE-M").json
        self.assertEqual("SHIRT", product["sku"])
        self.assertIn({"name": "size", "values": ["S", "M", "L"]}, product["options"])
        order = self.shop.order(self.shop.customer(), {"SHIRT-BLUE-M": 2})
        self.assertEqual("Work shirt, blue, M", order.json["lines"][0]["name"])
        self.assert_problem(self.shop.order(self.shop.customer(), {"SHIRT": 1}), 422, "unknown_sku")

    def test_what_is_archived_cannot_be_ordered_and_stays_in_its_orders(self):
        sku, customer = uuid.uuid4().hex, self.shop.customer()
        self.shop.offer(sku, 5)
        order = self.shop.order(customer, {sku: 1})
        self.assertEqual("confirmed", order.json["status"], order)
        self.assertEqual(200, self.archive(sku, "*").status)
        self.assert_problem(self.shop.order(customer, {sku: 1}), 422, "unknown_sku")
        again = self.shop.http("GET", f"/v1/orders/{order.json['id']}", headers=customer)
        self.assertEqual(sku, again.json["lines"][0]["sku"])

    def test_a_key_makes_a_product_once(self):
        headers = {**self.staff, "Idempotency-Key": uuid.uuid4().hex}
        draft = {"sku": uuid.uuid4().hex, "name": "X", "price": {"amount": 1, "currency": "EUR"}}
        first = self.shop.http("POST", "/v1/products", draft, headers)
        again = self.shop.http("POST", "/v1/products", draft, headers)
        self.assertEqual((201, first.json), (again.status, again.json))
        self.assertEqual("true", again.headers["Idempotent-Replayed"])
        self.assert_problem(self.shop.http("POST", "/v1/products", draft, self.staff), 409, "sku_taken")

    def test_who_withdrew_all_that_was_seeded_does_not_get_it_back(self):
        with System() as shop:
            shop.sql("UPDATE product.shelf SET status = 'archived'")
            shop.sql("""UPDATE product.document SET body = body || '{"status":"archived"}'""")
            shop.run("seed")
            self.assertEqual([], shop.http("GET", "/v1/products").json["items"])

    def test_the_seeded_catalogue_is_filtered_and_sorted(self):
        def skus(query):
            reply = self.shop.http("GET", f"/v1/products?{query}")
            self.assertEqual(200, reply.status, reply)
            return [item["sku"] for item in reply.json["items"]]

        self.assertEqual(["BAG-TOTE", "SHIRT"], skus("category=clothing"))
        self.assertEqual(["BAG-TOTE", "SHIRT"], skus("attribute=material:cotton&sort=sku"))
        self.assertEqual(["PLATE-WHITE", "BOWL-OAK"], skus(
            "category=tableware&sort=price&currency=EUR&price_min=1300"))
        self.assertEqual(["MUG-BLUE"], skus("name=blue&sort=name"))
        self.assertEqual([], skus("category=nowhere"))

    def test_filters_that_make_no_sense_are_named(self):
        for query, pointer in (("sort=colour", "/sort"), ("attribute=blue", "/attribute/0"),
                               ("sort=price", "/currency"), ("currency=euro", "/currency"),
                               ("currency=EUR&price_min=2&price_max=1", "/price_max"),
                               ("sort=name&after=MUG-BLUE", "/after"), ("status=gone", "/status")):
            reply = self.shop.http("GET", f"/v1/products?{query}")
            self.assert_problem(reply, 400)
            self.assertEqual([pointer], [error["pointer"] for error in reply.json["errors"]])

    def test_what_does_not_go_together_is_named(self):
        draft = {"sku": uuid.uuid4().hex, "name": "X", "price": {"amount": 1, "currency": "EUR"},
                 "attributes": [{"name": "a:b", "value": "c"}]}
        reply = self.shop.http("POST", "/v1/products", draft, self.staff)
        self.assert_problem(reply, 400)
        self.assertEqual("/attributes/0", reply.json["errors"][0]["pointer"])
        draft["attributes"], draft["pictures"] = [], [{"url": "ftp://example.com"}]
        reply = self.shop.http("POST", "/v1/products", draft, self.staff)
        self.assertEqual("/pictures/0/url", reply.json["errors"][0]["pointer"])

    def test_categories_are_made_moved_and_removed(self):
        slug = uuid.uuid4().hex
        category = {"slug": slug, "name": "Chairs", "parent": "home"}
        self.assertEqual(201, self.shop.http("POST", "/v1/categories", category, self.staff).status)
        sku = self.create(categories=[slug]).json["sku"]
        listed = self.shop.http("GET", "/v1/categories").json["items"]
        self.assertIn({**category, "position": 0}, listed)
        reply = self.shop.http("PUT", f"/v1/categories/{slug}", {"name": "Chairs", "parent": slug},
                               self.staff)
        self.assert_problem(reply, 422, "category_circle")
        self.assert_problem(self.shop.http("DELETE", f"/v1/categories/{slug}", headers=self.staff),
                            409, "category_in_use")
        revised = self.revise(sku, "Chair", **{"If-Match": '"1"'})
        self.assertEqual([], revised.json["categories"])
        self.assertEqual(204, self.shop.http("DELETE", f"/v1/categories/{slug}",
                                             headers=self.staff).status)


if __name__ == "__main__":
    unittest.main()
