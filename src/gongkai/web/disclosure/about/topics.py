"""Whether items may be gathered under a special topic (专题)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.queries import open_topics


def demand_open(agency: Agency, names: Iterable[str], on: datetime.date, kept: Iterable[str] = ()) -> None:
    """:class:`Refused` when a topic is not open for the organ's county that day; those that an item has already may stay."""
    wanted = set(names) - set(kept)
    closed = sorted(wanted - set(open_topics([agency], on))) if wanted else []
    if closed:
        raise Refused(f"专题{'、'.join(f'“{name}”' for name in closed)}没有设立或者已经关闭，请重新选择。")
