"""Writing the record of sign-ins, and forgetting what was kept long enough."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gongkai.web.agencies.accounts.models import SessionMark, SignInRecord, organ_of
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.settings import moment

# The shortest time that 网络安全法 leaves: six months. The database refuses to delete anything younger.
SHORTEST_DAYS = 184
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"), ("Windows", "Windows电脑"),
    ("Macintosh", "苹果电脑"), ("UOS", "统信电脑"), ("Kylin", "麒麟电脑"), ("Linux", "Linux电脑"),
)  # fmt: skip
_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg/", "Edge"), ("360SE", "360浏览器"), ("360EE", "360浏览器"), ("QQBrowser", "QQ浏览器"),
    ("Firefox/", "火狐"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


def device_of(request: HttpRequest | None) -> str:
    """The device in words that a person knows again: what the browser says of itself."""
    said = request.META.get("HTTP_USER_AGENT", "") if request is not None else ""
    system = next((words for sign, words in _SYSTEMS if sign in said), "")
    browser = next((words for sign, words in _BROWSERS if sign in said), "")
    return "，".join(part for part in (system, browser) if part) or re.sub(r"[^\x20-\x7e]", "", said)[:40] or "未知设备"


def address_of(request: HttpRequest | None) -> str:
    """The network address the call came from."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45] if request is not None else ""


def note(event: str, person: Person | None, request: HttpRequest | None, *, username: str = "", detail: str = "") -> SignInRecord:
    """Append one record."""
    return SignInRecord.objects.create(
        person=person, username=(person.username if person else username)[:60], agency=organ_of(person) if person else None,
        event=event, address=address_of(request), device=device_of(request), at=moment.now(), detail=detail[:120],
    )  # fmt: skip


def named(username: str) -> Person | None:
    """Who has that user name."""
    return Person.objects.filter(username__iexact=username.strip()[:60]).first() if username.strip() else None


def locked_by_codes(person: Person) -> bool:
    """Whether that person typed too many wrong codes of the second factor in a row, a short while ago."""
    since = moment.now() - datetime.timedelta(minutes=settings.LOCKOUT_MINUTES)
    recent = SignInRecord.objects.filter(person=person, at__gt=since).order_by("-pk")
    fresh = recent.filter(event__in=("in", "unlocked")).values_list("pk", flat=True).first() or 0
    n_wrong: int = recent.filter(event="code_failed", pk__gt=fresh).count()
    return n_wrong >= settings.LOCKOUT_ATTEMPTS


def seen_by(person: Person, action: str = "accounts.view_signins") -> QuerySet[SignInRecord]:
    """The records a person may see: those of the organs a post reaches; names nobody has belong to the county."""
    organs = Agency.objects.seen_by(person, action)
    condition = Q(agency__in=organs)
    if organs.filter(parent__isnull=True).exists():
        condition |= Q(agency__isnull=True)
    return SignInRecord.objects.filter(condition)


def forget() -> int:
    """Delete records kept longer than ``GONGKAI_SIGNIN_DAYS`` and sessions over for as long; gives how many records. Says so itself."""
    oldest = moment.now() - datetime.timedelta(days=settings.SIGNIN_DAYS)
    n_forgotten: int = SignInRecord.objects.filter(at__lt=oldest).delete()[0]
    SessionMark.objects.filter(seen_at__lt=oldest).delete()
    if n_forgotten:
        note("forgotten", None, None, detail=f"{oldest.astimezone(moment.ZONE):%Y-%m-%d}以前的{n_forgotten}条")
    return n_forgotten


def tidy() -> int:
    """Remove sessions that are over and records kept long enough; gives how many records."""
    from django.core.management import call_command

    call_command("clearsessions", verbosity=0)
    return forget()


def as_told(record: SignInRecord) -> dict[str, Any]:
    """One record as an export writes it."""
    return {
        "时间": record.at.astimezone(moment.ZONE).isoformat(timespec="seconds"),
        "用户名": record.username,
        "姓名": str(record.person or ""),
        "机关": record.agency.name if record.agency else "",
        "事项": record.told,
        "网络地址": record.address,
        "设备": record.device,
        "说明": record.detail,
    }
