"""Who may call what: every operation that there is, asked by everybody who must not.

What is asked is made from what the services say of themselves, so an operation that is new is asked
too. Only how to come by things that somebody owns stands here.
"""

import unittest
import urllib.parse
import uuid

from souk_system import ACTORS, SystemTest

WITHOUT_BODY = ("GET", "DELETE")
# By the role that an operation asks for: what somebody has who has it and no more.
PEOPLE = {"customer": (), "staff": ("staff",), "admin": ("staff", "admin")}
# The roles with which whose a thing is decides. Staff look after the things of all.
UNGUARDED = (None, "customer")
TEXTS = {
    "uuid": lambda: str(uuid.uuid4()),
    "email": lambda: f"{uuid.uuid4().hex}@example.com",
    "currency": lambda: "EUR",
    "country": lambda: "DE",
    "region": lambda: "BY",
    "url": lambda: "https://shop.example/",
}
def text_of(field):
    if field["one_of"]:
        return field["one_of"][0]
    if field["format"] in TEXTS:
        return TEXTS[field["format"]]()
    return uuid.uuid4().hex.ljust(field["min"] or 0, "x")[:field["max"] or 32]


def value_of(field):
    """Something that the field takes, and that nobody else has."""
    kind = field["type"]
    if kind == "list":
        item = {**field, "type": field["of"], "min": None, "max": None}
        return [value_of(item) for _ in range(field["min"] or 1)]
    if kind == "record":
        return arguments_of(field["fields"] or ())
    if kind == "text":
        return text_of(field)
    return False if kind == "boolean" else "2030-01-01T00:00:00Z" if kind == "time" else field["min"] or 0


def arguments_of(fields):
    """As little as may be said."""
    return {field["name"]: value_of(field) for field in fields
            if not field["optional"] and field["fallback"] is None}


def is_id(field):
    return field["format"] == "uuid" or field["name"].split("_")[-1] == "id"


class Operation:
    """One that is on HTTP, as its service describes it."""

    def __init__(self, says):
        self.name = says["name"]
        self.fields = says["request"] or ()
        self.version = says["if_match"]  # the field that stands in a header
        self.method, self.path = says["http"].split(" ")
        self.role = says["role"]

    def __str__(self):
        return f"{self.name} ({self.method} {self.path})"

    def place_of_id(self):
        """The path up to its first id, or None: /v1/orders/{id} of /v1/orders/{id}/history."""
        fields = {f"{{{field['name']}}}": field for field in self.fields}
        segments = self.path.split("/")
        ends = [at for at, segment in enumerate(segments) if segment in fields and is_id(fields[segment])]
        return "/".join(segments[:ends[0] + 1]) if ends else None

    def ask(self, shop, headers, known=None):
        """With arguments that are well-formed; those in known as they are there."""
        arguments = arguments_of(self.fields) | (known or {})
        arguments.pop(self.version, None)
        headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*", **headers}
        path = self.path
        for name in list(arguments):
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", urllib.parse.quote(str(arguments.pop(name)), safe=""))
        if self.method in WITHOUT_BODY:
            query = urllib.parse.urlencode(arguments, doseq=True)
            return shop.http(self.method, f"{path}?{query}" if query else path, headers=headers)
        return shop.http(self.method, path, arguments, headers)


def keyed(headers):
    return {"Idempotency-Key": str(uuid.uuid4()), **headers}


def an_order(shop, owner):
    return {"id": shop.order(owner, {"MUG-BLUE": 1}).json["id"]}


def a_guests_order(shop, _):
    email = f"{uuid.uuid4().hex}@example.com"
    wish = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}], "payment_method": "pm_sim_ok", "email": email}
    return {"id": shop.http("POST", "/v1/orders", wish, keyed({})).json["id"], "email": email}


def a_cart(shop, owner):
    cart = shop.http("POST", "/v1/carts", {}, keyed(owner)).json["id"]
    mug = {"sku": "MUG-BLUE", "quantity": 1}
    shop.http("POST", f"/v1/carts/{cart}/lines", mug, keyed(owner))
    return {"cart_id": cart, **mug}


def a_session(shop, owner):
    return {"id": shop.http("GET", "/v1/sessions", headers=owner).json["items"][0]["id"]}


def an_address(shop, owner):
    home = {"name": "Ada", "line1": "1 Byron Row", "city": "London", "postal_code": "SW1Y", "country": "GB"}
    return {"id": shop.http("POST", "/v1/me/addresses", home, keyed(owner)).json["id"]}


def a_payment_method(shop, owner):
    return {"id": shop.http("POST", "/v1/payment-methods", {"token": "pm_sim_ok"}, keyed(owner)).json["id"]}


