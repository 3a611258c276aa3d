"""How fast the auditor finds entries among 500,000, with every filter and with several at once.

``python bench/ledger.py`` measures on SQLite; with ``DATABASE_URL`` set, on that PostgreSQL (its database must be empty). The
entries are filled in below the acts, with real digests, because only their number matters; the pages are the office's own.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ORGANS, PEOPLE = 300, 1500
FIRST_DAY = datetime.date(2019, 5, 15)
DAYS = 2400
# Of so many entries one is such an act: most are the steps of publishing, a few are rare.
ACTS = (
    "disclosure.draft", "disclosure.submit", "review.first", "review.second", "review.final", "review.secrecy", "disclosure.publish",
    "disclosure.revise", "disclosure.confirm_delivery",
)  # fmt: skip
RARE, REASONS = "disclosure.withdraw", ("内容有误", "请补充检查的起止时间", "重复起草", "数字需要核对")
FILTERS = {
    "plain": "",
    "organ": "agency=yunchuan/organ7/",
    "person": "person=person77",
    "act": "action=disclosure.draft",
    "rare act": f"action={RARE}",
    "absent act": "action=people.appoint",
    "days": "since=2021-03-01&until=2021-03-31",
    "all days": "since=2019-01-01",
    "recorded": "recorded_since=2021-03-01",
    "words": "words=起止时间",
    "absent words": "words=没有这个词",
    "number": "number=250000",
    "item": "about=disclosure.item:4321",
    "organ and act": "agency=yunchuan/organ7/&action=disclosure.publish",
    "act and days": "action=disclosure.publish&since=2021-03-01&until=2021-12-31",
    "act and recorded": f"action={RARE}&recorded_since=2021-03-01",
    "rare act and days": f"action={RARE}&since=2021-03-01&until=2021-12-31",
    "person and days": "person=person77&since=2020-01-01",
    "organ and words": "agency=yunchuan/organ7/&words=核对",
    "deep": "after=12345",
    "deep days": "since=2019-01-01&after=12345",
}


def main() -> int:
    """Fill, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/ledger.py", description=__doc__)
    parser.add_argument("--entries", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--output", type=Path, default=Path("bench/results/ledger.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from gongkai.web import commands

        commands.prepare(Path(folder))
        commands.migrate(say=lambda _: None)
        figures = measure(options.entries, options.rounds)
    for name, value in figures.items():
        print(f"{name:28}{value}")
    known = json.loads(options.output.read_text()) if options.output.exists() else {}
    known[figures["database"]] = figures
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
    return 0


def measure(n_entries: int, rounds: int) -> dict[str, Any]:
    """The figures, by name: server time in milliseconds (median) and number of queries of each filter's page."""
    from django.db import connection

    from gongkai.web.ledger.models import LedgerEntry

    auditor = _fill(n_entries)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures: dict[str, Any] = {"database": connection.vendor, "entries": LedgerEntry.objects.count()}
    return {**figures, **_pages(auditor, rounds)}


def _fill(n_entries: int) -> Any:
    from gongkai.web.agencies.models import Agency, Person, Post
    from gongkai.web.ledger.models import LedgerEntry

    root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    for number in range(ORGANS):
        Agency.objects.create(
            parent=root, code=f"organ{number}", kind="township", name=f"云川县第{number}镇人民政府", short_name=f"第{number}镇"
        )
    organs = list(Agency.objects.exclude(pk=root.pk))
    Person.objects.bulk_create(
        [Person(username=f"person{n}", full_name=f"人员{n}", password="!", home=organs[n % ORGANS]) for n in range(PEOPLE)]  # noqa: S106 - nobody signs in
    )
    people = list(Person.objects.order_by("pk"))
    auditor = Person.objects.create(username="auditor", full_name="审计员", password="!", home=root)  # noqa: S106 - nobody signs in with it
    Post.objects.create(person=auditor, agency=root, duty="auditor", from_on=FIRST_DAY)
    batch: list[Any] = []
    for entry in _entries(n_entries, organs, people):
        batch.append(entry)
        if len(batch) == 5000:
            LedgerEntry.objects.bulk_create(batch)
            batch = []
    LedgerEntry.objects.bulk_create(batch)
    return auditor


def _entries(n_entries: int, organs: list[Any], people: list[Any]) -> Iterator[Any]:
    from gongkai.web.ledger.models import GENESIS, LedgerEntry

    chance, previous = random.Random(7), GENESIS
    begin = datetime.datetime(2019, 5, 15, 8, tzinfo=datetime.UTC)
    for number in range(1, n_entries + 1):
        at = chance.randrange(ORGANS)
        action = RARE if chance.random() < 0.001 else ACTS[number % len(ACTS)]
        day = FIRST_DAY + datetime.timedelta(days=number * DAYS // n_entries)
        entry = LedgerEntry(
            county="yunchuan/", number=number, person=people[at + ORGANS * chance.randrange(PEOPLE // ORGANS)], agency=organs[at],
            duty="drafter", action=action, object_kind="disclosure.item", object_id=number // len(ACTS) + 1,
            occurred_on=day - datetime.timedelta(days=chance.randrange(20)), recorded_at=begin + datetime.timedelta(minutes=number * 6),
            reason=chance.choice(REASONS) if chance.random() < 0.1 else "", facts={"run": number}, previous=previous,
        )  # fmt: skip
        previous = entry.digest = entry.computed_digest()
        yield entry


def _pages(auditor: Any, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = {name: f"/office/ledger/?{asked}" for name, asked in FILTERS.items()} | {"one entry": "/office/ledger/250000/"}
    # SQLite works in this process: what it takes of the processor does not depend on what else the machine is doing.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    figures: dict[str, Any] = {}
    for name, address in addresses.items():
        times = []
        for _ in range(rounds):
            begun = clock()
            answer = client.get(address)
            times.append(clock() - begun)
            assert answer.status_code in (200, 404), address
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        figures[name] = f"{statistics.median(times) * 1000:.1f} ms, {len(asked)} queries"
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
