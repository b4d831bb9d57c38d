"""What is stopped with SIGTERM in the middle of a hundred orders ends well and loses none."""

import unittest

from amid_orders import AmidOrders
from souk_system import ACTORS


class StopsTest(AmidOrders):
    def stopping(self, name):
        def blow():
            self.assertEqual([0], self.shop.terminate(name), name)
            self.shop.start(name)
        return blow


def add_stopping_test(name):
    def test(self):
        self.amid_orders(self.stopping(name))
    setattr(StopsTest, f"test_stopping_{name}_with_sigterm_ends_well_and_loses_no_order", test)


for process in ("broker", *ACTORS, "edge"):
    add_stopping_test(process)

if __name__ == "__main__":
    unittest.main()
