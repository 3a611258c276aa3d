"""What a contributor hands in, checked: words, days and files, and what may not come in at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.errors import Refused
from gongkai.law.duties import duties
from gongkai.screening import screen
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.richtext import clean, has_image, text_of
from gongkai.web.disclosure.screening import found_in, hits_in_file, publisher_of, words_in
from gongkai.web.review import kept
from gongkai.web.review.files import checked_name

MOST_FILES = 9
MOST_BYTES = 50 * 1024 * 1024

# The name a person gave a file, and what is in it.
Upload = tuple[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What is filled in. ``column`` is empty when the contributor leaves it to the office."""

    title: str
    body: str = ""
    happened_on: datetime.date
    column: str = ""
    urgency: str = "ordinary"
    contact: str = ""

    def checked(self, uploads: Sequence[Upload], *, on: datetime.date) -> Handing:
        """The same, cleaned; :class:`Refused` with what is missing or cannot be."""
        tidy = Handing(
            title=_line(self.title), body=clean(self.body), happened_on=self.happened_on, column=self.column,
            urgency=self.urgency, contact=_line(self.contact),
        )  # fmt: skip
        problems = [said for said, is_wrong in tidy._problems(uploads, on) if is_wrong]
        if has_image(self.body):
            problems.append("内容里不能放图片，请把图片作为照片上传")
        if problems:
            raise Refused("；".join(problems) + "。")
        return tidy

    def _problems(self, uploads: Sequence[Upload], on: datetime.date) -> list[tuple[str, bool]]:
        return [
            ("请填写标题", not self.title),
            ("标题不能超过200个字", len(self.title) > 200),
            ("请写内容，或者上传照片、文件", not text_of(self.body) and not uploads),
            ("发生或者形成日期不能晚于今天", self.happened_on > on),
            ("没有这个栏目", bool(self.column) and self.column not in {duty.id for duty in duties()}),
            ("请选择缓急", self.urgency not in words("urgencies")),
            ("联系电话不能超过60个字", len(self.contact) > 60),
            (f"一次最多交{MOST_FILES}个文件，请分几次交", len(uploads) > MOST_FILES),
            (f"文件合计超过{MOST_BYTES // 1048576}MB，请分几次交", sum(len(data) for _, data in uploads) > MOST_BYTES),
        ]


def _line(text: str) -> str:
    """One line: no line breaks, no characters that cannot be seen."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def checked_files(uploads: Iterable[Upload]) -> list[Upload]:
    """The files under names of their own, each what its name says; the same file twice is one. Nothing is written yet."""
    found: dict[str, bytes] = {}
    for given, data in uploads:
        name = checked_name(_line(given), data)
        if found.get(name) != data:
            found[free_name(name, found)] = data
    return list(found.items())


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or the name with a number where another file has it already."""
    stem, dot, suffix = name.rpartition(".")
    names = [name, *(f"{stem}（{number}）{dot}{suffix}" for number in range(2, 100))]
    return next(one for one in names if one not in taken)


def demand_harmless(handing: Handing, files: Sequence[Upload], agency: Agency, on: datetime.date) -> None:
    """:class:`Refused` when anything bears a secrecy mark. It is asked before anything is kept, so that nothing is.

    Nothing else stops material here: personal data and the organ's negative list are for the drafter to mind.
    """
    publisher = publisher_of(agency)
    found = [hit for _, hit, _ in found_in({"title": handing.title, "body": handing.body}, agency, on)]
    found += screen(text=handing.contact, on=on, publisher=publisher, place="联系电话") if handing.contact else []
    for name, data in files:
        found += screen(text=name.rpartition(".")[0], on=on, publisher=publisher, place="文件名")
        found += hits_in_file(name, words_in(data, name), publisher, on)
    marks = list(dict.fromkeys(hit.message.partition("。")[0] for hit in found if hit.severity == "block"))
    if marks:
        raise Refused(
            f"没有收下：{'；'.join(marks[:3])}。这里不能交涉密、工作秘密和内部资料，刚才填写和上传的内容都没有保存。"
            "请按保密规定另行报送，不要再把它输入本系统。",
            basis="reg:14",
        )


def kept_files(files: Sequence[Upload]) -> list[dict[str, Any]]:
    """The files written under their digests, as a row keeps them."""
    return [{"name": name, "digest": kept.put(data), "size": len(data)} for name, data in files]
