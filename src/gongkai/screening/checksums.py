"""Whether numbers hold: the check digits of identity numbers, credit codes and bank cards, and the dates inside.

>>> id_holds("11010519491231002X"), id_holds("110105194912310021")
(True, False)
>>> card_holds("6222020000000000006"), credit_code_holds("91350100M000100Y43")
(False, True)
"""

from __future__ import annotations

import datetime

# GB 11643 (ISO 7064 MOD 11-2) and GB 32100 (MOD 31).
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_CHECKS = "10X98765432"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def id_holds(number: str) -> bool:
    """Whether the last of 18 characters (upper case) is the check digit of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return number[17] == _ID_CHECKS[total % 11]


def birth_day(digits: str) -> datetime.date | None:
    """The day in eight digits (19900131), or in six of the last century (900131); ``None`` when there is no such day."""
    full = digits if len(digits) == 8 else f"19{digits}"
    try:
        return datetime.date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None


def card_holds(number: str) -> bool:
    """Whether the digits pass Luhn's test; a number of one digit only, such as zeros, does not."""
    doubled = "0246813579"
    total = sum(int(doubled[int(digit)]) if place % 2 else int(digit) for place, digit in enumerate(reversed(number)))
    return total % 10 == 0 and len(set(number)) > 1


def credit_code_holds(code: str) -> bool:
    """Whether the last of 18 characters (upper case) is the check character of the others."""
    total = sum(_CODE_ALPHABET.index(character) * weight for character, weight in zip(code[:17], _CODE_WEIGHTS, strict=True))
    return code[17] == _CODE_ALPHABET[-total % 31]


def age(birth: datetime.date, on: datetime.date) -> int:
    """Full years on that day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
