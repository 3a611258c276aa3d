"""What a report says about itself: title, organ, year, period, date of publication, contact."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.report import Contact

_DIGITS = {
    "〇": "0",
    "○": "0",
    "零": "0",
    "O": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
# A narrative has some thousand characters. Of a longer one only so many are searched (for organ, contact, period and
# claims), and a note says so: reading must not take longer than a hostile text deserves.
MAX_NARRATIVE = 40_000
# So many mentions of an organ are enough to know its full name.
_MOST_MENTIONS = 200
_YEAR = r"(?P<year>(?:19|20)\s*\d\s*\d|二[〇○零O][〇○零O一二三四五六七八九]{2})"
_TITLE = re.compile(
    rf"(?P<organ>[\u4e00-\u9fff（）()·]{{2,40}}?)?(?:关于)?\s*{_YEAR}\s*年?\s*(?:度)?\s*(?P<after>[\u4e00-\u9fff]{{0,30}}?)(?:政府|政务)信息公开(?:工作)?(?:年度|情况)?\s*(?:工作)?(?:年度)?(?:报告|年报)"
)
_HAS_YEAR = re.compile(_YEAR).search
_PERIOD = re.compile(
    r"(?P<y1>20\d\d)\s{0,9}年\s{0,9}(?P<m1>\d{1,2})\s{0,9}月\s{0,9}(?P<d1>\d{1,2})\s{0,9}日\s{0,9}(?:起|开始)?\s{0,9}(?:至|到|—|-|－|–|~){1,9}\s{0,9}(?:(?P<y2>20\d\d)\s{0,9}年)?\s{0,9}(?P<m2>\d{1,2})\s{0,9}月\s{0,9}(?P<d2>\d{1,2})\s{0,9}日"
)
_DATE = re.compile(r"(20\d\d)\s{0,9}(?:年|-|/|\.)\s{0,9}(\d{1,2})\s{0,9}(?:月|-|/|\.)\s{0,9}(\d{1,2})")
_PUBLISHED = re.compile(
    r"(?:发布|发文|公开|成文|生成|更新|信息)?(?:时间|日期|日)\s{0,9}[:：]?\s{0,9}(20\d\d\s{0,9}(?:年|-|/|\.)\s{0,9}\d{1,2}\s{0,9}(?:月|-|/|\.)\s{0,9}\d{1,2})"
)
_SIGNED = re.compile(r"^\s*(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*$")

_PHONE = re.compile(r"(?:电话|电\s{0,9}话|联系方式|咨询热线)[^\d]{0,8}(\(?0\d{2,3}\)?[-—－ ]?\d{7,8}|\d{7,8}|1\d{10}|\d{3,5}[-—]\d{6,8})")
_POSTCODE = re.compile(r"(?:邮编|邮政编码|邮\s{0,9}编)[^\d]{0,4}(\d{6})")
_EMAIL = re.compile(r"(?<![\w.\-])[\w.\-]{1,64}@[\w\-]{1,64}(?:\.[\w\-]{1,64}){1,5}")
_WEBSITE = re.compile(r"(?:https?://|www\.)[\w./\-:%?=&#]{3,200}")
_ADDRESS = re.compile(r"(?:地址|地\s{0,9}址)\s{0,9}[:：]?\s{0,9}([^,，;；。)）\n]{4,60})")

_ORGAN = r"(?:人民政府(?:办公室|办公厅)?|街道办事处|管理委员会|管委会|委员会|办公室|办公厅|局|总队|支队|中心|大队|银行|学校|医院|公司|联合会|总工会|协会)"
_ORGAN_ENDING = re.compile(_ORGAN)
_LONGEST_NAME = 24
_LONGEST_REGIONS = 33
_REGION = r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|自治州|州|地区|盟|自治县|县|区|旗))"


@dataclass(frozen=True, slots=True)
class Head:
    """What the top of a report tells."""

    title: str | None = None
    organ: str | None = None
    year: int | None = None


def _year_of(text: str) -> int:
    return int("".join(_DIGITS.get(char, char) for char in text if not char.isspace()))


# Characters at the start of a document in which its title stands.
OPENING = 200


def read_head(lines: list[str], hints: list[str]) -> Head:
    """Title, organ and year from the first lines (plain text) and from what the format itself names as title.

    A title may be set over several lines, so neighbours are also tried joined.
    """
    candidates = [found for text in hints for found in _titles(text, 2)]
    for index in range(min(len(lines), 60)):
        if _FIRST_SECTION(lines[index]) and candidates:
            break
        # A document that is all one paragraph begins with its title.
        here = _titles(lines[index] if index else lines[index][:OPENING], 3)
        if not here and 1 < len(lines[index]) < 40:
            two = lines[index] + (lines[index + 1] if index + 1 < len(lines) else "")
            here = _titles(two, 1)
            if not here and len(two) < 80 and index + 2 < len(lines):
                here = _titles(two + lines[index + 2], 1)
        candidates += here
    if not candidates:
        return Head()
    votes = Counter({head.year: 0 for _, head in candidates})
    for weight, head in candidates:
        votes[head.year] += weight
    year = votes.most_common(1)[0][0]
    chosen = [(weight, head) for weight, head in candidates if head.year == year]
    named = [(weight, head) for weight, head in chosen if head.organ] or chosen
    return max(named, key=lambda item: (item[0], -len(item[1].organ or "")))[1]


_FIRST_SECTION = re.compile(r"\s{0,9}#{0,6}\s{0,9}一\s{0,9}[、.．]").match


def _titles(text: str, weight: int) -> list[tuple[int, Head]]:
    if "公开" not in text or "报" not in text or len(text) > 400:
        return []
    compact = "".join(text.split())
    if not _HAS_YEAR(compact):
        return []
    found = []
    for match in _TITLE.finditer(compact):
        if _is_quoted(compact, match.start()):
            continue
        organ = _clean_organ(match["organ"]) or _clean_organ(match["after"])
        title = match.group()
        found.append((weight if len(compact) < 60 else 1, Head(title, organ, _year_of(match["year"]))))
    return found


def _is_quoted(text: str, start: int) -> bool:
    return text.rfind("《", 0, start) > text.rfind("》", 0, start) and "现发布" not in text[:start] and "现公布" not in text[:start]


def _clean_organ(text: str | None) -> str | None:
    if not text:
        return None
    text = re.sub(r"^(?:标题|名称|信息名称|当前位置|首页|现发布|现公布|现将|附件)", "", text.strip("（）()·"))
    text = re.sub(r"(?:关于|的|本级)$", "", text)
    return text if len(text) >= 3 else None


def fuller_organ(organ: str | None, text: str) -> str | None:
    """The organ's name with the regions that the text itself puts before it, or the organ most named where no title is."""
    text = text[:MAX_NARRATIVE]
    if organ:
        names = [_after_function_words(name) for name in set(_with_regions(organ, text))]
        return max((name for name in names if name.endswith(organ)), key=lambda name: (len(name), name), default=organ)
    counted: Counter[str] = Counter()
    for name, count in Counter(_organ_names(text)).items():
        short = _after_function_words(name)
        if len(short) > 4 and re.match(_REGION, short):
            counted[short] += count
    if not counted:
        return None
    name, count = counted.most_common(1)[0]
    return name if count >= 2 else None


