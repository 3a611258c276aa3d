"""How the platform itself stands, for the system administrator, and the one thing he may do about it here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import gettext

from gongkai import __version__
from gongkai.errors import Refused
from gongkai.web import search
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import following
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.work import WORK
from gongkai.web.search.folder import is_wanted, want
from gongkai.web.settings import heartbeat


@dataclass(frozen=True, slots=True)
class IndexState:
    """How the search index stands: what it holds, how far it is behind, or why it cannot be asked."""

    n_documents: int = 0
    n_bytes: int = 0
    n_behind: int = 0
    seconds: float = 0.0
    is_stale: bool = False
    is_wanted: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class JobState:
    """One job of the worker, as the heartbeat tells it."""

    title: str
    every: float
    n_done: int
    done_at: datetime.datetime | None
    failed_at: datetime.datetime | None
    error: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page about the platform tells."""

    version: str
    database: str
    n_entries: int
    index: IndexState
    is_working: bool
    beat_at: datetime.datetime | None
    host: str
    jobs: tuple[JobState, ...]
    backup_at: datetime.datetime | None


def current() -> State:
    """How the platform stands now."""
    told = heartbeat.read() or {}
    is_working = heartbeat.is_alive(told or None)
    jobs = tuple(_job(job.title, job.every, told.get("jobs", {}).get(job.name, {}), is_working=is_working) for job in WORK)
    if crash := told.get("crash"):
        jobs = (_crashed(crash), *jobs)
    return State(
        version=__version__, database=_database(), n_entries=LedgerEntry.objects.count(), index=index_state(), is_working=is_working,
        beat_at=_moment(told.get("beat_at")), host=told.get("host", ""), jobs=jobs, backup_at=_last_backup(),
    )  # fmt: skip


def index_state() -> IndexState:
    """How the search index stands."""
    folder = following.folder()
    try:
        stands, lag = search.standing(folder), following.lag()
    except search.IndexLost as lost:
        return IndexState(fault=lost.message, is_wanted=is_wanted(folder))
    return IndexState(stands.n_documents, stands.n_bytes, lag.n_entries, lag.seconds, lag.is_stale, is_wanted(folder))


def _job(title: str, every: float, told: Mapping[str, Any], *, is_working: bool) -> JobState:
    return JobState(
        title=title, every=every, n_done=told.get("n_done", 0), done_at=_moment(told.get("done_at")),
        failed_at=_moment(told.get("failed_at")), error=_error(told), is_running=is_working and "running_since" in told,
    )  # fmt: skip


def _error(told: Mapping[str, Any]) -> str:
    """What the last round failed with; from the second failure in a row on, how many there were and when it is tried again."""
    error, n_failures, again = str(told.get("error", "")), told.get("n_failures", 0), _moment(told.get("again_at"))
    if n_failures < 2 or again is None:
        return error
    words = gettext("连续%(n)s次，%(at)s再试") % {"n": n_failures, "at": f"{localtime(again):%H:%M:%S}"}
    return f"{error} ({words})"


def _crashed(crash: Mapping[str, Any]) -> JobState:
    """The worker itself, after it ended unasked and was started anew."""
    words = gettext("后台任务意外停止过%(n)s次（%(how)s），已经重新启动") % {"n": crash["n"], "how": crash["how"]}
    return JobState(
        title="后台任务", every=0, n_done=0, done_at=None, failed_at=_moment(crash["at"]), error=words, is_running=True
    )  # fmt: skip


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def _database() -> str:
    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    number = connection.pg_version
    return f"PostgreSQL {number // 10000}.{number % 10000}"


def _last_backup() -> datetime.datetime | None:
    """When the last backup was made here, as far as its note is still there."""
    try:
        return _moment(json.loads(Path(settings.DATA, "backup.json").read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError):
        return None


@action("platform.reindex", agency=lambda agency, **_: agency)
def want_reindex(act: Act, *, agency: Agency) -> None:
    """Let the worker build the search index anew. What is published can be found meanwhile as before."""
    if is_wanted(following.folder()):
        raise Refused("已经要求重新建立，后台任务完成后这里会显示新的状况。")
    act.record(agency, facts={"version": __version__})
    want(following.folder())
