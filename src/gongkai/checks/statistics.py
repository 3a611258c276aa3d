"""The yearly statistics form (政府信息公开情况统计表) that reports carried before the edition of 2019."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.checks import cells
from gongkai.checks.arithmetic import Imbalance
from gongkai.checks.crossfoot import broken, exceeded, figure, gap, sum_of
from gongkai.checks.finding import Fault
from gongkai.checks.registry import check
from gongkai.checks.subject import Subject

_BASIS = "{format}:p"
_EDITION = ("pre2019",)


def _tell(subject: Subject, imbalance: Imbalance) -> str:
    total, parts = imbalance.identity.left[0], imbalance.identity.right
    return f"{subject.words(total)}填的是{figure(imbalance.left)}，但{sum_of(subject, parts, by='row')}＝{figure(imbalance.right)}，{gap(imbalance)}"


@check("p.missing", severity="notice", basis=_BASIS, title="统计表各项应当齐全", editions=_EDITION)
def table_missing(subject: Subject) -> Iterator[Fault]:
    """Items of the form that the document does not print. Local forms left some out, so it is a notice."""
    yield from cells.not_found(subject, "p")


@check("p.blank", severity="warning", basis=_BASIS, title="统计表各项都要填数字，没有的填0", editions=_EDITION)
def blank(subject: Subject) -> Iterator[Fault]:
    """An item is there and shows no figure. Group headings of local forms may look like items, so it is a warning."""
    yield from cells.unfilled(subject, "p")


@check("p.count", severity="error", basis=_BASIS, title="统计数应当是0或者正整数", editions=_EDITION)
def count(subject: Subject) -> Iterator[Fault]:
    """Counts are whole and not negative; amounts may have decimals."""
    yield from cells.impossible(subject, "p")


@check("p.received", severity="error", basis=_BASIS, title="收到申请数等于当面、传真、网络、信函之和", editions=_EDITION)
def received(subject: Subject) -> Iterator[Fault]:
    """Requests received by the four ways add up."""
    yield from broken(subject, "p.received", _tell)


@check("p.closed", severity="error", basis=_BASIS, title="申请办结数等于按时、延期之和", editions=_EDITION)
def closed(subject: Subject) -> Iterator[Fault]:
    """Requests closed in time and after extension add up."""
    yield from broken(subject, "p.closed", _tell)


@check("p.replied", severity="error", basis=_BASIS, title="申请答复数等于八种答复之和", editions=_EDITION)
def replied(subject: Subject) -> Iterator[Fault]:
    """The eight kinds of reply add up."""
    yield from broken(subject, "p.replied", _tell)


@check("p.denied", severity="error", basis=_BASIS, title="不同意公开答复数等于六种理由之和", editions=_EDITION)
def denied(subject: Subject) -> Iterator[Fault]:
    """The six reasons of refusal add up."""
    yield from broken(subject, "p.denied", _tell)


@check("p.reconsideration", severity="error", basis=_BASIS, title="行政复议数量等于三种结果之和", editions=_EDITION)
def reconsideration(subject: Subject) -> Iterator[Fault]:
    """The three results of reconsideration add up."""
    yield from broken(subject, "p.reconsideration", _tell)


@check("p.litigation", severity="error", basis=_BASIS, title="行政诉讼数量等于三种结果之和", editions=_EDITION)
def litigation(subject: Subject) -> Iterator[Fault]:
    """The three results of litigation add up."""
    yield from broken(subject, "p.litigation", _tell)


@check("p.staff", severity="error", basis=_BASIS, title="工作人员数等于专职、兼职之和", editions=_EDITION)
def staff(subject: Subject) -> Iterator[Fault]:
    """Full-time and part-time staff add up."""
    yield from broken(subject, "p.staff", _tell)


@check("p.normative", severity="warning", basis=_BASIS, title="主动公开规范性文件数一般不多于制发总数", editions=_EDITION)
def normative(subject: Subject) -> Iterator[Fault]:
    """Documents published against documents made; older ones may be published late, so a warning."""
    yield from exceeded(subject, "p.normative", why="除非公开了以前年度的文件，否则公开的不会多于制发的。")


@check("p.press", severity="error", basis=_BASIS, title="负责同志参加发布会次数不多于总次数", editions=_EDITION)
def press(subject: Subject) -> Iterator[Fault]:
    """Press conferences with the principal leader are among all of them."""
    yield from exceeded(subject, "p.press", why="这一项是其中数，不会比总次数多。")


@check("p.interview", severity="error", basis=_BASIS, title="负责同志参加访谈次数不多于总次数", editions=_EDITION)
def interview(subject: Subject) -> Iterator[Fault]:
    """Online interviews with the principal leader are among all of them."""
    yield from exceeded(subject, "p.interview", why="这一项是其中数，不会比总次数多。")


@check("p.channels", severity="warning", basis=_BASIS, title="主动公开总数不多于各渠道之和", editions=_EDITION)
def channels(subject: Subject) -> Iterator[Fault]:
    """An item published in several ways counts once in all and once in each, so the ways add up to the total or more."""
    yield from exceeded(subject, "p.channels", why="每条信息至少通过一种渠道公开，各渠道之和不会少于公开总数。")
