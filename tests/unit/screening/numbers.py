"""Valid numbers of invented persons, written by the standards' own tables and apart from the code under test."""

from __future__ import annotations

from random import Random

PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
# GB 11643-1999, table of weights and of check characters.
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
# GB 32100-2015, alphabet and table of weights.
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOBILE_PREFIXES = "130 131 135 136 137 138 139 147 150 151 152 158 159 166 172 176 177 178 180 182 187 188 189 191 198 199".split()


def region(random: Random) -> str:
    return f"{random.choice(PROVINCES)}{random.randint(1, 29):02}{random.randint(1, 29):02}"


def day(random: Random, first: int, last: int) -> tuple[int, int, int]:
    month = random.randint(1, 12)
    return random.randint(first, last), month, random.randint(1, DAYS[month - 1])


def id_number(random: Random, first: int = 1935, last: int = 2008) -> str:
    """Eighteen characters; ``first`` and ``last`` are the years between which the person was born."""
    year, month, of_month = day(random, first, last)
    body = f"{region(random)}{year}{month:02}{of_month:02}{random.randint(1, 999):03}"
    total = 0
    for digit, weight in zip(body, ID_WEIGHTS, strict=True):
        total += int(digit) * weight
    return body + ID_CHECKS[total % 11]


def old_id_number(random: Random) -> str:
    """Fifteen digits, as on cards before 1999."""
    year, month, of_month = day(random, 1935, 1985)
    return f"{region(random)}{year % 100:02}{month:02}{of_month:02}{random.randint(1, 999):03}"


def mobile(random: Random) -> str:
    return f"{random.choice(MOBILE_PREFIXES)}{random.randint(0, 99999999):08}"


def bank_card(random: Random, length: int = 19) -> str:
    """A UnionPay card with Luhn's check digit."""
    body = "62" + "".join(str(random.randint(0, 9)) for _ in range(length - 3))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit)
        if place % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return body + str((10 - total % 10) % 10)


def credit_code(random: Random, kind: str = "92") -> str:
    """Eighteen characters of GB 32100; ``kind`` is 92 for a sole trader, 91 for a company, 11 for a public body."""
    body = f"{kind}{region(random)}" + "".join(random.choice(CODE_ALPHABET) for _ in range(9))
    total = 0
    for character, weight in zip(body, CODE_WEIGHTS, strict=True):
        total += CODE_ALPHABET.index(character) * weight
    return body + CODE_ALPHABET[(31 - total % 31) % 31]
