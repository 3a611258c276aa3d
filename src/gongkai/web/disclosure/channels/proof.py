"""What a person gives as evidence, checked and made ready to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from gongkai.errors import Refused
from gongkai.web.disclosure.channels.models import Evidence
from gongkai.web.disclosure.channels.pictures import stripped
from gongkai.web.disclosure.channels.values import LINK, NUMBER, PHOTO, channel_kinds
from gongkai.web.disclosure.choices import words as choices
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review import kept
from gongkai.web.review.files import checked_name

MOST_PHOTOS = 9
LONGEST_LINK = 500
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """By what one can see that a channel carried something. ``photos`` are names and contents as they were uploaded."""

    words: str = ""
    link: str = ""
    number: str = ""
    photos: tuple[tuple[str, bytes], ...] = ()

    def tidy(self) -> Proof:
        """The same without needless blanks; words that are an address alone are a link."""
        said, link, number = (" ".join(text.replace("\0", "").split()) for text in (self.words, self.link, self.number))
        if not link and said.startswith(("http://", "https://")) and " " not in said:
            said, link = "", said
        return replace(self, words=said, link=link, number=number)

    @property
    def kinds(self) -> set[str]:
        """The kinds of evidence it holds."""
        return {kind for kind, value in ((PHOTO, self.photos), (LINK, self.link), (NUMBER, self.number)) if value}

    @property
    def told(self) -> str:
        """What it holds in one line, as screens and the ledger show it."""
        photos = f"照片{len(self.photos)}张" if self.photos else ""
        number = f"编号{self.number}" if self.number else ""
        return "；".join(part for part in (self.words, number, photos, self.link) if part)[:LONGEST]


def checked(proof: Proof, *, channel: str, is_withdrawal: bool = False) -> Proof:
    """The proof, tidied, its photographs without what they tell about camera and place; :class:`Refused` when it does not do."""
    proof, title = proof.tidy(), choices("channels")[channel]
    kind = channel_kinds()[channel]
    if is_withdrawal and not proof.told:
        raise Refused(f"请写明{title}怎样撤下的，例如“已删除，链接打不开”，也可以上传照片。")
    if not is_withdrawal and not proof.kinds & set(kind.evidence):
        raise Refused(f"登记{title}要有{kind.wanted}，请补充后再登记。")
    return sound(proof)


def sound(proof: Proof) -> Proof:
    """The proof as it may be kept: links that are links, texts that are short enough, photographs that are photographs."""
    proof = proof.tidy()
    if proof.link:
        _demand_link(proof.link)
    if len(proof.words) > LONGEST or len(proof.number) > LONGEST:
        raise Refused(f"说明和编号都不能超过{LONGEST}个字。")
    if len(proof.photos) > MOST_PHOTOS:
        raise Refused(f"一次最多上传{MOST_PHOTOS}张照片。")
    return replace(proof, photos=tuple(_photo(name, data) for name, data in proof.photos))


def _photo(name: str, data: bytes) -> tuple[str, bytes]:
    name = checked_name(name, data)
    return name, stripped(name, data)


def _demand_link(link: str) -> None:
    try:
        parts = urlsplit(link)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_web = False
    if not is_web or len(link) > LONGEST_LINK or not link.isprintable() or any(sign in link for sign in " <>\"'\\"):
        raise Refused("链接要写完整的网址，以http://或者https://开头，不超过500个字符。")


def pieces(proof: Proof) -> list[Evidence]:
    """The evidence to be kept, photographs already lying under their digests; what it belongs to and its entry are still open."""
    found = [Evidence(kind=PHOTO, text=name, digest=kept.put(data), size=len(data)) for name, data in proof.photos]
    found += [Evidence(kind=LINK, text=proof.link)] if proof.link else []
    found += [Evidence(kind=NUMBER, text=proof.number)] if proof.number else []
    return found


def save(found: Sequence[Evidence], entry: LedgerEntry, **owner: object) -> None:
    """Keep the evidence with its owner (``delivery`` or ``transfer``) and the entry that proves it."""
    rows = [Evidence(kind=row.kind, text=row.text, digest=row.digest, size=row.size, entry=entry, **owner) for row in found]
    Evidence.objects.bulk_create(rows)
