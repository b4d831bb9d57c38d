"""What a customer does from registration to logout, with the exact shapes that are promised."""

import uuid

ORDER_KEYS = {"id", "status", "total", "lines"}
PRODUCT_KEYS = {"id", "sku", "name", "price"}
PASSWORD = "correct horse battery"


def log_in(test, shop, account):
    session = shop.http("POST", "/v1/sessions", {"email": account["email"], "password": PASSWORD})
    test.assertEqual(201, session.status, session)
    test.assertEqual({"token", "expires_at", "user_id"}, set(session.json))
    test.assertEqual(account["id"], session.json["user_id"])
    return {"Authorization": f"Bearer {session.json['token']}"}


def register(test, shop):
    """Registers and logs in: the account, and the headers to ask with."""
    email = f"{uuid.uuid4().hex}@example.com"
    made = shop.http(
        "POST", "/v1/users", {"email": email, "password": PASSWORD, "name": "Ada Løvelace"})
    test.assertEqual(201, made.status, made)
    test.assertEqual({"id", "email", "name"}, set(made.json))
    test.assertEqual((email, "Ada Løvelace"), (made.json["email"], made.json["name"]))
    return made.json, log_in(test, shop, made.json)


def member(test, shop, role):
    """Registers somebody and gives them the role on the machine itself: account and headers."""
    account, headers = register(test, shop)
    shop.run("admin", "grant", account["email"], role)
    return account, headers


def look_around(test, shop):
    """The catalogue, one product of it, and the stock; the product."""
    page = shop.http("GET", "/v1/products?limit=2")
    test.assertEqual(200, page.status, page)
    test.assertEqual({"items", "next"}, set(page.json))
    test.assertEqual(2, len(page.json["items"]))
    test.assertLessEqual(PRODUCT_KEYS, set(page.json["items"][0]))

    mug = shop.http("GET", "/v1/products/MUG-BLUE")
    test.assertEqual(200, mug.status, mug)
    test.assertLessEqual(PRODUCT_KEYS, set(mug.json))
    test.assertEqual({"amount", "currency"}, set(mug.json["price"]))

    other = page.json["items"][0]["sku"]
    stock = shop.http("GET", f"/v1/stock?sku=MUG-BLUE&sku={other}")
    test.assertEqual(200, stock.status, stock)
    test.assertEqual({"items"}, set(stock.json))
    test.assertEqual(["MUG-BLUE", other], [item["sku"] for item in stock.json["items"]])
    for item in stock.json["items"]:
        test.assertEqual({"sku", "available"}, set(item))
        test.assertGreaterEqual(item["available"], 900)
    return mug.json


def place_order(test, shop, customer, mug):
    """Three mugs; the order as it was answered."""
    before = shop.available("MUG-BLUE")
    placed = shop.order(customer, {"MUG-BLUE": 3})
    test.assertEqual(201, placed.status, placed)
    test.assertLessEqual(ORDER_KEYS, set(placed.json))
    test.assertEqual("confirmed", placed.json["status"])
    test.assertEqual({"amount": 3 * mug["price"]["amount"], "currency": mug["price"]["currency"]},
                     placed.json["total"])
    test.assertEqual([("MUG-BLUE", 3)],
                     [(line["sku"], line["quantity"]) for line in placed.json["lines"]])
    test.assertEqual(before - 3, shop.available("MUG-BLUE"))
    return placed.json


def order_session(test, shop):
    account, customer = register(test, shop)
    me = shop.http("GET", "/v1/me", headers=customer)
    test.assertEqual((200, account), (me.status, me.json))

    order = place_order(test, shop, customer, look_around(test, shop))
    listed = shop.http("GET", "/v1/orders", headers=customer)
    test.assertEqual(200, listed.status, listed)
    test.assertEqual([order["id"]], [item["id"] for item in listed.json["items"]])
    test.assertIsNone(listed.json.get("next"))
    found = shop.http("GET", f"/v1/orders/{order['id']}", headers=customer)
    test.assertEqual((200, order), (found.status, found.json))

    left = shop.http("DELETE", "/v1/sessions/current", headers=customer)
    test.assertEqual((204, b""), (left.status, left.body))
    test.assert_problem(shop.http("GET", "/v1/me", headers=customer), 401)
    shop.check()
