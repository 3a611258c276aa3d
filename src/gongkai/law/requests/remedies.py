"""How a reply may be challenged (救济途径): the class, the organ that reconsiders, and the paragraph that tells it.

>>> import datetime
>>> on = datetime.date(2024, 3, 1)
>>> found = remedy(outcome="deny_internal", organ="township", on=on, grounds=["16-1a"])
>>> found.id, found.to[0].words
('R1', '县级人民政府')
>>> paragraph(found, names={"county_government": "临湖县人民政府"}).partition("；")[0].partition("规定，")[2]
'如对本决定不服，应当先自知道或者应当知道本决定之日起60日内向临湖县人民政府申请行政复议'
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gongkai.errors import Refused
from gongkai.law.attributes import exemption
from gongkai.law.citation import cite_all
from gongkai.law.requests.outcomes import Outcome
from gongkai.law.requests.outcomes import outcome as outcome_on
from gongkai.law.requests.periods import holding, holds
from gongkai.law.store import LawMissing, load
from gongkai.law.values import LawValue, at

RemedyClass = Literal["R1", "R2"]


@dataclass(frozen=True, slots=True)
class Reconsiderer:
    """Who reconsiders: a role such as ``county_government``, in Chinese, and the ends that its name may have (empty: any)."""

    id: str
    words: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a reply tells of its remedies.

    ``id`` is ``R1`` (reconsideration before a suit), ``R2`` (either) or ``silence`` (no reply came). ``to`` are the organs that
    reconsider, the requester's choice where there are several; ``values`` the periods by their ids; ``bases`` what the paragraph names.
    ``what`` is challenged and ``act`` starts the periods, in Chinese. ``rest`` is the remedy against what else a partial reply holds.
    """

    id: Literal["R1", "R2", "silence"]
    what: str
    act: str
    to: tuple[Reconsiderer, ...]
    values: Mapping[str, LawValue]
    bases: tuple[str, ...]
    rest: Remedy | None = None

    @property
    def needs_court(self) -> bool:
        """Whether the paragraph names the court to which the requester may go at once."""
        return "litigation_direct_limit" in self.values or self.rest is not None


def remedy_class(*, outcome: str, on: datetime.date, grounds: Sequence[str] = (), signed: RemedyClass | None = None) -> RemedyClass:
    """The class of an outcome's remedy on a day. ``signed`` is what a jurist of the organ signed for in its place.

    Before reconsideration came first by law every class is ``R2``. :class:`gongkai.errors.Refused` for a ground that is not open to the
    outcome, none where one is needed, or a class that may not be signed for; :class:`gongkai.law.LawMissing` for an unknown outcome or day.
    """
    known = outcome_on(outcome, on=on)
    chosen = known.chosen(grounds)
    if signed is not None and signed not in (known.remedy, *known.remedy_others):
        raise Refused(f"“{known.words}”的救济途径由法律规定，不能另行设定。", basis=load("requests/remedies")["first"]["basis"])
    if not holds(load("requests/remedies")["first"], on):
        return "R2"
    if signed is not None:
        return signed
    if known.remedy != "by_ground":
        return known.remedy
    return "R1" if any(_comes_first(ground, known) for ground in chosen) else "R2"


def remedy(*, outcome: str, organ: str, on: datetime.date, grounds: Sequence[str] = (), signed: RemedyClass | None = None) -> Remedy:
    """The remedy of a reply with that outcome by an organ of that kind. Errors as :func:`remedy_class`.

    ``organ`` is township, department, county, city, province, street, institution, ``vertical`` (an organ led from above, such as tax)
    or ``justice`` (a justice bureau); :class:`gongkai.law.LawMissing` for another, and for a day whose periods are not loaded.
    """
    found = remedy_class(outcome=outcome, on=on, grounds=grounds, signed=signed)
    if found == "R1" and outcome_on(outcome, on=on).remedy == "by_ground":
        partial = load("requests/remedies")["partial"]
        rest = _remedy("R2", organ, on, what=partial["rest"], act=partial["act"])
        return _remedy("R1", organ, on, what=partial["withheld"], act=partial["act"], rest=rest)
    return _remedy(found, organ, on)


