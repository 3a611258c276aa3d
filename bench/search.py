"""How fast the search is: documents indexed a second, milliseconds a search at 200,000 items of 500 characters, and the time from
publication to found. Beside each time on the clock stands the processor's own, which other work on the machine does not lengthen.

``python bench/search.py`` builds everything in a temporary folder on SQLite; with ``DATABASE_URL`` set, on that PostgreSQL (its
database must be empty). The texts are made of the words of the law data, so that words are as frequent as in real ones.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import io
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import office

FACETS = ("agency", "kind", "column", "year", "validity")
ORGANS = 300
DAY = datetime.date(2026, 3, 2)
CHANCE = random.Random(20260302)
QUERIES = (
    "低保", "最低生活保障", "政府信息公开", "通知", "防汛预案", "“行政处罚决定”", "示府发〔2024〕17号", "organ100/2026-00100", "养老保险 补贴",
    "乡村振兴项目资金", "招标", "食品安全检查", "信息公開指南", "环境影响评价", "“公开工作年度报告”", "预算 公开", "土地征收", "没有这样的词语组合",
)  # fmt: skip
# What finds nothing by itself: letters, wrong characters, one word too many.
MISSPELT = ("dibao", "yanglaobaoxian", "底保", "防训预桉", "xiangcunzhenxing", "招票 没有这样的", "dibao gongshi")

FOLLOWER = (
    "from gongkai.web import commands\ncommands.prepare(None)\nfrom gongkai.web.ledger import work\n"
    "work.WORK[:] = [job for job in work.WORK if job.name == 'index']\ncommands.work(say=print)"
)


def main() -> int:
    """Fill, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/search.py", description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--data", type=Path, help="a folder that is filled already, or is to be kept")
    parser.add_argument("--output", type=Path, default=Path("bench/results/search.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from gongkai.web import commands

        commands.prepare(options.data or Path(folder))
        commands.migrate(say=lambda _: None)
        made = list(texts(options.items))
        figures = {**engine(made, options.rounds, Path(folder) / "engine"), **followed(made, options.rounds)}
    for name, value in figures.items():
        print(f"{name:44}{value}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    return 0


def sentences() -> list[str]:
    """Sentences of the instruments and messages that the law data holds."""
    import gongkai.law

    folder = Path(gongkai.law.__file__).parent / "data"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml")))
    return [found for found in re.findall(r"[\u4e00-\u9fff，、]{8,60}", text)]


def texts(n_items: int) -> Iterator[tuple[str, str]]:
    """Titles and texts of 500 characters."""
    known = sentences()
    topics = ("低保", "防汛", "养老保险", "乡村振兴", "食品安全", "土地征收", "预算", "招标", "环境影响评价", "行政处罚")
    for number in range(n_items):
        body, topic = "", CHANCE.choice(topics)
        while len(body) < 500:
            body += CHANCE.choice(known) + f"{topic}{CHANCE.randrange(10_000)}。"
        yield f"第{number % 300}镇{topic}工作{CHANCE.choice(('通知', '公示', '公告', '情况'))}", body[:500]


def engine(made: list[tuple[str, str]], rounds: int, folder: Path) -> dict[str, Any]:
    """The engine by itself: building, and searching as the public does."""
    from gongkai.web import search

    n_items = len(made)

    def documents() -> Iterator[search.Document]:
        for number, (title, body) in enumerate(made, 1):
            organ = number % ORGANS
            yield search.Document(
                key=str(number), number=number, agencies=(f"yunchuan/organ{organ}/",), title=title, body=body, kind="notice", column="a20_13",
                index_number=f"organ{organ}/2026-{number:05d}", document_number=f"示府发〔{2015 + number % 10}〕{number % 397}号",
                formed_on=DAY, published_on=DAY - datetime.timedelta(days=number % 4000), is_public=number % 20 != 0,
            )  # fmt: skip

    took, busy = _spent(lambda: search.rebuild(documents(), folder=folder), time.process_time)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ("search", "counted", "within", "newest")}
    for _ in range(rounds):
        for query in QUERIES:
            times["search"].append(_spent(lambda query=query: search.find(search.Ask(words=query), folder=folder)))
            times["counted"].append(_spent(lambda query=query: search.find(search.Ask(words=query), folder=folder, facets=FACETS)))
            within = search.Ask(words=query, within=["yunchuan/organ17/"], since=DAY - datetime.timedelta(days=2000))
            times["within"].append(_spent(lambda within=within: search.find(within, folder=folder)))
            newest = search.Ask(words=query, is_public=False, is_newest_first=True, before=n_items // 2)
            times["newest"].append(_spent(lambda newest=newest: search.find(newest, folder=folder, limit=51)))
    stands = search.standing(folder)
    figures: dict[str, Any] = {
        "items": n_items, "engine_documents_per_s": round(n_items / took), "engine_documents_per_cpu_s": round(n_items / busy),
        "index_bytes_per_document": stands.n_bytes // n_items,
    }  # fmt: skip
    for name, found in times.items():
        figures |= _told(name, found)
    return figures


def _told(name: str, spent: list[tuple[float, float]]) -> dict[str, float]:
    """Median and 95 % of times on the clock, and of the processor's own."""
    figures = {}
    for kind, times in (("ms", [clock for clock, _ in spent]), ("cpu_ms", [cpu for _, cpu in spent])):
        figures |= {f"{name}_{kind}_p50": _ms(statistics.median(times)), f"{name}_{kind}_p95": _ms(statistics.quantiles(times, n=20)[18])}
    return figures


def followed(made: list[tuple[str, str]], rounds: int) -> dict[str, Any]:
    """From the database: the rebuild, and how long after its commit a publication is found while the worker runs."""
    from django.db import connection

    from gongkai.web.disclosure import following
    from gongkai.web.disclosure.models import Item

    people = _filled(made)
    n_items = Item.objects.count()
    took, busy = _spent(following.reindex, _processors)
    figures: dict[str, Any] = {
        "database": connection.vendor, "database_items": n_items, "reindex_documents_per_s": round(n_items / took),
        "reindex_documents_per_cpu_s": round(n_items / busy),
        "reindex_processors": round(busy / took, 2),
    }  # fmt: skip
    figures |= _public_pages(rounds)
    waits = []
    with _worker():
        for _ in range(rounds):
            waits.append(_until_found(_published(people)))
    figures |= {"found_after_s_median": round(statistics.median(waits), 2), "found_after_s_max": round(max(waits), 2)}
    figures |= _list_pages(people, rounds)
    return figures


def _filled(made: list[tuple[str, str]]) -> dict[str, Any]:
    """A platform with all of them published; gives who works there."""
    from gongkai.web.agencies.models import Agency, Person

    if not Agency.objects.exists():
        office._file = _file(made)
        office._fill(len(made), office._people(office._organs()))
    people = {person.username: person for person in Person.objects.all()}
    return {**people, "authority": people["county"]}


def _processors() -> float:
    """Seconds of the processor that this process and those it started have used."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _public_pages(rounds: int) -> dict[str, Any]:
    """The public's search page as the server makes it, all of it: found, counted, read from the database, written as HTML."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    figures: dict[str, Any] = {}
    client, narrow = Client(), {"organ": "organ17", "kind": "notice", "year": "2019"}
    asked = [{"q": query} for query in QUERIES]
    kinds = {"page": asked, "page_narrowed": [{**said, **narrow} for said in asked], "page_newest": [{**said, "sort": "newest"} for said in asked],
             "page_deep": [{**said, "page": "40"} for said in asked[:4]], "page_meant": [{"q": query} for query in MISSPELT]}  # fmt: skip
    for name, questions in kinds.items():
        for said in questions:
            client.get("/search", said)
        spent = [_spent(lambda said=said: client.get("/search", said)) for _ in range(rounds) for said in questions]
        figures |= _told(name, spent)
    with CaptureQueriesContext(connection) as queries:
        client.get("/search", asked[0])
    return {**figures, "page_queries": len(queries)}


def _file(made: list[tuple[str, str]]) -> Callable[[int, int], bytes]:
    """What ``bench/office.py`` hands in for an organ, with our texts and days, kinds and columns of every sort."""

    def file(first: int, n_lines: int) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(["标题", "正文", "发布日期", "类别", "栏目"])
        for at, (title, body) in enumerate(made[first : first + n_lines], first):
            day = datetime.date(2022, 12, 31) - datetime.timedelta(days=at * 7919 % 2500)
            writer.writerow([f"{title}（{at}）", body, str(day), ("通知公告", "工作动态")[at % 2], f"a20_{1 + at % 15:02d}"])
        return out.getvalue().encode()

    return file


def _published(people: dict[str, Any]) -> Any:
    """An item taken through its review and published."""
    from gongkai.web.agencies.models import Agency
    from gongkai.web.disclosure import actions
    from gongkai.web.review.actions import decide
    from gongkai.web.review.stages import stages

    content = actions.Content(title="植树安排", body="<p>三月十二日种树。</p>", kind="notice", column="a20_13", formed_on=DAY)
    item = actions.draft(person=people["drafter"], on=DAY, agency=Agency.objects.get(code="organ0"), content=content)
    run = actions.submit(person=people["drafter"], on=DAY, item=item)
    for name in run.stages:
        decide(run=run, person=people[f"{name}_reviewer"], on=DAY, is_passed=True, checked=stages()[name].checklist)
    return actions.publish(person=people["office_head"], on=DAY, item=item)


def _until_found(publication: Any) -> float:
    from gongkai.web import search
    from gongkai.web.disclosure import finding

    begun = time.perf_counter()
    ask = search.Ask(words=publication.item.index_number)
    while not any(row.pk == publication.pk for row in finding.public_found(ask)[0]):
        time.sleep(0.01)
        assert time.perf_counter() - begun < 30, "never found"
    return time.perf_counter() - begun


@contextmanager
def _worker() -> Iterator[None]:
    """The worker in a process of its own, with the job that follows the ledger alone: on a platform filled a moment ago the others have
    work for hours."""
    process = subprocess.Popen([sys.executable, "-c", FOLLOWER], stdout=subprocess.DEVNULL)
    try:
        time.sleep(3)
        yield
    finally:
        process.terminate()
        process.wait()


def _list_pages(people: dict[str, Any], rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    figures: dict[str, Any] = {}
    for who in ("office_head", "authority"):
        client = Client()
        client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, words in (("all", "工作"), ("rare", "第100镇低保"), ("none", "没有这样的词语组合")):
            address = f"/office/items/?words={words}"
            spent = [_spent(lambda address=address, client=client: client.get(address)) for _ in range(rounds)]
            with CaptureQueriesContext(connection) as asked:
                page = client.get(address)
            assert "检索索引暂时不能用" not in page.content.decode()
            figures |= {**_told(f"list_{who}_{name}", spent), f"list_{who}_{name}_queries": len(asked)}
    return figures


def _spent(act: Callable[[], object], processor: Callable[[], float] = time.thread_time) -> tuple[float, float]:
    """Seconds on the clock, and seconds of the processor."""
    begun, busy = time.perf_counter(), processor()
    act()
    return time.perf_counter() - begun, processor() - busy


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


if __name__ == "__main__":
    raise SystemExit(main())
