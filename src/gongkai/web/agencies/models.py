"""Organs, people and the posts they hold."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.accounts.changing import own_change
from gongkai.web.agencies.permissions import actions, post_kinds
from gongkai.web.settings import moment

KINDS = {
    "county": "县（市、区）政府",
    "department": "政府部门",
    "township": "乡镇政府",
    "street": "街道办事处",
    "institution": "事业单位",
}

# What an organ's own office may keep up to date, and what only the system administrator sets.
CONTACT = ("office_name", "address", "hours", "phone", "fax", "internet_contact", "leading_group")
IDENTITY = ("name", "short_name", "document_mark", "credit_code", "has_site")


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Organs; every other scoped query starts from :meth:`seen_by`."""

    def seen_by(self, person: Person, action: str, on: datetime.date | None = None) -> AgencyQuerySet:
        """The organs in which that person may do that action on that day (today when not given)."""
        reach = actions()[action]
        posts = [(post, reach.get(post.duty)) for post in (person.posts_on(on or moment.today()) if person.is_active else ())]
        # One list of organs rather than a condition a post: somebody may hold posts in hundreds of them.
        seen = Q(pk__in={post.agency_id for post, far in posts if far and far != "below"})
        for path in _highest({post.agency.path for post, far in posts if far == "below"}):
            seen |= Q(path__startswith=path)
        return self.filter(seen)


def _highest(paths: set[str]) -> list[str]:
    """The paths that lie under none of the others."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found


class Agency(models.Model):
    """An organ (行政机关) in the tree county → departments, townships, streets.

    ``path`` holds the codes from the root down, each followed by a stroke (``shifan/mingshan/``): an organ is below
    another exactly when its path begins with the other's.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    code = models.SlugField("代码", max_length=40)
    path = models.CharField(max_length=200, unique=True)
    kind = models.CharField("类型", max_length=20, choices=list(KINDS.items()))
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    document_mark = models.CharField("机关代字", max_length=20, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    has_site = models.BooleanField("有自己的网站栏目", default=True)
    office_name = models.CharField("公开工作机构名称", max_length=100, blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    hours = models.CharField("办公时间", max_length=100, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    fax = models.CharField("传真号码", max_length=40, blank=True)
    internet_contact = models.CharField("互联网联系方式", max_length=200, blank=True)
    leading_group = models.TextField("领导小组", blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("path",)
        constraints = [
            models.CheckConstraint(
                name="agency_root_is_county",
                condition=Q(parent__isnull=False) | Q(kind="county"),
                violation_error_message="最上级必须是县级政府。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the path in step with parent and code."""
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"
        super().save(*args, **kwargs)

    def proven(self) -> dict[str, Any]:
        """What the ledger proves of the organ."""
        return {name: getattr(self, name) for name in (*IDENTITY, *CONTACT, "kind", "path")}

    @property
    def county_path(self) -> str:
        """The path of the county at the root, which keys the ledger."""
        return self.path.split("/", 1)[0] + "/"


class PersonManager(BaseUserManager["Person"]):
    """Makes people who can sign in."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with that user name, capitals and small letters alike."""
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None, *, full_name: str, home: Agency | None = None, **others: Any) -> Person:
        """A person with a password; without one nobody can sign in as that person."""
        person = self.model(username=username, full_name=full_name, home=home, **others)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who works with the platform. There is no superuser: what a person may do comes from posts alone."""

    username = models.CharField("用户名", max_length=60, unique=True)
    full_name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("可以登录", default=True)
    home = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="所属机关")
    must_change_password = models.BooleanField("登录后先改密码", default=False)
    password_set_on = models.DateField("密码设置日期", null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        """How rows are ordered."""

        ordering = ("full_name", "pk")

    def __str__(self) -> str:
        return self.full_name

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and note the day, which decides when it expires."""
        super().set_password(raw_password)
        self.password_set_on = moment.today()

    def check_password(self, raw_password: str) -> bool:
        """Whether that is the password. A hash of older strength is made anew in passing, and the ledger hears of it."""

        def stronger(raw: str) -> None:
            with own_change(self, "accounts.renew_hash"):
                super(Person, self).set_password(raw)
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, stronger)

    def proven(self) -> dict[str, Any]:
        """What the ledger proves of the account: its digest covers it, the entry tells none of it."""
        columns = ("username", "full_name", "home_id", "is_active", "must_change_password", "password_set_on", "password")
        return {name: getattr(self, name) for name in columns}

    def get_full_name(self) -> str:
        """The name shown on screens."""
        return self.full_name

    def posts_on(self, on: datetime.date) -> list[Post]:
        """The posts held that day, with their organs; asked once for each person object and day."""
        known: dict[datetime.date, list[Post]] = self.__dict__.setdefault("_posts_on", {})
        if on not in known:
            known[on] = list(self.posts.select_related("agency").filter(Post.held_on(on)))
        return known[on]


class Post(models.Model):
    """A duty held in an organ from one day to another (both included)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts", verbose_name="机关")
    duty = models.CharField("岗位", max_length=30)
    power = models.CharField(max_length=10)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("agency__path", "duty", "from_on")
        constraints = [
            models.CheckConstraint(name="post_ends_after_it_begins", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on"))),
            models.UniqueConstraint(name="post_held_once", fields=["person", "agency", "duty"], condition=Q(until_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name}·{self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the power in step with the duty."""
        self.power = post_kinds()[self.duty].power
        super().save(*args, **kwargs)

    def proven(self) -> dict[str, Any]:
        """What the ledger proves of the post."""
        return {name: getattr(self, name) for name in ("person_id", "agency_id", "duty", "power", "from_on", "until_on")}

    @property
    def title(self) -> str:
        """The duty in Chinese."""
        return post_kinds()[self.duty].title

    @staticmethod
    def held_on(on: datetime.date) -> Q:
        """The condition under which a post is held that day."""
        return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


from gongkai.web.agencies.accounts.models import SessionMark, SignInRecord  # noqa: E402, F401 - Django finds an app's tables here
