"""Numbers that belong to persons and enterprises: credit codes, bank cards, telephones.

What was found before is given as ``taken`` and taken out of the text, so that nothing is told twice and a number glued to
another is still seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from gongkai.law.screening import number_words
from gongkai.screening.checksums import card_holds, credit_code_holds
from gongkai.screening.hit import Hit, starred
from gongkai.screening.identity import ADVICE, LABEL_REACH, digit_groups
from gongkai.screening.passage import Passage

_NOTHING = "\0"
_LOCAL_DIGITS = 7
# Nineteen digits with blanks between them.
_LONGEST_CARD = 60


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = number_words()
    gap = r"[ \-\u3000\u00a0]"
    words = {
        key: "|".join(map(re.escape, data[key])) for key in ("private_labels", "office_labels", "bank_labels", "other_labels", "units")
    }
    return {
        "credit": re.compile(r"(?<![0-9A-Za-z])[1-9ANYany][1-9AYay][0-9]{6}[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]{10}(?![0-9A-Za-z])"),
        "card": re.compile(
            rf"(?<![0-9])(?<![0-9]\.)(?:[0-9]{{15,19}}|[0-9]{{4}}(?:{gap}[0-9]{{4}}){{3}}(?:{gap}?[0-9]{{1,3}})?|[0-9]{{6}}{gap}[0-9]{{13}})(?![0-9]|\.[0-9])"
        ),
        "mobile": re.compile(
            rf"(?<![0-9])(?<![0-9][.,])(?:(?:\+|00)?86[ \-]?)?{data['mobile']}(?:{gap}?[0-9]{{4}}{gap}?[0-9]{{4}}|[0-9]{gap}[0-9]{{3}}{gap}[0-9]{{4}})"
            rf"(?![0-9]|[.,][0-9]|[ \u3000]?(?:{words['units']}))"
        ),
        "landline": re.compile(rf"(?<![0-9])[（(]?{data['area_code']}[)）]?[ \-—－]?[2-8][0-9]{{6,7}}(?![0-9])"),
        "local": re.compile(r"(?<![0-9\-.,/])[2-8][0-9]{6,7}(?![0-9]|[.,/\-][0-9])"),
        **{key: re.compile(pattern) for key, pattern in words.items()},
    }


def find_numbers(passage: Passage, taken: Iterable[Hit]) -> Iterator[Hit]:
    """Credit codes, bank cards and telephones that stand outside the hits of ``taken``."""
    flat = _without(passage.flat, ((hit.start, hit.end) for hit in taken))
    personal_lines = {passage.line(hit.start) for hit in taken}
    for search in (_credit_codes, _cards, _grouped_cards, _mobiles):
        found = list(search(passage, flat))
        yield from found
        flat = _without(flat, ((hit.start, hit.end) for hit in found))
        personal_lines |= {passage.line(hit.start) for hit in found if hit.code == "person.mobile"}
    yield from _landlines(passage, flat, personal_lines)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in sorted(spans):
        if end > done:
            pieces += [text[done:start], _NOTHING * (end - max(start, done))]
            done = end
    return "".join([*pieces, text[done:]])


def _beside(passage: Passage, start: int) -> str:
    """The words of the sentence just before the number, and the head of its column."""
    return f"{passage.before(start, LABEL_REACH)} {passage.heading(start)}"


def _masked(passage: Passage, start: int, end: int, kind: str) -> str:
    return starred(passage.text[start:end], *number_words()["masks"][kind])


def _credit_codes(passage: Passage, flat: str) -> Iterator[Hit]:
    data = number_words()
    own = passage.publisher.credit_code.upper()
    for match in _patterns()["credit"].finditer(flat):
        code = match[0].upper()
        if code == own or not credit_code_holds(code):
            continue
        mask = _masked(passage, *match.span(), "credit_code")
        if code[:2] in data["sole_trader_codes"]:
            told = f"有个体工商户的统一社会信用代码（{mask}），关系到经营者个人。{ADVICE}"
            yield passage.hit("person.sole_trader", match.span(), told, mask=mask)
        elif code[:2] in data["company_codes"]:
            told = f"有企业的统一社会信用代码（{mask}），不是个人信息。请确认需要公开；不需要的，请遮盖。"
            yield passage.hit("company.credit_code", match.span(), told, mask=mask)


def _cards(passage: Passage, flat: str) -> Iterator[Hit]:
    for match in _patterns()["card"].finditer(flat):
        number = re.sub(r"[^0-9]", "", match[0])
        if card_holds(number) and _may_be_card(passage, match.start(), number):
            mask = _masked(passage, *match.span(), "bank_card")
            yield passage.hit("person.bank_card", match.span(), f"有银行卡号（{mask}）。{ADVICE}", mask=mask)


def _grouped_cards(passage: Passage, flat: str) -> Iterator[Hit]:
    """Cards in groups of any size, behind a word for a card: without one they could be columns of figures."""
    done = 0
    for first, last in _named_as_cards(passage, flat):
        for groups in digit_groups(flat, max(first, done), last):
            for number, (start, _) in enumerate(groups[:-1]):
                end = _card_end(flat, groups[number:]) if start >= done else None
                if end is not None and _patterns()["bank_labels"].search(_beside(passage, start)):
                    done = end
                    mask = _masked(passage, start, end, "bank_card")
                    yield passage.hit("person.bank_card", (start, end), f"有银行卡号（{mask}）。{ADVICE}", mask=mask)


def _named_as_cards(passage: Passage, flat: str) -> list[tuple[int, int]]:
    """Where a card may stand that words call so: behind such a word, and in such a column."""
    labels = _patterns()["bank_labels"]
    spans = [(match.end(), match.end() + LABEL_REACH + _LONGEST_CARD) for match in labels.finditer(flat)]
    return sorted(spans + [(cell.start, cell.end) for cell in passage.cells if labels.search(cell.heading)])


def _card_end(flat: str, groups: Sequence[tuple[int, int]]) -> int | None:
    """Where the longest card ends that begins with the first group and ends with another."""
    lengths = number_words()["labelled_card_lengths"]
    number, found = "", None
    for start, end in groups:
        number += flat[start:end]
        if len(number) > max(lengths) or not (number.isascii() and number.isdigit()):
            break
        if start > groups[0][0] and len(number) in lengths and card_holds(number):
            found = end
    return found


def _may_be_card(passage: Passage, start: int, number: str) -> bool:
    """By the words beside it; without any, by prefix and length, and no letter or hyphen before it as in a code."""
    data, beside = number_words(), _beside(passage, start)
    if _patterns()["bank_labels"].search(beside):
        return len(number) in data["labelled_card_lengths"]
    before = passage.before(start, 1)
    if _patterns()["other_labels"].search(beside) or before in tuple("-_/") or (before.isascii() and before.isalpha()):
        return False
    return number.startswith(tuple(data["card_prefixes"])) and len(number) in data["card_lengths"]


def _is_own(passage: Passage, number: str) -> bool:
    """Whether the organ has this number, with or without the area code."""
    digits = re.sub(r"[^0-9]", "", number)
    for phone in passage.publisher.phones:
        own = re.sub(r"[^0-9]", "", phone)
        shorter, longer = sorted((own, digits), key=len)
        if len(shorter) >= _LOCAL_DIGITS and longer.endswith(shorter):
            return True
    return False


def _mobiles(passage: Passage, flat: str) -> Iterator[Hit]:
    for match in _patterns()["mobile"].finditer(flat):
        if not _is_own(passage, match[0]):
            mask = _masked(passage, *match.span(), "mobile")
            yield passage.hit("person.mobile", match.span(), f"有手机号码（{mask}）。属于个人的，{ADVICE}", mask=mask)


def _landlines(passage: Passage, flat: str, personal_lines: set[int]) -> Iterator[Hit]:
    """Landlines beside a word for a private person, or in a line with another number of a person; offices' numbers are let pass."""
    patterns = _patterns()
    for kind in ("landline", "local"):
        for match in patterns[kind].finditer(flat):
            beside = _beside(passage, match.start())
            if _is_own(passage, match[0]) or patterns["office_labels"].search(beside):
                continue
            private = patterns["private_labels"].search(beside)
            if private or (kind == "landline" and passage.line(match.start()) in personal_lines):
                if kind == "local" and "电话" not in beside:
                    continue
                mask = _masked(passage, *match.span(), "landline")
                yield passage.hit("person.landline", match.span(), f"有个人的固定电话（{mask}）。{ADVICE}", mask=mask)
                flat = _without(flat, [match.span()])
