"""Near-duplicates and contradictions: each revision that is submitted or published is compared once, with few others.

Two texts are alike when they share nearly all their words, once each organ's own name is taken out, nearly all their figures, and
name the same places and people: two decisions made from one template are two decisions. A search looks up bands of a MinHash in
the database, so its cost does not grow with the number of items.
"""

from __future__ import annotations

import datetime
import operator
import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.registers.values import tidy_number
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.disclosure.watch.models import Band, Follower, Lookalike, Signature
from gongkai.web.review.models import COMPLETED, OPEN, Revision, Run
from gongkai.web.settings import moment

KIND = Item._meta.label_lower
# A MinHash of 64 values in 16 bands of 4: texts of which 7 tenths of the pieces are shared meet in a band 99 times of 100.
PERMUTATIONS, ROWS, PIECE = 64, 4, 3
SEED = 20190515
# Shorter texts say too little to be compared; longer ones are compared by their beginning.
SHORTEST, LONGEST = 60, 20_000
# Of 100: how alike the words and the figures of two texts must be, and how alike two titles of one document.
ALIKE, SAME_FIGURES, SAME_TITLE = 92, 80, 90
# Two notices from one template about two things differ in their titles; the same text under two titles is the same text.
NEAR_TITLE, THE_SAME = 75, 99
# How many others one text is looked up and compared with, and how many pairs it may be in.
MOST_LOOKED_UP, MOST_COMPARED, MOST_PAIRS = 600, 20, 5
# How far back the follower looks for what was committed after a later number.
OVERLAP = 100
_FIGURE = re.compile(r"\d+(?:\.\d+)?[^\W\d_]?")
# Names of places, firms and persons by the character behind them: a decision on another village is another decision.
_NAME = re.compile(r"[\u4e00-\u9fff]{2}(?:村|社区|镇|乡|街道|公司|合作社|学校|某)")
# So many digits in a row are a telephone or an account, which who copies puts in anew.
_LONG_NUMBER = 7
_GROUPED = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Text:
    """What two revisions are compared by: tidied words, figures, names, title and day; the document number as one key."""

    words: str
    figures: frozenset[str]
    names: frozenset[str]
    title: str
    formed_on: str
    number_key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How alike two texts are (of 100), what they are, and what they differ in (``title``, ``formed_on``, ``figures``)."""

    kind: str | None
    score: int
    differs: tuple[str, ...] = ()


def text(content: Mapping[str, Any], agency: Agency) -> Text:
    """The text of a revision's content as it is compared, its own organ's names taken out."""
    title, body = content.get("title", ""), text_of(content.get("body", ""))
    own = sorted({agency.name, agency.short_name, *_shorter(agency.name)} - {""}, key=len, reverse=True)
    return Text(
        words=_tidy(body[:LONGEST], own),
        figures=figures(f"{title}\n{body[:LONGEST]}"),
        names=frozenset(_NAME.findall(_masked(f"{title}。{body[:LONGEST]}", own))),
        title=_tidy(title, own),
        formed_on=content.get("formed_on", ""),
        number_key=number_key(content.get("document_number", "")),
        kind=content.get("kind", ""),
    )


def _shorter(name: str) -> set[str]:
    """云川县青禾镇人民政府 is called 青禾镇人民政府 and 青禾镇 too."""
    place = name.removesuffix("人民政府")
    below = re.sub(r"^.{1,6}?[县市区旗](?=.{2,})", "", place)
    return {place, below, f"{below}人民政府"} if name != place else {below}


def _masked(words: str, names: Sequence[str]) -> str:
    for name in names:
        words = words.replace(name, "本机关")
    return words


def _tidy(words: str, names: Sequence[str]) -> str:
    plain = unicodedata.normalize("NFKC", _masked(words, names))
    return "".join(sign for sign in plain if sign.isalnum()).lower()


def figures(words: str) -> frozenset[str]:
    """The figures of a text, each with the character behind it (3月, 102.97万), written one way."""
    return frozenset(_FIGURE.findall(_GROUPED.sub("", unicodedata.normalize("NFKC", words))))


def number_key(number: str) -> str:
    """A document number (文号) with its brackets and digits written one way."""
    return tidy_number(number)[:60]


def compare(one: Text, other: Text) -> Verdict:
    """What two texts are to each other: ``duplicate``, ``contradiction`` or nothing (``None``)."""
    from rapidfuzz import fuzz

    score = round(fuzz.ratio(one.words, other.words))
    shared = _shared(one.figures, other.figures)
    if one.number_key and one.number_key == other.number_key and "interpretation" not in (one.kind, other.kind):
        differs = tuple(_differs(one, other))
        return Verdict("contradiction" if differs else "duplicate", score, differs)
    long_enough = min(len(one.words), len(other.words)) >= SHORTEST
    of_others = bool(one.names - other.names and other.names - one.names)
    one_matter = score >= THE_SAME or fuzz.ratio(one.title, other.title) >= NEAR_TITLE
    is_alike = long_enough and score >= ALIKE and shared >= SAME_FIGURES and one_matter and not of_others
    return Verdict("duplicate" if is_alike else None, score)


def _differs(one: Text, other: Text) -> list[str]:
    from rapidfuzz import fuzz

    told = [
        ("title", fuzz.ratio(one.title, other.title) < SAME_TITLE),
        ("formed_on", one.formed_on != other.formed_on),
        ("figures", one.figures != other.figures),
    ]
    return [name for name, is_so in told if is_so]


def _shared(one: frozenset[str], other: frozenset[str]) -> int:
    """How many of a hundred figures two texts share, telephones and accounts aside."""
    one, other = (frozenset(figure for figure in figures if sum(map(str.isdigit, figure)) < _LONG_NUMBER) for figures in (one, other))
    together = one | other
    return 100 if not together else round(100 * len(one & other) / len(together))


def minhash(words: str) -> list[int]:
    """The MinHash of a text's pieces of three characters."""
    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(sorted({words[at : at + PIECE] for at in range(max(1, len(words) - PIECE + 1))}))
    return list(sketch.digest())