def a_return(shop, owner):
    order = shop.order(owner, {"MUG-BLUE": 1}).json["id"]
    staff = {"user": str(uuid.uuid4()), "roles": ["staff"]}
    shop.call("fulfilment.ship_order", {"id": order}, staff)
    shipment = shop.http("GET", f"/v1/orders/{order}/shipments", headers=owner).json["items"][0]["id"]
    shop.call("fulfilment.deliver", {"id": shipment}, staff)
    wish = {"reason": "unwanted", "lines": [{"sku": "MUG-BLUE", "quantity": 1}]}
    return {"id": shop.http("POST", f"/v1/orders/{order}/returns", wish, keyed(owner)).json["id"]}


# What is somebody's, by the place where it is found: how the owner comes by one, and what the owner
# then knows of it. Strangers are told what stands in the path, and have to make up the rest.
OWNED = {
    "/v1/orders/{id}": an_order,
    "/v1/guest-orders/{id}": a_guests_order,
    "/v1/carts/{cart_id}": a_cart,
    "/v1/sessions/{id}": a_session,
    "/v1/me/addresses/{id}": an_address,
    "/v1/payment-methods/{id}": a_payment_method,
    "/v1/returns/{id}": a_return,
}


class AccessTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        described = [cls.shop.asked(f"{service}.describe", {}) for service in ACTORS]
        cls.operations = [Operation(says) for description in described
                          for says in description["operations"] if says["http"]]
        cls.people = {role: cls.shop.somebody(*more) for role, more in PEOPLE.items()}

    def of_each(self, roles, check):
        """check(operation) for those that need one of these roles, each as a test of its own."""
        for operation in self.operations:
            if operation.role in roles:
                with self.subTest(str(operation)):
                    check(operation)

    def test_the_document_says_of_the_same_operations_that_somebody_must_be_logged_in(self):
        document = self.shop.http("GET", "/openapi.json").json["paths"]
        told = {(path, method.upper()): {} not in operation["security"]
                for path, methods in document.items() for method, operation in methods.items()}
        self.assertEqual({(operation.path, operation.method): operation.role is not None
                          for operation in self.operations}, told)

    def assert_refused(self, operation, headers, status, code):
        self.assert_problem(operation.ask(self.shop, headers), status, code)

    def test_nobody_in_particular_may_call_what_needs_a_role(self):
        for headers in ({}, {"Authorization": "Bearer made-up"}):
            self.of_each(PEOPLE, lambda operation: self.assert_refused(
                operation, headers, 401, "unauthorized"))

    def test_customers_may_not_call_what_is_for_staff_or_admins(self):
        self.of_each(("staff", "admin"), lambda operation: self.assert_refused(
            operation, self.people["customer"], 403, "forbidden"))

    def test_staff_may_not_call_what_is_for_admins(self):
        self.of_each(("admin",), lambda operation: self.assert_refused(
            operation, self.people["staff"], 403, "forbidden"))

    def test_who_has_the_role_is_not_turned_away(self):
        """So that what is refused above is refused for want of it."""
        def check(operation):
            somebody = self.shop.somebody(*PEOPLE[operation.role])  # for one may end the session
            reply = operation.ask(self.shop, somebody)
            self.assertNotIn((reply.json or {}).get("code"), ("unauthorized", "forbidden"), reply)

        self.of_each(PEOPLE, check)

    def test_on_the_bus_the_same_is_refused(self):
        def check(operation):
            arguments = arguments_of(operation.fields)
            for meta, code in (({}, "unauthorized"), ({"user": str(uuid.uuid4())}, "forbidden")):
                told, _ = self.shop.call(operation.name, arguments, meta)
                self.assertEqual(code, told)

        self.of_each(PEOPLE, check)

    def test_of_everything_that_is_somebodys_it_is_known_how_to_come_by_one(self):
        places = {operation.place_of_id() for operation in self.operations if operation.role in UNGUARDED}
        self.assertEqual(set(), places - {None} - OWNED.keys(), "they belong into OWNED")

    def test_what_is_somebodys_is_not_there_for_strangers(self):
        stranger = self.people["customer"]

        def check(operation):
            owner = self.shop.customer()  # for one may end the session
            place = operation.place_of_id()
            known = OWNED[place](self.shop, owner) if place in OWNED else {}
            named = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
            if known:
                self.assert_problem(operation.ask(self.shop, stranger, named), 404)
                self.assertNotEqual(404, operation.ask(self.shop, owner, known).status)

        self.of_each(UNGUARDED, check)


if __name__ == "__main__":
    unittest.main()
