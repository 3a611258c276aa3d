"""What an item says: everything of it that a revision keeps, and that its review is about."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from gongkai.errors import Refused
from gongkai.web.disclosure import kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.richtext import clean, has_image, text_of
from gongkai.web.disclosure.watch import limits

MOST_TOPICS, MOST_SPECIAL = 5, 5
_DAYS = ("formed_on", "written_on", "approved_on")
# What only some drafts are asked for: a revision keeps it where it is told.
_WHERE_TOLD = ("matter", "approved_on")
_LISTS = ("channels", "topics", "special_topics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the drafter fills in.

    ``channels`` are ids of the channels beside the primary one, ``topics`` ids of the list of subjects (主题), ``special_topics``
    names of the county's special topics (专题). ``origin`` says how the organ came to it (Art. 10), ``details`` what its kind
    asks beside the text. The two flags ask for other organs before it may be published (Art. 11). ``matter`` names the
    publication limit where the default of its kind and column is not meant, ``approved_on`` the day of approval that some count from.
    """

    title: str
    body: str
    kind: str
    column: str
    formed_on: datetime.date
    primary_channel: str = "site"
    channels: tuple[str, ...] = ()
    attribute: str = "proactive"
    attribute_reason: str = ""
    document_number: str = ""
    summary: str = ""
    keywords: str = ""
    written_on: datetime.date | None = None
    topics: tuple[str, ...] = ()
    special_topics: tuple[str, ...] = ()
    origin: str = "made"
    details: Mapping[str, str] = field(default_factory=dict)
    coordination_required: bool = False
    approval_required: bool = False
    matter: str = ""
    approved_on: datetime.date | None = None

    def checked(self, *, on: datetime.date, organ: str) -> Content:
        """The same content, cleaned, published by that kind of organ; :class:`Refused` with what is missing or cannot be."""
        problems = [words for words, is_wrong in self._problems(on) if is_wrong]
        problems += [words for _, words in kinds.faults(self.kind, self.details, on)]
        values = asdict(self)
        place = {"kind": self.kind, "column": self.column, "organ": organ}
        problems += [words for _, words in limits.faults(values, **place, on=on)]
        if problems:
            raise Refused("；".join(problems) + "。")
        values |= {name: tuple(dict.fromkeys(values[name])) for name in _LISTS}
        values["channels"] = tuple(name for name in values["channels"] if name != self.primary_channel)
        values |= {"title": " ".join(self.title.split()), "body": clean(self.body), "details": kinds.kept(self.kind, self.details)}
        values |= limits.kept(values, **place)
        return Content(**values)

    def _problems(self, on: datetime.date) -> list[tuple[str, bool]]:
        return [
            ("请填写标题", not self.title.strip()),
            ("标题不能超过200个字", len(self.title) > 200),
            ("请填写正文", not text_of(clean(self.body))),
            ("正文里不能放图片，请把图片从正文删去，需要公开的作为附件上传", has_image(self.body)),
            ("请选择类别", self.kind not in words("kinds")),
            ("请选择公开栏目", not self.column),
            ("请选择主渠道", self.primary_channel not in words("channels")),
            ("渠道有误", any(name not in words("channels") for name in self.channels)),
            ("请选择公开属性", self.attribute not in words("attributes")),
            ("依申请公开或者不予公开时，请写明理由", self.attribute != "proactive" and not self.attribute_reason.strip()),
            ("形成日期不能晚于今天", self.formed_on > on),
            ("成文日期不能晚于今天", self.written_on is not None and self.written_on > on),
            ("请选择信息来源", self.origin not in words("origins")),
            ("主题有误", any(name not in words("topics") for name in self.topics)),
            (f"主题最多选{MOST_TOPICS}个", len(set(self.topics)) > MOST_TOPICS),
            (f"专题最多选{MOST_SPECIAL}个", len(set(self.special_topics)) > MOST_SPECIAL),
        ]

    def to_json(self) -> dict[str, Any]:
        """The content of a revision."""
        values = {**asdict(self), **{name: list(getattr(self, name)) for name in _LISTS}}
        values |= {name: day.isoformat() if (day := values[name]) else None for name in _DAYS}
        return {name: value for name, value in values.items() if value or name not in _WHERE_TOLD}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Content:
        """The content that a revision keeps; what an older one does not tell has its default, what is not the drafter's is left out."""
        values = {each.name: content[each.name] for each in fields(cls) if each.name in content}
        values |= {name: tuple(values[name]) for name in _LISTS if name in values}
        values |= {name: datetime.date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
        return cls(**values)
