"""Networks of one's own, as an operator writes them."""

from __future__ import annotations

import ipaddress

from django.core.exceptions import ImproperlyConfigured


def networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks of a comma-separated list; :class:`ImproperlyConfigured` names one that is none."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError as error:
            raise ImproperlyConfigured(f"“{part}”不是网段，应当写成 10.20.30.0/24 的样子。") from error
    return tuple(found)
