"""What is killed in the middle of orders loses nothing and does nothing twice."""

import unittest

from amid_orders import AmidOrders
from souk_system import ACTORS


class FaultsTest(AmidOrders):
    def killing(self, name):
        def blow():
            self.shop.kill(name)
            self.shop.start(name)
        return blow

    def test_killing_the_inventory_loses_no_order(self):
        self.amid_orders(self.killing("inventory"))

    def test_killing_the_order_service_loses_no_order(self):
        self.amid_orders(self.killing("order"))

    def test_killing_the_payment_service_loses_no_order(self):
        self.amid_orders(self.killing("payment"))

    def test_killing_the_broker_loses_no_order(self):
        self.amid_orders(self.killing("broker"))

    def test_killing_all_services_together_loses_no_order(self):
        def blow():
            for name in ACTORS:
                self.shop.kill(name)
            for name in ACTORS:
                self.shop.start(name)
        self.amid_orders(blow)

    def test_killing_each_process_in_turn_amid_a_thousand_orders_loses_none(self):
        self.amid_orders(*map(self.killing, self.shop.names), count=1000)

    def test_losing_every_connection_to_the_database_loses_no_order(self):
        self.amid_orders(lambda: self.shop.sql("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""))


if __name__ == "__main__":
    unittest.main()
