"""What is told of persons in words: day of birth, home, age of a child, illness. Names are not looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai.law.screening import number_words, person_words
from gongkai.screening.checksums import age
from gongkai.screening.hit import STAR, Hit, starred
from gongkai.screening.identity import ADVICE, years_in_words
from gongkai.screening.passage import Passage

_NUMBER = r"(?:[0-9]{1,5}(?:[\-－—][0-9]{1,4})?|[一二三四五六七八九十百]{1,4})"
_COMPACT_DAY = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
_CHINESE_AGES = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "十三": 13, "两": 2}
_HEALTHY = ("", "无", "健康", "良好", "一般", "/", "—", "-", "正常")
_DAY_SIGNS = "年月日号-/. "
_REACH = 16
_LONGEST_CELL = 60


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = person_words()
    village, group = _any(data["villages"]), _any(data["groups"])
    not_house = f"(?:{_any(data['not_house'])})"
    building, flat = _any(data["buildings"]), _any(data["flats"])
    individuals, named = _any(data["individuals"]), _any(data["named_after"])
    return {
        "born_before": re.compile(rf"{data['birth_before']}\Z"),
        "born_after": re.compile(data["birth_after"]),
        "gender_before": re.compile(rf"(?:{_any(data['genders'])})[ \t\u3000|,，、]{{1,3}}(?:汉族?[ \t\u3000|,，、]{{1,3}})?\Z"),
        "village": re.compile(
            rf"(?:{village})[一-龥]{{0,6}}?(?P<detail>第?{_NUMBER}(?:{group})[一-龥]{{0,6}}?{_NUMBER}号)(?!{not_house})"
            rf"|(?:{village})(?P<bare>{_NUMBER}号)(?!{not_house})"
        ),
        "building": re.compile(
            rf"(?P<detail>{_NUMBER}(?:{building})[ 　]?(?:{_NUMBER}单元[ 　]?{_NUMBER}(?:{flat})|{_NUMBER}单元[0-9]{{3,4}}|[0-9]{{3,4}}室))"
        ),
        "home": re.compile(rf"{data['home_labels']}(?P<value>[^\s，。；,;、（）()|]{{4,40}})"),
        "home_detail": re.compile(rf"(?P<detail>第?{_NUMBER}(?:{group}|号|{building}|单元|室|排|巷|弄)[^\s，。；,;（）()|]{{0,30}})"),
        "office": re.compile(_any(data["office_places"])),
        "age": re.compile(r"(?<![0-9.])(?P<age>[0-9]{1,2}|十[一二三]|[一二两三四五六七八九十])[ ]?(?:周岁|岁)"),
        "age_before": re.compile(rf"{data['age_before']}\Z"),
        "age_group_before": re.compile(rf"(?:{_any(data['age_group_before'])})[ ]?\Z"),
        "age_group_near": re.compile(_any(data["age_group_near"])),
        "age_group_after": re.compile(data["age_group_after"]),
        "gender_after": re.compile(rf"[，,、的 ]?(?:{_any(data['genders'])})(?:童|孩|婴|生)?(?![女子])"),
        "ill": re.compile(rf"{data['diagnosed']}[^。；;\n]{{0,10}}?(?P<disease>{_any(data['diseases'])})(?!防|筛|患者|病人|专|科|宣传)"),
        "individual": re.compile(
            rf"(?:{individuals})|(?:{named})(?!(?:{_any(data['diseases'])}))[{data['surnames']}][一-龥某×*＊xX]{{0,2}}"
        ),
        "disease": re.compile(_any(data["diseases"])),
        "digit": re.compile(r"[0-9一二三四五六七八九十]"),
    }


def find_persons(passage: Passage) -> Iterator[Hit]:
    """Births, homes, children and illness."""
    yield from _births(passage)
    yield from _homes(passage)
    yield from _children(passage)
    yield from _illness(passage)


def _headed(passage: Passage, offset: int, topic: str) -> bool:
    """Whether the place stands in a column with such a head."""
    heading = passage.heading(offset)
    return bool(heading) and heading.startswith(tuple(person_words()["headings"][topic]))


# --- birth ---


def _births(passage: Passage) -> Iterator[Hit]:
    spans = [(written.start, written.end) for written in passage.days if written.day and written.has_year and written.has_day]
    spans += [match.span() for match in _COMPACT_DAY.finditer(passage.flat)]
    for start, end in sorted(spans):
        if _is_birth(passage, start, end):
            quote = passage.text[start:end]
            mask = "".join(sign if number < 4 or sign in _DAY_SIGNS else STAR for number, sign in enumerate(quote))
            yield passage.hit("person.birth_date", (start, end), f"有个人的出生日期（{mask}）。{ADVICE}", mask=mask)


def _is_birth(passage: Passage, start: int, end: int) -> bool:
    patterns, before = _patterns(), passage.before(start, _REACH)
    if patterns["born_before"].search(before) or patterns["gender_before"].search(before) or _headed(passage, start, "birth"):
        return True
    return bool(patterns["born_after"].match(passage.after(end, 6)))


# --- home ---


def _homes(passage: Passage) -> Iterator[Hit]:
    done = 0
    for start, end in sorted({*_labelled_homes(passage), *_house_numbers(passage), *_home_cells(passage)}):
        if start >= done:
            done = end
            mask = "".join(STAR if character.isalnum() else character for character in passage.text[start:end])
            told = "有家庭住址的门牌或者组、栋、室号。请遮盖到村、小区为止；确需公开的，写明理由。"
            yield passage.hit("person.address", (start, end), told, mask=mask)


def _labelled_homes(passage: Passage) -> Iterator[tuple[int, int]]:
    for match in _patterns()["home"].finditer(passage.flat):
        detail = _patterns()["home_detail"].search(match["value"])
        if detail:
            yield match.start("value") + detail.start("detail"), match.start("value") + detail.end("detail")


def _home_cells(passage: Passage) -> Iterator[tuple[int, int]]:
    for cell in passage.cells:
        if _headed(passage, cell.start, "address"):
            detail = _patterns()["home_detail"].search(passage.flat, cell.start, min(cell.end, cell.start + _LONGEST_CELL))
            if detail:
                yield detail.span("detail")


def _house_numbers(passage: Passage) -> Iterator[tuple[int, int]]:
    """A house number in a village and a flat in a building, unless an office stands before it."""
    office = _patterns()["office"]
    for kind in ("village", "building"):
        for match in _patterns()[kind].finditer(passage.flat):
            detail = "detail" if match["detail"] else "bare"
            before = passage.before(match.start(detail), 12)
            if not office.search(before) and not office.match(passage.after(match.end(), 8)):
                yield match.span(detail)


# --- children ---


def _children(passage: Passage) -> Iterator[Hit]:
    limit = number_words()["child_under"]
    for match in _patterns()["age"].finditer(passage.flat):
        written = match["age"]
        years = int(written) if written.isascii() else _CHINESE_AGES[written]
        if years < limit and _is_somebody(passage, match.start(), match.end()):
            yield _child(passage, match.start(), match.end())
    for cell in passage.cells:
        text = passage.flat[cell.start : cell.end].strip()
        bare = text.removesuffix("岁").removesuffix("周")
        if _headed(passage, cell.start, "age") and bare.isascii() and bare.isdigit() and int(bare[:4]) < limit:
            start = passage.flat.index(text, cell.start)
            yield _child(passage, start, start + len(text))
    for start, end, years in _child_births(passage):
        if years < limit:
            yield _child(passage, start, end)


def _child_births(passage: Passage) -> Iterator[tuple[int, int, int]]:
    """Days of birth of children: the words say that somebody was born, the day says how long ago."""
    for written in passage.days:
        if (
            written.day
            and written.has_year
            and written.has_day
            and written.day <= passage.on
            and _is_birth(passage, written.start, written.end)
        ):
            yield written.start, written.end, age(written.day, passage.on)


def _is_somebody(passage: Passage, start: int, end: int) -> bool:
    patterns, before, after = _patterns(), passage.before(start, 8), passage.after(end, 8)
    if patterns["age_group_before"].search(before) or patterns["age_group_near"].search(before) or patterns["age_group_after"].match(after):
        return False
    return bool(patterns["age_before"].search(before) or patterns["gender_after"].match(after))


def _child(passage: Passage, start: int, end: int) -> Hit:
    years = years_in_words(number_words()["child_under"])
    told = f"像是不满{years}周岁儿童的信息。请隐去姓名、照片、学校、住址等能认出本人的内容；确需公开的，写明监护人同意等理由。"
    return passage.hit("person.minor", (start, end), told)


# --- illness ---


def _illness(passage: Passage) -> Iterator[Hit]:
    patterns = _patterns()
    for match in patterns["ill"].finditer(passage.flat):
        sentence = passage.sentence(match.start(), match.end())
        if patterns["individual"].search(sentence):
            yield _ill(passage, *match.span("disease"))
    for cell in passage.cells:
        text = passage.flat[cell.start : cell.end].strip()
        if _headed(passage, cell.start, "health") and text not in _HEALTHY and patterns["disease"].search(text):
            start = passage.flat.index(text, cell.start)
            yield _ill(passage, start, start + len(text))


def _ill(passage: Passage, start: int, end: int) -> Hit:
    mask = starred(passage.text[start:end], 0, 0)
    return passage.hit("person.health", (start, end), "有个人的病情或者残疾情况。请遮盖；确需公开的，写明理由。", mask=mask)
