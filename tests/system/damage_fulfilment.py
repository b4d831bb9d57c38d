"""What breaks shipments and returns, by the check that finds it and no other."""

from damage import CONFIRMED, one

DELIVERED = one("delivered")
LATE = "now() - interval '121 seconds'"
SHIPMENT = f"(SELECT id FROM fulfilment.shipment WHERE order_id = {DELIVERED})"
WAITING = f"(SELECT id FROM fulfilment.shipment WHERE order_id = {CONFIRMED} LIMIT 1)"

DAMAGES = {
    "orders_planned": {
        "one is not known": f"""
            UPDATE "order".order_history SET at = {LATE} WHERE order_id = {CONFIRMED};
            DELETE FROM fulfilment.shipment_line WHERE shipment_id = {WAITING};
            DELETE FROM fulfilment.shipment WHERE order_id = {CONFIRMED};
            DELETE FROM fulfilment.job WHERE order_id = {CONFIRMED}""",
        "one is not planned": f"""
            UPDATE "order".order_history SET at = {LATE} WHERE order_id = {CONFIRMED};
            UPDATE fulfilment.job SET status = 'new' WHERE order_id = {CONFIRMED}""",
        "one is said to have left": f"UPDATE fulfilment.job SET status = 'closed' WHERE order_id = {CONFIRMED}",
        "one more is packed": f"""
            UPDATE fulfilment.shipment_line SET quantity = quantity + 1
            WHERE shipment_id = {WAITING} AND sku = 'MUG-BLUE'""",
        "something is left out":
            f"DELETE FROM fulfilment.shipment_line WHERE shipment_id = {WAITING} AND sku = 'MUG-BLUE'",
        "a shipment is made twice": f"""
            INSERT INTO fulfilment.shipment (id, order_id, location)
            SELECT gen_random_uuid(), order_id, location FROM fulfilment.shipment WHERE id = {WAITING};
            INSERT INTO fulfilment.shipment_line (shipment_id, sku, quantity)
            SELECT id, 'MUG-BLUE', 2 FROM fulfilment.shipment WHERE order_id = {CONFIRMED} AND id <> {WAITING}""",
    },
    "shipments_followed": {
        "a delivered order's shipment is in the house": f"""
            UPDATE fulfilment.shipment SET status = 'packed' WHERE id = {SHIPMENT};
            INSERT INTO fulfilment.departure (id, order_id, key, outcome, who)
            VALUES (gen_random_uuid(), {DELIVERED}, '', 'shipped', '');
            DELETE FROM fulfilment.return_line""",
        "a delivered order's shipment is on its way": f"""
            UPDATE fulfilment.shipment SET status = 'shipped' WHERE id = {SHIPMENT};
            DELETE FROM fulfilment.return_line""",
    },
    "shipments_left": {
        "what is on its way is still in stock": f"""
            UPDATE fulfilment.shipment SET status = 'shipped', departure_id = gen_random_uuid() WHERE order_id = {CONFIRMED};
            INSERT INTO fulfilment.shipment_history (shipment_id, status, who, why)
            SELECT id, 'shipped', '', '' FROM fulfilment.shipment WHERE order_id = {CONFIRMED};
            INSERT INTO "order".order_history (order_id, status, who, why) VALUES ({CONFIRMED}, 'shipping', '', '');
            UPDATE "order".orders SET status = 'shipping' WHERE id = {CONFIRMED}""",
    },
    "shipments_settle": {
        "one is leaving for too long": f"""
            INSERT INTO fulfilment.departure (id, order_id, key, outcome, who, touched_at)
            VALUES (gen_random_uuid(), {DELIVERED}, '', 'shipped', '', {LATE})""",
        "a return is being put in stock for too long": f"""
            UPDATE fulfilment.order_return SET status = 'inspecting', touched_at = {LATE}""",
    },
    "returns_arrived": {
        "more comes back than was sent": f"""
            INSERT INTO fulfilment.order_return (id, order_id, status, reason)
            VALUES (gen_random_uuid(), {DELIVERED}, 'requested', 'other');
            INSERT INTO fulfilment.return_line (return_id, sku, quantity)
            SELECT id, 'LAMP-DESK', 2 FROM fulfilment.order_return WHERE status = 'requested'""",
    },
    "returns_restocked": {
        "what is not good is in stock":
            "UPDATE fulfilment.return_line SET restocked = 0, written_off = 1",
        "what was not looked at is in stock":
            "UPDATE fulfilment.order_return SET status = 'received'",
    },
}
