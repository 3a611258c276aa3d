"""What both writers measure alike: where a title breaks, and how large the organ's name stands."""

from __future__ import annotations

from gongkai.letters.composing import LetterText

_TITLE_CHARACTERS = 19  # of 22 pt in a type area of 156 mm, one left over
_NAME_WIDTH, _LARGEST, _SMALLEST = 470, 36, 16  # points: 170 mm, less a little


def title_lines(text: LetterText) -> tuple[str, ...]:
    """The title in one line, or in two of which the second begins where a word does: after 公开 or 信息."""
    title = text.title
    if len(title) <= _TITLE_CHARACTERS:
        return (title,)
    breaks = [place + 2 for word in ("公开", "信息") for place in range(len(title)) if title.startswith(word, place)]
    middle = min(
        (place for place in breaks if 0 < place < len(title)), key=lambda place: abs(place - len(title) / 2), default=len(title) // 2
    )
    return title[:middle], title[middle:]


def name_size(organ: str) -> int:
    """The size of the organ's name in points: as large as one line allows."""
    return max(_SMALLEST, min(_LARGEST, _NAME_WIDTH // max(len(organ), 1)))
