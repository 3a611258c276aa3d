"""Which letters the bytes stand for: UTF-8, UTF-16, GB18030 or Big5 → str.

Strict UTF-8 comes first, because hardly any text in another encoding is valid UTF-8 by chance. GB18030 and Big5 use the
same byte ranges, nearly every text of one decodes as the other, so the bytes alone do not tell: the reading that shows
more of the commonest Chinese characters wins, and what the document declares about itself only tips the balance.
"""

from __future__ import annotations

import codecs
import re

from gongkai.reading.grid import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The commonest characters of running text and of official documents, in both scripts.
_FREQUENT = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進"
    "着等部度家电電力里裡如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表间間样樣与與关關各重新线線内內数數正"
    "心反你明看原又么麼利比或但质質气氣第向道命此变變条條只没沒结結解问問意建月公无無系系军軍情最立代想已通并提题題党黨程展果料象员員革位入常文总總次品式活设設及管特件求老头頭基资資边邊流路级級"
    "信息申请請府报報告处處理机關项項收到办辦复複議议诉訟讼总計计规規章范範性许許罚罰强強县縣镇鎮乡鄉区區市省，。、（）：；“”《》"
)
_BAD = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\ufffd\ue000-\uf8ff]")
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]+)|encoding\s*=\s*[\"']([A-Za-z0-9_:-]+)", re.IGNORECASE)
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
# Both sets keep their common characters together: GB2312 level one with its signs, Big5 level one with its signs.
_ORDINARY = {
    "gb18030": re.compile(rb"[\xb0-\xd7\xa1\xa3][\xa1-\xfe]"),
    "big5hkscs": re.compile(rb"[\xa4-\xc6\xa1\xa2][\x40-\x7e\xa1-\xfe]"),
}
_SAMPLE = 2_400
_TOLERATED = 0.05


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a document without its byte order mark.

    ``declared`` is the charset that the document or its carrier names (``gb2312``, ``big5``), any case. Raises
    Unreadable when the bytes are no text in any of the encodings, such as a picture under a text's name.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _sound(data[len(mark) :].decode(codec, errors="replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _sound(_legacy(data, declared, error.start))
    return _sound(_legacy(data, declared, 0)) if "\x00" in text else text


def declared_charset(data: bytes) -> str | None:
    """The charset that an HTML or XML document names in its first 2,048 bytes, lower case."""
    found = _DECLARED.search(data, 0, 2048)
    return (found.group(1) or found.group(2)).decode("ascii").lower() if found else None


def _legacy(data: bytes, declared: str | None, good: int) -> str:
    """Bytes that are not plain UTF-8; they are so up to offset ``good``."""
    if len(data) - good < 4 and good:
        return data[:good].decode("utf-8")  # cut off inside the last character
    if b"\x00" in data[:_SAMPLE]:
        candidates: tuple[str, ...] = ("utf-16-le", "utf-16-be")
        sample = data[:_SAMPLE]
    else:
        candidates = ("utf-8", "big5hkscs", "gb18030")
        sample = data[good : good + _SAMPLE]
    scores = {codec: _plausibility(sample, codec) for codec in candidates}
    if declared and (named := _family(declared)) in scores:
        scores[named] += 0.3
    best = max(candidates, key=lambda codec: (scores[codec], codec == "gb18030"))
    return data.decode(best, errors="replace")


def _family(declared: str) -> str:
    """The codec that stands for a declared charset: ``gb2312`` and ``gbk`` are parts of GB18030."""
    name = declared.lower()
    return "big5hkscs" if name.startswith("big5") else "utf-8" if name.startswith("utf") else "gb18030"


def _plausibility(sample: bytes, codec: str) -> float:
    """How much a reading looks like Chinese, about 1.4 for running text and below 1 for the wrong codec."""
    text = sample.decode(codec, errors="replace")
    beyond = [character for character in text if character >= "\x80"]
    if not beyond:
        return 0.0
    common = sum(map(_FREQUENT.__contains__, beyond)) / len(beyond)
    sound = 1 - len(_BAD.findall(text)) / len(text)
    if codec not in _ORDINARY:
        return common + sound
    pairs = _PAIR.findall(sample)
    ordinary = sum(1 for pair in pairs if _ORDINARY[codec].match(pair))
    return common + sound * ordinary / max(len(pairs), 1)


def _sound(text: str) -> str:
    """The text itself; Unreadable when too much of it is no text."""
    if len(_BAD.findall(text)) > _TOLERATED * len(text):
        raise Unreadable("文件不是文字，或者文字编码无法识别（只认UTF-8、UTF-16、GB18030和Big5）。")
    return text
