"""How often one address may ask for open data: as many times a minute as the setting says, spread as it likes.

Counted in the memory of the process that answers; several processes count apart, so the most that an address gets is the limit times
their number. What is kept does not grow with the number of callers: the address unused for longest is forgotten.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

# Addresses that are remembered: about 4 MB. Who commands more of them is not held by counting addresses.
MOST_ADDRESSES = 20_000
MINUTE = 60.0


class Rates:
    """What is left to each address. A full allowance is used at once or over the minute, and grows again evenly."""

    def __init__(self, most: int = MOST_ADDRESSES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, address: str, per_minute: int) -> int:
        """Take one from the address's allowance: 0, or how many seconds it must wait because nothing is left."""
        if per_minute <= 0:
            return 0
        key, now = group_of(address), self._clock()
        with self._lock:
            left, since = self._left.pop(key, (float(per_minute), now))
            left = min(float(per_minute), left + (now - since) * per_minute / MINUTE)
            is_free = left >= 1
            self._left[key] = (left - 1 if is_free else left, now)
            while len(self._left) > self._most:
                self._left.popitem(last=False)
        return 0 if is_free else max(1, math.ceil((1 - left) * MINUTE / per_minute))


def group_of(address: str) -> str:
    """What is counted together: an IPv4 address, and of IPv6 the 64 bits that one connection has for itself.

    >>> group_of("2001:db8:1:2:aaaa::1") == group_of("2001:db8:1:2:bbbb::9")
    True
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(known) if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))


RATES = Rates()