def bands(values: Sequence[int]) -> list[int]:
    """The bands of a MinHash as whole numbers that a database holds."""
    cut = (values[at : at + ROWS] for at in range(0, len(values), ROWS))
    return [struct.unpack("<q", blake2b(struct.pack(f"<B{ROWS}I", at, *band), digest_size=8).digest())[0] for at, band in enumerate(cut)]


def refresh(limit: int = 100) -> int:
    """Compare what was published or submitted since the last time, at most ``limit`` revisions; gives how many were compared.

    Call it again while it gives ``limit``. It may be broken off anywhere: what was not compared is taken up the next time.
    """
    with transaction.atomic():
        Follower.objects.get_or_create(pk=1)
        mark = Follower.objects.select_for_update().get(pk=1)
        published = list(_published_after(mark.publication)[:limit])
        for publication in published:
            _take_in(publication.item, publication.revision, publication)
        runs = list(_submitted_after(mark.run)[: limit - len(published)])
        for run in runs:
            _submitted(run)
        mark.publication = max([mark.publication, *(row.pk for row in published)])
        mark.run = max([mark.run, *(row.pk for row in runs)])
        mark.save()
    return len(published) + len(runs)


def _published_after(last: int) -> QuerySet[Publication]:
    """Publications in force that were not compared yet.

    A few numbers below the last one are looked at again: of two at once the later number may have been committed first.
    """
    compared = Signature.objects.filter(revision=OuterRef("revision"), publication=OuterRef("pk"))
    return (
        Publication.objects.filter(Q(pk__gt=last) | Q(pk__gt=last - OVERLAP) & ~Exists(compared), withdrawn_on__isnull=True)
        .select_related("item__agency", "revision")
        .order_by("pk")
    )


def _submitted_after(last: int) -> QuerySet[Run]:
    signed = Signature.objects.filter(revision=OuterRef("revision"))
    return (
        Run.objects.filter(
            Q(pk__gt=last) | Q(pk__gt=last - OVERLAP) & ~Exists(signed),
            subject_kind=KIND,
            state__in=(OPEN, COMPLETED),
            publication__isnull=True,
        )
        .select_related("revision")
        .order_by("pk")
    )


