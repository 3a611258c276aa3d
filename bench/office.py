"""How fast the office is at 200,000 items over 300 organs: publish, list page, item page, and what a reviewed item costs.

``python bench/office.py`` measures on SQLite; with ``DATABASE_URL`` set, on that PostgreSQL (its database must be empty). The
items come in as past publications, by an approved run for every organ; the new ones that are timed go the whole way.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ORGANS = 300
BODY = "现将本机关有关工作安排予以公开，欢迎监督。" * 24
DAY = datetime.date(2026, 3, 2)
# A database hands out its space in pieces: few items would be charged for pieces that many more will fill.
REVIEWED = 300
# A page is asked for as often as this leaves time, at least once.
MOST_SECONDS = 10


def main() -> int:
    """Fill, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/office.py", description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--output", type=Path, default=Path("bench/results/office.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from gongkai.web import commands

        commands.prepare(Path(folder))
        commands.migrate(say=lambda _: None)
        figures = measure(options.items, options.rounds)
    for name, value in figures.items():
        print(f"{name:44}{value}")
    known = json.loads(options.output.read_text()) if options.output.exists() else {}
    known[figures["database"]] = figures
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
    return 0


def measure(n_items: int, rounds: int) -> dict[str, Any]:
    """The figures, by name."""
    from django.db import connection

    people = _people(_organs())
    empty = _size(connection)
    filled = _fill(n_items, people)
    before = _size(connection)
    published = [_timed(lambda: _publish(people)) for _ in range(max(REVIEWED, rounds))]
    after = _size(connection)
    return {
        "database": connection.vendor,
        "items": n_items,
        "organs": ORGANS,
        **filled,
        "past_item_bytes": round((before - empty) / n_items),
        "megabytes_in_all": round(before / 1e6),
        "publish_ms_median": _ms(published),
        "reviewed_item_bytes": round((after - before) / len(published)) if after else None,
        **_pages(people, rounds),
    }


def _organs() -> Any:
    from gongkai.web.agencies.models import Agency

    root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    for number in range(ORGANS):
        Agency.objects.create(
            parent=root, code=f"organ{number}", kind="township", name=f"云川县第{number}镇人民政府", short_name=f"第{number}镇"
        )
    return Agency.objects.get(code="organ0")


def _people(organ: Any) -> dict[str, Any]:
    from gongkai.web.agencies.models import Person, Post

    people = {}
    for duty in ("drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head"):
        people[duty] = Person.objects.create(username=duty, password="!", full_name=duty)  # noqa: S106 - nobody can sign in with it
        Post.objects.create(person=people[duty], agency=organ, duty=duty, from_on=datetime.date(2020, 1, 1))
    # Who opens the pages: somebody of one organ, and somebody of the county office, who sees all of them.
    for name, place, duty in (("clerk", organ, "drafter"), ("clerk", organ, "office_head"), ("county", organ.parent, "authority")):
        if name not in people:
            people[name] = Person.objects.create(username=name, password="!", full_name=name)  # noqa: S106 - nobody can sign in with it
        Post.objects.create(person=people[name], agency=place, duty=duty, from_on=datetime.date(2020, 1, 1))
    return people


def _fill(n_items: int, people: dict[str, Any]) -> dict[str, Any]:
    """The items, by approved import runs, one an organ; gives how fast they came in."""
    from gongkai.web.agencies.models import Agency, Post
    from gongkai.web.disclosure.past import actions as past

    spent = {"hand_in": 0.0, "take_in": 0.0}
    organs = list(Agency.objects.exclude(kind="county"))
    each = -(-n_items // len(organs))
    for number, organ in enumerate(organs[: -(-n_items // each)]):
        if organ.code != "organ0":
            for duty in ("drafter", "secrecy_reviewer", "office_head"):
                Post.objects.create(person=people[duty], agency=organ, duty=duty, from_on=datetime.date(2020, 1, 1))
                people[duty].__dict__.pop("_posts_on", None)
        data = _file(number * each, min(each, n_items - number * each))
        begun = time.perf_counter()
        run = past.hand_in(person=people["drafter"], on=DAY, agency=organ, file_name="旧网站.csv", data=data, source="原网站导出")
        spent["hand_in"] += time.perf_counter() - begun
        run = past.clear(person=people["secrecy_reviewer"], on=DAY, run=run, is_cleared=True, reason="没有不得公开的")
        run = past.decide(person=people["office_head"], on=DAY, run=run, is_approved=True, reason="抽查一致")
        begun = time.perf_counter()
        past.take_all(run)
        spent["take_in"] += time.perf_counter() - begun
    return {f"{name}_items_a_second": round(n_items / seconds) for name, seconds in spent.items()}


def _file(first: int, n_lines: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["标题", "正文", "发布日期", "类别", "栏目"])
    for at in range(first, first + n_lines):
        writer.writerow([f"第{at}号通知", f"第{at}号。{BODY}", "2019-06-05", "通知公告", "a20_13"])
    return out.getvalue().encode()


def _publish(people: dict[str, Any]) -> Callable[[], object]:
    """An item taken through its review; gives the publication that is to be timed."""
    from gongkai.web.agencies.models import Agency
    from gongkai.web.disclosure import actions
    from gongkai.web.review.actions import decide
    from gongkai.web.review.stages import stages

    organ = Agency.objects.get(code="organ0")
    content = actions.Content(title="植树安排", body=BODY, kind="notice", column="a20_13", formed_on=DAY)
    item = actions.draft(person=people["drafter"], on=DAY, agency=organ, content=content)
    run = actions.submit(person=people["drafter"], on=DAY, item=item)
    for name in run.stages:
        decide(run=run, person=people[f"{name}_reviewer"], on=DAY, is_passed=True, checked=stages()[name].checklist)
    return lambda: actions.publish(person=people["office_head"], on=DAY, item=item)


def _timed(prepare: Callable[[], Callable[[], object]]) -> float:
    act = prepare()
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


LISTS = {
    "list": "/office/items/",
    "list_deep": "/office/items/?after={middle}",
    "list_words": "/office/items/?words=通知",
    "list_draft": "/office/items/?state=draft",
    "list_published": "/office/items/?state=published",
    "list_changed": "/office/items/?state=changed",
    "list_late": "/office/items/?late=1",
    "list_days": "/office/items/?published_from=2026-01-01",
}
# Who opens what. The lists of what is late, stale or alike look at everything that the county has.
PAGES = {
    "clerk": {"home": "/office/", "item": "/office/items/{item}/", "watch": "/office/watch/", **LISTS},
    "county": {
        "home": "/office/", "item": "/office/items/{item}/", **LISTS, "watch": "/office/watch/", "columns": "/office/watch/columns/",
        "withheld": "/office/watch/withheld/", "pairs": "/office/watch/pairs/", "channels": "/office/channels/",
    },
}  # fmt: skip


def _pages(people: dict[str, Any], rounds: int) -> dict[str, Any]:
    from gongkai.web.disclosure.models import Publication

    item = Publication.objects.latest("pk").item_id
    figures: dict[str, Any] = {}
    for name, addresses in PAGES.items():
        places = {page: address.format(item=item, middle=item // 2) for page, address in addresses.items()}
        figures |= {f"{name}_{page}": value for page, value in _opened(people[name], places, rounds).items()}
    return figures


def _opened(person: Any, addresses: dict[str, str], rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    figures: dict[str, Any] = {}
    for name, address in addresses.items():
        times = []
        while len(times) < rounds and sum(times) < MOST_SECONDS:
            begun = time.perf_counter()
            answer = client.get(address)
            times.append(time.perf_counter() - begun)
            assert answer.status_code == 200, address
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        figures |= {f"{name}_ms_median": _ms(times), f"{name}_queries": len(asked)}
    return figures


def _ms(times: list[float]) -> float:
    return round(statistics.median(times) * 1000, 1)


def _size(connection: Any) -> int:
    """Bytes the database takes, its write-ahead log folded in."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    return os.path.getsize(connection.settings_dict["NAME"])


if __name__ == "__main__":
    raise SystemExit(main())
