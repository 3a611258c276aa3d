"""More than a thousand publications, cheaply: one is driven through its review and written down again row by row, others come from a file.

Run as ``python -m tests.web.many N FILE`` in the environment of an empty platform: fills it, says how it stands, backs it up.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DAY = datetime.date(2026, 3, 2)
DUTIES = ("drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head")


def organ() -> Any:
    """青禾镇, and who works there."""
    from gongkai.web.agencies.models import Agency, Person, Post
    from gongkai.web.office.installing import founded

    root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    agency = Agency.objects.create(parent=root, code="qinghe", kind="township", name="云川县青禾镇人民政府", short_name="青禾镇")
    founded(root, "安装", {})
    founded(agency, "安装", {})
    for duty in DUTIES:
        person = Person.objects.create(username=duty, password="!", full_name=duty, home=agency)
        post = Post.objects.create(person=person, agency=agency, duty=duty, from_on=datetime.date(2020, 1, 1))
        founded(person, "安装", {})
        founded(post, "安装", {})
    return agency


def who(duty: str) -> Any:
    """The person in that post."""
    from gongkai.web.agencies.models import Person

    return Person.objects.get(username=duty)


def one(agency: Any) -> Any:
    """A publication that went the whole way, by the acts themselves."""
    from gongkai.web.disclosure import actions
    from gongkai.web.review.actions import decide
    from gongkai.web.review.stages import stages

    content = actions.Content(title="青禾镇第1号通知", body="<p>请各村照办。</p>", kind="notice", column="a20_13", formed_on=DAY)
    item = actions.draft(person=who("drafter"), on=DAY, agency=agency, content=content)
    run = actions.submit(person=who("drafter"), on=DAY, item=item)
    for name in run.stages:
        decide(run=run, person=who(f"{name}_reviewer"), on=DAY, is_passed=True, checked=stages()[name].checklist)
    return actions.publish(person=who("office_head"), on=DAY, item=item)


def past(agency: Any, n: int) -> None:
    """So many publications of earlier years, from one approved file."""
    from gongkai.web.disclosure.past import actions

    out = io.StringIO(newline="")
    rows = (
        [f"青禾镇旧第{k}号通知", f"第{k}号通知的正文。", "2019-06-05", "2019-06-03", "通知公告", "a20_07", "政府网站"] for k in range(n)
    )
    csv.writer(out).writerows([["标题", "正文", "发布日期", "形成日期", "类别", "栏目", "渠道"], *rows])
    told: dict[str, Any] = {"agency": agency, "file_name": "旧网站.csv", "source": "原网站", "data": out.getvalue().encode()}
    run = actions.hand_in(person=who("drafter"), on=DAY, **told)
    run = actions.clear(person=who("secrecy_reviewer"), on=DAY, run=run, is_cleared=True, reason="没有涉密内容")
    run = actions.decide(person=who("office_head"), on=DAY, run=run, is_approved=True, reason="抽查一致")
    actions.take_all(run)


class Copies:
    """Copies of a publication: each with its item, revision, run, steps, entries and delivery, so that ``verify`` finds nothing to say."""

    def __init__(self, like: Any, n: int) -> None:
        """The publication to copy, and how often."""
        from gongkai.web.ledger.models import LedgerEntry, Seal
        from gongkai.web.ledger.seals import digest_of_seal

        self.like, self.n = like, n
        self.acts = list(LedgerEntry.objects.filter(person__isnull=False).order_by("number"))
        self.last = self.acts[-1]
        # What the next entry says of the seal before it: the copies have one seal together, beside the last of their entries.
        self.sealed = digest_of_seal(Seal.objects.values_list("rows", flat=True).filter(entry=self.last).first())

    def write(self) -> None:
        """Write them all, a table at a time, under one seal."""
        from gongkai.web.ledger.seals import note, sealing

        with sealing():
            self._write()
            note(self.last)

    def _write(self) -> None:
        from gongkai.web.disclosure.models import Delivery, Publication
        from gongkai.web.review.models import COMPLETED, Run, Step

        items, revisions = self._items()
        began = self._entries(
            (act, item.pk, revision, act.facts) for item, revision in zip(items, revisions, strict=True) for act in self.acts[:2]
        )
        submits, run, delivery = began[1::2], self.like.run, self.like.deliveries.get()
        runs = self._again(
            run, ({"subject_id": r.subject_id, "revision": r, "entry": e, "state": "open"} for r, e in zip(revisions, submits, strict=True))
        )
        acts = self._entries(self._decisions(items, revisions, runs))
        passes, published = [acts[k : k + 4] for k in range(0, len(acts), 5)], acts[4::5]
        Step.objects.bulk_create(
            _like(step, run=own, entry=entry) for own, entries in zip(runs, passes, strict=True) for step, entry in zip(run.steps.all(), entries, strict=True)
        )  # fmt: skip
        Run.objects.filter(state="open").update(state=COMPLETED)
        places = zip(items, revisions, runs, published, strict=True)
        rows = Publication.objects.bulk_create(_like(self.like, item=i, revision=r, run=own, entry=e) for i, r, own, e in places)
        Delivery.objects.bulk_create(_like(delivery, publication=row, asked_by=row.entry, confirmation=row.entry) for row in rows)

    def _items(self) -> tuple[list[Any], list[Any]]:
        from django.db.models import OuterRef, Subquery

        from gongkai.web.disclosure.about.numbering import INDEX_SERIES, index_number
        from gongkai.web.disclosure.models import Item
        from gongkai.web.ledger.digest import digest_of
        from gongkai.web.review.actions import next_number
        from gongkai.web.review.models import Revision

        agency = self.like.item.agency
        first = next_number(agency=agency, series=INDEX_SERIES, year=DAY.year, count=self.n) - self.n + 1
        titles = {index_number(agency, DAY.year, k): f"青禾镇第{k}号通知" for k in range(first, first + self.n)}
        items = self._again(self.like.item, ({"index_number": index, "title": title, "current": None} for index, title in titles.items()))
        contents = [{**self.like.revision.content, "title": title} for title in titles.values()]
        told = ({"subject_id": i.pk, "content": c, "digest": digest_of(c)} for i, c in zip(items, contents, strict=True))
        revisions = self._again(self.like.revision, told)
        own = Revision.objects.filter(subject_kind="disclosure.item", subject_id=OuterRef("pk"))
        Item.objects.filter(current__isnull=True).update(current=Subquery(own.values("pk")[:1]))
        return items, revisions

    def _decisions(self, items: Sequence[Any], revisions: Sequence[Any], runs: Sequence[Any]) -> Iterator[tuple[Any, int, Any, Any]]:
        """The four reviews and the publication of each."""
        for item, revision, run in zip(items, revisions, runs, strict=True):
            for act in self.acts[2:6]:
                yield act, run.pk, revision, {**act.facts, "subject": f"disclosure.item:{item.pk}"}
            yield self.acts[6], item.pk, revision, {**self.acts[6].facts, "run": run.pk}

    def _entries(self, told: Iterator[tuple[Any, int, Any, Mapping[str, Any]]]) -> list[Any]:
        """Entries like those of the first publication, each following the one before."""
        made = []
        for act, number, revision, facts in told:
            more: dict[str, Any] = {"object_id": number, "revision": revision.digest, "facts": facts, "number": self.last.number + 1}
            entry = _like(act, **more, sealed=self.sealed, previous=self.last.digest, after=revision.digest if act.after else "")
            entry.digest = entry.computed_digest()
            made.append(entry)
            self.last, self.sealed = entry, ""
        return list(type(made[0]).objects.bulk_create(made))

    @staticmethod
    def _again(row: Any, told: Iterator[Mapping[str, Any]]) -> list[Any]:
        return list(type(row).objects.bulk_create(_like(row, **values) for values in told))


def _like(row: Any, **changes: Any) -> Any:
    """A row with the same columns but for those changed and the key."""
    told = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields if not column.primary_key}
    for name in changes:
        told.pop(f"{name}_id", None)
        told.pop(name, None)
    return type(row)(**told, **changes)


def standing() -> dict[str, Any]:
    """How the platform stands: what ``verify`` says, how many are public, what the ends of the list and the export hold."""
    from gongkai.web import commands
    from gongkai.web.agencies.models import Agency
    from gongkai.web.disclosure import exporting, lists, queries
    from gongkai.web.disclosure.models import Item

    said: list[str] = []
    broken = commands.verify(say=said.append)
    head, asked = who("office_head"), lists.Narrowing(state="published")
    # The list's two ends: the newest, and what is left after the oldest but fifty-one.
    first, oldest = lists.page(head, asked, None), Item.objects.order_by("pk").values_list("pk", flat=True)[51]
    ends = [first, lists.page(head, asked, oldest)]
    ends.append(lists.page(head, asked, ends[1].next_key))
    made = exporting.export(person=head, on=DAY, agency=Agency.objects.get(code="qinghe"), asked=lists.Narrowing(), kind="csv")
    lines = b"".join(exporting.content_of(made)).decode("utf-8-sig").splitlines()
    ends_at = [[len(page.rows), page.next_key is None] for page in ends]
    return {
        "broken": broken, "said": said[:3], "public": queries.public_items().count(), "pages": ends_at, "exported": len(lines),
        "titles": len({line.split(",")[1] for line in lines}),
    }  # fmt: skip


def main(n: int, file: Path) -> None:
    """Fill, tell, back up."""
    from django.db import transaction

    from gongkai.web import commands

    commands.prepare(None)
    with transaction.atomic():
        agency = organ()
        Copies(one(agency), n - 1).write()
        past(agency, n)
    told = standing()
    commands.backup(file, say=lambda _: None)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