def _submitted(run: Run) -> None:
    item = Item.objects.select_related("agency").filter(pk=run.subject_id, current=run.revision_id).first()
    if item is not None and not Signature.objects.filter(revision=run.revision).exists():
        _take_in(item, run.revision, None)


def _take_in(item: Item, revision: Revision, publication: Publication | None) -> None:
    """Sign a revision, drop the signatures of those that nobody sees any more, and look for what is like it."""
    told = text(revision.content, item.agency)
    Signature.objects.filter(item=item).exclude(revision=revision).exclude(revision=item.current_id).exclude(
        revision__in=Publication.objects.filter(item=item, withdrawn_on__isnull=True).values("revision")
    ).delete()
    values = minhash(told.words)
    signature, is_new = Signature.objects.update_or_create(
        revision=revision,
        defaults={
            "item": item, "publication": publication, "number_key": told.number_key, "minhash": struct.pack(f"<{PERMUTATIONS}I", *values),
        },
    )  # fmt: skip
    if is_new and len(told.words) >= SHORTEST:
        Band.objects.bulk_create(Band(signature=signature, value=value) for value in bands(values))
    find(signature, told)


def find(signature: Signature, told: Text) -> int:
    """Keep the pairs of a signed revision with what is like it; gives how many.

    Other organs' items are looked at only in the revision that is public; the own organ's in any.
    """
    found = 0
    for other in _candidates(signature):
        verdict = compare(told, text(other.revision.content, other.item.agency))
        if verdict.kind is not None:
            _keep(signature, other, verdict, moment.today())
            found += 1
        if found >= MOST_PAIRS:
            break
    return found


def _candidates(signature: Signature) -> list[Signature]:
    """The signatures that share the document number, then those most alike, at most ``MOST_COMPARED``."""
    seen, by_number = _comparable(signature), list[int]()
    if signature.number_key:
        by_number = list(seen.filter(number_key=signature.number_key).order_by("-pk").values_list("pk", flat=True)[:MOST_COMPARED])
    wanted = list(dict.fromkeys([*by_number, *_near(signature)]))[: 2 * MOST_COMPARED]
    rows = {row.pk: row for row in seen.filter(pk__in=wanted).select_related("item__agency", "revision").defer("minhash")}
    return [rows[pk] for pk in wanted if pk in rows][:MOST_COMPARED]


def _near(signature: Signature) -> list[int]:
    """The signatures that share a band and, by their MinHash, at least half of all pieces; the most alike first."""
    values = list(signature.bands.values_list("value", flat=True))
    if not values:
        return []
    shared = Band.objects.filter(value__in=values).exclude(signature=signature).order_by("-signature_id")
    votes = Counter(shared.values_list("signature_id", flat=True)[:MOST_LOOKED_UP])
    likely = [pk for pk, _ in votes.most_common(5 * MOST_COMPARED)]
    own = _unpacked(signature.minhash)
    agreeing = {
        pk: sum(map(operator.eq, own, _unpacked(minhash)))
        for pk, minhash in Signature.objects.filter(pk__in=likely).values_list("pk", "minhash")
    }
    return sorted((pk for pk, n in agreeing.items() if 2 * n >= PERMUTATIONS), key=lambda pk: -agreeing[pk])


def _unpacked(minhash: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{PERMUTATIONS}I", bytes(minhash))


def _comparable(signature: Signature) -> QuerySet[Signature]:
    """Signatures of the county's other items that may be shown beside this one."""
    item = signature.item
    in_force = Publication.objects.filter(revision=OuterRef("revision"), item=OuterRef("item"), withdrawn_on__isnull=True)
    own = Q(item__agency=item.agency_id, item__is_discarded=False, item__current=F("revision"))
    county = item.agency.county_path
    return Signature.objects.filter(Exists(in_force) | own, item__agency__path__startswith=county).exclude(item=item)


def _keep(one: Signature, other: Signature, verdict: Verdict, on: datetime.date) -> None:
    older, newer = sorted((one, other), key=lambda row: row.item_id)
    Lookalike.objects.get_or_create(
        one_revision=older.revision,
        other_revision=newer.revision,
        kind=verdict.kind,
        defaults={"one": older.item, "other": newer.item, "score": verdict.score, "differs": list(verdict.differs), "found_on": on},
    )
