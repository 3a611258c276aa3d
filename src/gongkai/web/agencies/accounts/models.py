"""Open sessions, and the record of sign-ins that the law asks to keep."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.settings import moment

# What a record of sign-ins may say.
EVENTS = {
    "in": "登录",
    "out": "退出",
    "failed": "密码错误",
    "locked": "密码连续错误，锁定",
    "code_failed": "动态验证码错误",
    "code_locked": "动态验证码连续错误，锁定",
    "recovery_used": "用恢复码登录",
    "unlocked": "解除锁定",
    "ended": "会话被结束",
    "password": "修改密码",
    "password_reset": "重设密码",
    "factor_on": "绑定动态验证码",
    "factor_off": "解除动态验证码",
    "codes_made": "生成恢复码",
    "suspended": "停用账号",
    "resumed": "恢复账号",
    "forgotten": "清理超过保存期限的记录",
}
# Why a session is over.
ENDS = {
    "out": "本人退出",
    "self": "本人在别处结束",
    "password": "密码已修改",
    "unlocked": "解除锁定时结束",
    "admin": "由管理员结束",
}


class SessionMarkQuerySet(models.QuerySet["SessionMark"]):
    """Marks; a session is open until it is ended or nothing was done in it for too long."""

    def open(self) -> SessionMarkQuerySet:
        """Those in which somebody may still work."""
        idle = moment.now() - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(ended_at__isnull=True, seen_at__gt=idle)

    def end(self, why: str) -> int:
        """End those that are open; gives how many."""
        n_ended: int = self.open().update(ended_at=moment.now(), ended_why=why)
        return n_ended


class SessionMark(models.Model):
    """One session of one person. The session names its mark, so that ending the mark ends the session wherever it is."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="session_marks")
    address = models.CharField("网络地址", max_length=45)
    device = models.CharField("设备", max_length=60)
    begun_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_why = models.CharField("结束原因", max_length=10, blank=True)

    objects = SessionMarkQuerySet.as_manager()

    class Meta:
        """How rows are ordered and found."""

        ordering = ("-seen_at", "-pk")
        indexes = [models.Index(name="session_mark_open", fields=["person"], condition=Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.person_id} {self.device} {self.begun_at:%Y-%m-%d %H:%M}"


class SignInRecord(models.Model):
    """Who signed in or out, tried to, was locked out, or changed what protects an account. Only ever appended.

    ``person`` is empty where nobody has the name that was tried; ``agency`` is the organ the person belonged to then.
    """

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    username = models.CharField("用户名", max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="机关")
    event = models.CharField("事项", max_length=20)
    address = models.CharField("网络地址", max_length=45)
    device = models.CharField("设备", max_length=60)
    at = models.DateTimeField("时间")
    detail = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        """How rows are ordered and found."""

        ordering = ("-pk",)
        indexes = [
            models.Index(name="signin_person", fields=["person", "-id"]),
            models.Index(name="signin_agency", fields=["agency", "-id"]),
            models.Index(name="signin_event", fields=["event", "-id"]),
            models.Index(name="signin_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.told}"

    @property
    def told(self) -> str:
        """What happened, in words."""
        return EVENTS.get(self.event, self.event)


def organ_of(person: Person) -> Agency | None:
    """The organ a person belongs to: where the account was made, or the first post held today."""
    if person.home_id:
        return person.home
    posts: list[Any] = person.posts_on(moment.today())
    return posts[0].agency if posts else None
