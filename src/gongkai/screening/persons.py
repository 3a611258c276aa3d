"""What is told of persons in words: day of birth, home, age of a child, illness. A name is looked for only beside one of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from gongkai.law.screening import number_words, person_words
from gongkai.screening.checksums import age
from gongkai.screening.hit import STAR, Hit, starred
from gongkai.screening.identity import ADVICE, years_in_words
from gongkai.screening.passage import Passage

_NUMBER = r"(?:[0-9]{1,5}(?:[\-－—][0-9]{1,4})?|[一二三四五六七八九十百]{1,4})"
_COMPACT_DAY = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
_CHINESE_AGES = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "十三": 13, "两": 2}
_HEALTHY = ("", "无", "健康", "良好", "一般", "/", "—", "-", "－", "正常", "否", "未患病", "无残疾", "没有", "0")
_DAY_SIGNS = "年月日号-/. "
_REACH = 16
# How far before an illness the name may stand: 王某，男，45岁，住某村，患有…
_NAME_REACH = 40
_LONGEST_CELL = 60
_LONGEST_FORM = 9


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
        "named_before": re.compile(rf"(?:\A|[\s|，,、：:（(]){_name(data)}[ \t\u3000|，,]{{1,3}}\Z"),
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
        "individual": re.compile(
            rf"(?:{individuals})|(?:{named})(?!(?:{_any(data['diseases'])}))[{data['surnames']}][一-龥某×*＊xX]{{0,2}}"
        ),
        **_illness_patterns(data),
        "digit": re.compile(r"[0-9一二三四五六七八九十]"),
    }


def _name(data: Mapping[str, Any]) -> str:
    """A name, by its surname and its length."""
    illness = f"{_any(data['diseases'])}|{_any(data['growths'])}"
    begins = "|".join(["(?<![一-龥])", *(f"(?<={re.escape(word)})" for word in data["named_after"])])
    given = f"[一-龥某×*＊xX]{{0,1}}(?![{data['not_name_ends']}])[一-龥某×*＊xX]"
    return rf"(?:{begins})(?!{_any(data['not_persons'])}|{illness})[{data['surnames']}]{given}"


def _illness_patterns(data: Mapping[str, Any]) -> dict[str, re.Pattern[str]]:
    stages, name, told = _any(data["stages"]), _name(data), data["diagnosed"]
    clause = r"(?:(?:[，,、 \t（(]|因|于|在|经|住|家住)[^，,、。；;（）()\t]{0,12}){0,5}?[，,、）) \t]{0,2}"
    called = "|".join(f"(?<={re.escape(word)})" for word in data["named_after"])
    return {
        # It begins with a listed word, so that a text without any is gone through fast; what stands before that word is asked then.
        "disease": re.compile(rf"(?:{_any([*data['growths'], *data['diseases']])})(?:{stages})?"),
        "growth": re.compile(_any(data["growths"])),
        "form": re.compile(rf"(?:{_any(data['forms'])})\Z"),
        "growth_form": re.compile(rf"(?:{_any(data['forms'])})?[{data['growth_places']}]{{0,6}}\Z"),
        "not_illness": re.compile(_any(data["headings"]["not_illness"])),
        "not_ill": re.compile(_any(data["not_ill"])),
        "told_before": re.compile(rf"{told}[^。；;\n]{{0,10}}\Z"),
        # 王某患…, 王某，男，45岁，患有…
        "name_told": re.compile(rf"{name}(?:家庭?|同志|先生|女士|老人)?{clause}[^，,、。；;（）()\t]{{0,6}}?{told}[一-龥]{{0,4}}\Z"),
        # 王某（…）, 王某：…, a cell beside a name, 王某因病致贫，…
        "name_beside": re.compile(
            rf"{name}(?:[（(][一-龥]{{0,4}}|[，,]?因病[一-龥]{{0,2}}[，,：:]|[：: \t|]{{1,3}})\Z|(?:{called}){name}[，,]\Z"
        ),
        "stands_alone": re.compile(r"[\s，,；;。|）)0-9]|、(?=[^、]{1,12}[）)])|\Z"),
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
    return bool(patterns["born_after"].match(passage.after(end, 6))) or _is_beside_name(passage, start, before)


def _is_beside_name(passage: Passage, start: int, before: str) -> bool:
    """A day long past right behind a name, in no column that says what other day it is."""
    year = passage.flat[start : start + 4]
    if not year.isdigit() or passage.on.year - int(year) < person_words()["bare_birth_years"] or passage.heading(start):
        return False
    return bool(_patterns()["named_before"].search(before))


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
    done = 0
    for start, end in sorted({*_told_illness(passage), *_illness_cells(passage)}, key=lambda span: (span[0], -span[1])):
        if start >= done:
            done = end
            yield _ill(passage, start, end)


def _told_illness(passage: Passage) -> Iterator[tuple[int, int]]:
    """Illness of which a sentence says whose it is."""
    patterns = _patterns()
    for match in patterns["disease"].finditer(passage.flat):
        after = passage.after(match.end(), _REACH)
        if patterns["not_ill"].match(after):
            continue
        form = patterns["growth_form" if patterns["growth"].match(match[0]) else "form"].search(
            passage.before(match.start(), _LONGEST_FORM)
        )
        start = match.start() - len(form[0]) if form else match.start()
        if _is_somebodys(passage, start, match.end()) or _is_named(passage, start, after):
            yield start, match.end()


def _is_somebodys(passage: Passage, start: int, end: int) -> bool:
    """It is said that somebody has it, and a word of the sentence says who."""
    patterns = _patterns()
    if not patterns["told_before"].search(passage.before(start, _REACH)):
        return False
    return bool(patterns["individual"].search(passage.sentence(start, end)))


def _is_named(passage: Passage, start: int, after: str) -> bool:
    """A name stands before it, with or without a word for being ill."""
    patterns, before = _patterns(), passage.before(start, _NAME_REACH)
    if patterns["name_told"].search(before):
        return True
    return bool(patterns["stands_alone"].match(after) and patterns["name_beside"].search(before))


def _illness_cells(passage: Passage) -> Iterator[tuple[int, int]]:
    """Cells of tables of persons in a column on health."""
    other = _patterns()["not_illness"]
    for cell in passage.cells:
        text = passage.flat[cell.start : cell.end].strip()
        if text in _HEALTHY:
            continue
        ill = _headed(passage, cell.start, "illness") and not other.search(cell.heading)
        if ill or (_headed(passage, cell.start, "health") and _patterns()["disease"].search(text)):
            start = passage.flat.index(text, cell.start)
            yield start, start + len(text)


def _ill(passage: Passage, start: int, end: int) -> Hit:
    mask = starred(passage.text[start:end], 0, 0)
    return passage.hit("person.health", (start, end), "有个人的病情或者残疾情况。请遮盖；确需公开的，写明理由。", mask=mask)
