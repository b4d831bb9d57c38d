"""/openapi.json, held against a validator of the standard, and real replies held against it."""

import json
import subprocess
import unittest

import pypi
from session import register
from souk_system import SystemTest

# What clients outside rely on.
ROUTES = {
    ("/v1/users", "post"): "201",
    ("/v1/sessions", "post"): "201",
    ("/v1/sessions/current", "delete"): "204",
    ("/v1/me", "get"): "200",
    ("/v1/products", "get"): "200",
    ("/v1/products/{sku}", "get"): "200",
    ("/v1/products", "post"): "201",
    ("/v1/products/{sku}", "put"): "200",
    ("/v1/products/{sku}", "patch"): "200",
    ("/v1/products/{sku}", "delete"): "200",
    ("/v1/products/{sku}/publication", "put"): "200",
    ("/v1/categories", "get"): "200",
    ("/v1/categories", "post"): "201",
    ("/v1/categories/{slug}", "put"): "200",
    ("/v1/categories/{slug}", "delete"): "204",
    ("/v1/stock", "get"): "200",
    ("/v1/orders", "post"): "201",
    ("/v1/orders", "get"): "200",
    ("/v1/orders/{id}", "get"): "200",
}


class OpenApiTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.python = pypi.install() / "python"
        super().setUpClass()
        cls.document = cls.shop.http("GET", "/openapi.json").json

    def validate(self, samples=()):
        question = json.dumps({"document": self.document, "samples": list(samples)})
        done = subprocess.run([self.python, pypi.HERE / "openapi_validate.py"], input=question,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_the_document_is_openapi_3_1(self):
        self.assertRegex(self.document["openapi"], r"^3\.1\.")
        self.validate()

    def test_a_document_that_is_wrong_would_be_found(self):
        self.document = {**self.document, "paths": {"/v1/me": {"get": {"responses": 5}}}}
        with self.assertRaises(AssertionError):
            self.validate()

    def test_every_route_of_the_shop_is_in_it(self):
        for (path, method), status in ROUTES.items():
            with self.subTest(path=path, method=method):
                operation = self.document["paths"][path][method]
                self.assertIn(status, operation["responses"])
                self.assertTrue(operation["summary"])

    def test_who_must_be_logged_in_and_who_needs_a_key_is_told(self):
        place = self.document["paths"]["/v1/orders"]["post"]
        self.assertEqual([{"bearer": []}], self.document["paths"]["/v1/orders"]["get"]["security"])
        self.assertEqual([{}, {"bearer": []}], place["security"])
        keys = [parameter for parameter in place["parameters"]
                if parameter["name"] == "Idempotency-Key"]
        self.assertEqual([("header", True)], [(key["in"], key["required"]) for key in keys])
        for status in ("400", "401", "402", "409", "422", "503", "504"):
            self.assertIn("application/problem+json", place["responses"][status]["content"])
        self.assertIn({}, self.document["paths"]["/v1/products"]["get"]["security"])

    def test_only_what_walks_through_several_services_or_asks_a_provider_may_go_on_after_its_answer(self):
        going_on = [(path, method) for path, operations in self.document["paths"].items()
                    for method, operation in operations.items() if "202" in operation["responses"]]
        self.assertEqual([("/v1/carrier-events", "post"), ("/v1/me/closure", "post"), ("/v1/me/email", "put"), ("/v1/orders", "post"),
                          ("/v1/orders/{id}/cancellation", "put"), ("/v1/orders/{id}/payment", "post"),
                          ("/v1/payment-differences", "get"), ("/v1/payment-events/{provider}", "post"),
                          ("/v1/payment-methods", "post"),
                          ("/v1/payment-methods/{id}", "delete"),
                          ("/v1/payments/{order_id}/refunds", "post"),
                          ("/v1/returns/{id}/inspection", "put"), ("/v1/shipments/{id}/shipping", "put"),
                          ("/v1/staff/orders/{id}/shipment", "put"), ("/v1/users", "post")], sorted(going_on))

    def test_souk_openapi_prints_the_same_without_a_running_shop(self):
        printed = json.loads(self.shop.run("openapi"))
        self.assertEqual(printed, self.document)

    def test_what_the_shop_answers_is_what_the_document_says(self):
        _, customer = register(self, self.shop)
        order = self.shop.order(customer, {"MUG-BLUE": 1})
        unpaid = self.shop.order(customer, {"MUG-BLUE": 1}, "pm_sim_insufficient").json["id"]
        asked = [
            ("/v1/me", "get", self.shop.http("GET", "/v1/me", headers=customer)),
            ("/v1/products", "get", self.shop.http("GET", "/v1/products?limit=3")),
            ("/v1/products", "get", self.shop.http("GET", "/v1/products?limit=100")),
            ("/v1/products", "get", self.shop.http("GET", "/v1/products?limit=0")),
            ("/v1/products/{sku}", "get", self.shop.http("GET", "/v1/products/MUG-BLUE")),
            ("/v1/products/{sku}", "get", self.shop.http("GET", "/v1/products/NOTHING")),
            ("/v1/products/{sku}", "get", self.shop.http("GET", "/v1/products/SHIRT-BLUE-S")),
            ("/v1/products", "post", self.shop.http("POST", "/v1/products", {}, customer)),
            ("/v1/categories", "get", self.shop.http("GET", "/v1/categories")),
            ("/v1/stock", "get", self.shop.http("GET", "/v1/stock?sku=MUG-BLUE")),
            ("/v1/orders", "post", order),
            ("/v1/orders", "post", self.shop.order(customer, {"MUG-BLUE": 1}, "pm_sim_declined")),
            ("/v1/orders", "post", self.shop.order(customer, {"MUG-BLUE": 1}, "pm_sim_insufficient")),
            ("/v1/orders", "post", self.shop.order(customer, {"NOTHING": 1})),
            ("/v1/orders/{id}/payment", "post",
             self.shop.http("POST", f"/v1/orders/{unpaid}/payment", {"payment_method": "pm_sim_declined"},
                            {**customer, "Idempotency-Key": "another"})),
            ("/v1/orders/{id}/payment", "post",
             self.shop.http("POST", f"/v1/orders/{unpaid}/payment", {"payment_method": "pm_sim_ok"},
                            {**customer, "Idempotency-Key": "one that pays"})),
            ("/v1/orders", "get", self.shop.http("GET", "/v1/orders", headers=customer)),
            ("/v1/orders/{id}", "get",
             self.shop.http("GET", f"/v1/orders/{order.json['id']}", headers=customer)),
            ("/v1/users", "post", self.shop.http("POST", "/v1/users", {})),
            ("/v1/sessions", "post", self.shop.http("POST", "/v1/sessions", {"email": "a@b.example",
                                                                           "password": "wrong wrong"})),
        ]
        self.validate([{"path": path, "method": method, "status": reply.status, "body": reply.json,
                        "type": reply.headers["Content-Type"]} for path, method, reply in asked])


if __name__ == "__main__":
    unittest.main()