def _with_regions(organ: str, text: str) -> Iterator[str]:
    """The organ with up to three regions before it, as the text has it; found from the organ backwards, so that no text is slow."""
    pattern = re.compile(rf"(?:{_REGION}){{1,3}}")
    at, floor = text.find(organ), 0
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            return
        start = _chinese_before(text, at, max(floor, at - _LONGEST_REGIONS))
        found = next((begin for begin in range(start, at - 2) if pattern.fullmatch(text, begin, at)), None)
        if found is not None:
            yield text[found : at + len(organ)]
            floor = at + len(organ)
        at = text.find(organ, at + 1)


def _organ_names(text: str) -> Iterator[str]:
    """Names that end like an organ's, found from their endings."""
    floor, match = 0, _ORGAN_ENDING.search(text)
    while match:
        start = _chinese_before(text, match.start(), max(floor, match.start() - _LONGEST_NAME))
        long_enough = match.start() - start >= 2
        if long_enough:
            yield text[start : match.end()]
            floor = match.end()
        match = _ORGAN_ENDING.search(text, floor if long_enough else match.start() + 1)


def _chinese_before(text: str, at: int, floor: int) -> int:
    """Where the Chinese characters right before ``at`` begin, not before ``floor``."""
    while at > floor and "\u4e00" <= text[at - 1] <= "\u9fff":
        at -= 1
    return at


_FUNCTION_WORDS = re.compile(
    r"^.*?(?:请与|请联系|联系|现将|以下简称|由|在|与|和|向|按照|根据|编制了?|发布|年|关于|到|对|是|及|登录|访问|通过|进入|本报告|依托|贯彻落实|建立|健全)(?=[\u4e00-\u9fff]{3,})"
)


def _after_function_words(name: str) -> str:
    while True:
        shorter = _FUNCTION_WORDS.sub("", name, count=1)
        if shorter == name:
            return name
        name = shorter


def read_period(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The period of statistics (统计期限) that the preface states."""
    for match in _PERIOD.finditer(text[:MAX_NARRATIVE]):
        try:
            first = datetime.date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
            last = datetime.date(int(match["y2"] or match["y1"]), int(match["m2"]), int(match["d2"]))
        except ValueError:
            continue
        if 80 < (last - first).days < 500:
            return first, last
    return None


def read_year(period: tuple[datetime.date, datetime.date] | None, text: str) -> int | None:
    """The reporting year where no title names it: the period's, or the year the narrative speaks of most."""
    if period:
        return period[1].year
    years = Counter(re.findall(r"(?<!\d)(20\d\d)\s{0,9}年", text[:MAX_NARRATIVE]))
    if not years:
        return None
    year, count = years.most_common(1)[0]
    return int(year) if count >= 2 or len(years) == 1 else None


def read_published_on(lines: list[str], tail: list[str], meta: str | None, year: int | None) -> datetime.date | None:
    """The day of publication: machine-readable, printed beside the title, or signed at the end."""
    if meta and (day := _date(meta)):
        return day
    for line in lines[:80]:
        match = _PUBLISHED.search(line[:MAX_NARRATIVE])
        if match and (day := _date(match[1])) and (year is None or day.year > year):
            return day
    for line in reversed(tail):
        match = _SIGNED.match(line)
        if match and (day := _date(line)) and (year is None or day.year >= year):
            return day
    return None


def _date(text: str) -> datetime.date | None:
    match = _DATE.search(text)
    if not match:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_contact(text: str) -> Contact:
    """Address, phone, postcode, e-mail and website, from the preface or whatever text is given."""

    def first(pattern: re.Pattern[str]) -> str | None:
        match = pattern.search(text[:MAX_NARRATIVE])
        return match[match.re.groups].strip() if match else None

    return Contact(address=first(_ADDRESS), phone=first(_PHONE), postcode=first(_POSTCODE), email=first(_EMAIL), website=first(_WEBSITE))
