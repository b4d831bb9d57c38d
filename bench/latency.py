"""How long an order takes when orders come at a fixed rate, whether the shop keeps up or not."""

SHARES = (0.25, 0.5, 0.75, 0.9)  # of the highest rate that the closed loop reached
CONNECTIONS = 512


def measure(bench):
    highest = bench.find("orders, ")["per_second"]
    print(f"==> orders at a fixed rate, shares of {highest:,.0f}/s")
    for share in SHARES:
        point = bench.orders(f"orders at {share:.0%} of the highest rate", "orders", CONNECTIONS,
                             lines=2, times=bench.long, rate=round(share * highest, 1))
        point |= {"load": share, "offered_per_second": share * highest}