def plain_remedy(*, organ: str, on: datetime.date, act: str | None = None) -> Remedy:
    """The remedy of a letter that tells a decision and no outcome: either way is open. ``act`` is what the letter calls itself (本决定)."""
    return _remedy("R2", organ, on, what=act, act=act)


def silence(*, organ: str, on: datetime.date) -> Remedy:
    """The remedy where no reply came in time: reconsideration is recommended, a suit is open. :class:`LawMissing` before it was settled."""
    return _remedy("silence", organ, on)


def paragraph(told: Remedy, *, names: Mapping[str, str], court: str = "", served_online: bool = False, channel: str = "") -> str:
    """The paragraph of the letter, in Chinese.

    ``names`` gives the name of each organ of ``told.to`` by its role, ``court`` the court, ``channel`` where reconsideration is filed
    through the internet. :class:`gongkai.errors.Refused` when one is missing, or names an organ that does not reconsider.
    """
    data = load("requests/remedies")
    to = "或者".join(_name(role, names, told) for role in told.to)
    if told.needs_court and not court.strip():
        raise Refused("没有写明可以提起行政诉讼的人民法院，请填写法院名称。")
    if served_online and not channel.strip():
        raise Refused("本件通过互联网送达，请写明提交行政复议申请的互联网渠道。", basis=data["online"]["basis"])
    each = [told] if told.rest is None else [told, told.rest]
    written = "".join(_sentence(one, to, court.strip()) for one in each)
    bases = dict.fromkeys(basis for one in each for basis in one.bases)
    more = data["online"]["sentence"].format(channel=channel.strip()) if served_online else ""
    return f"依据{cite_all(bases)}的规定，{written}{more}"


def _comes_first(ground: str, known: Outcome) -> bool:
    """Whether the ground rests on an article whose refusals go to reconsideration first."""
    if ground in known.parts:
        return False
    articles = load("requests/remedies")["first"]["grounds"]
    return any(re.fullmatch(rf"{re.escape(article)}(?:\D.*)?", exemption(ground).basis) for article in articles)


def _remedy(
    name: Literal["R1", "R2", "silence"],
    organ: str,
    on: datetime.date,
    *,
    what: str | None = None,
    act: str | None = None,
    rest: Remedy | None = None,
) -> Remedy:
    data = load("requests/remedies")
    found = data["classes"][name]
    if "from" in found and not holds(found, on):
        raise LawMissing(f"没有{on.year}年{on.month}月{on.day}日有效的“{found['act']}”救济途径数据。")
    values = {value: at(on).value(value) for value in found["values"]}
    whom = holding(data["organs"], key="organ", name=organ, on=on, what="行政复议管辖")
    bases = dict.fromkeys(
        [*found["bases"], values["reconsideration_limit"].basis, whom["basis"], *(value.basis for value in values.values())]
    )
    return Remedy(
        id=name,
        what=what or found["act"],
        act=act or found["act"],
        to=tuple(_reconsiderer(role) for role in whom["to"]),
        values=values,
        bases=tuple(bases),
        rest=rest,
    )


def _reconsiderer(role: str) -> Reconsiderer:
    entry: Mapping[str, Any] = load("requests/remedies")["roles"][role]
    return Reconsiderer(role, entry["words"], tuple(entry["ends"]))


def _name(role: Reconsiderer, names: Mapping[str, str], told: Remedy) -> str:
    name = names.get(role.id, "").strip()
    basis = next((basis for basis in told.bases if basis in _organ_bases()), None)
    if not name:
        raise Refused(f"没有写明受理行政复议的机关，请填写{role.words}的名称。", basis=basis)
    if role.ends and not name.endswith(role.ends):
        raise Refused(f"“{name}”不是{role.words}，不能写作受理行政复议的机关，请改为{role.words}的名称。", basis=basis)
    return name


def _organ_bases() -> frozenset[str]:
    return frozenset(entry["basis"] for entry in load("requests/remedies")["organs"])


def _sentence(told: Remedy, to: str, court: str) -> str:
    limits = {name: value.words for name, value in told.values.items()}
    sentence: str = load("requests/remedies")["classes"][told.id]["sentence"]
    return sentence.format(what=told.what, act=told.act, to=to, court=court, **limits)
