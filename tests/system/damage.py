"""Whose rows are damaged: the first order of a kind, and its payment."""


def one(status):
    return f"""(SELECT id FROM "order".orders WHERE status = '{status}' ORDER BY id LIMIT 1)"""


CONFIRMED, REJECTED, AWAITING = one("confirmed"), one("rejected"), one("awaiting_payment")
PAID = f"(SELECT id FROM payment.payment WHERE order_id = {CONFIRMED})"
UNPAID = f"(SELECT id FROM payment.payment WHERE order_id = {AWAITING})"
