"""Pictures of pages, drawn here with Pillow; what they show is known because the test draws it."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pytest

from gongkai.reading.grid import Grid, Unreadable
from gongkai.reading.scan import read_scan

FONTS = [Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"), Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")]
TABLE = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "0", "0"],
    ["规范性文件", "2", "1", "15"],
    ["行政许可", "170", "", "8"],
]


def is_installed() -> bool:
    return importlib.util.find_spec("rapidocr") is not None and importlib.util.find_spec("onnxruntime") is not None


needs_ocr = pytest.mark.skipif(not is_installed(), reason="the extra [ocr] (rapidocr, onnxruntime) is not installed")


def drawn(*, turn: float = 0.0, kind: str = "PNG") -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    font_file = next((path for path in FONTS if path.exists()), None)
    if font_file is None:
        pytest.skip("no Chinese font (fonts-noto-cjk) to draw the page with")
    font = ImageFont.truetype(str(font_file), 30, index=2)
    image = Image.new("RGB", (1654, 1000), "white")
    draw = ImageDraw.Draw(image)
    draw.text((200, 60), "云川县青禾镇2023年政府信息公开工作年度报告", font=font, fill="black")
    for y, row in enumerate(TABLE):
        for x, text in enumerate(row):
            box = (200 + x * 300, 220 + y * 70, 500 + x * 300, 290 + y * 70)
            draw.rectangle(box, outline="black", width=2)
            draw.text((box[0] + (300 - draw.textlength(text, font=font)) / 2, box[1] + 14), text, font=font, fill="black")
    draw.text((200, 600), "全年主动公开政府信息共计629条，其中网站179条、微信450条。", font=font, fill="black")
    buffer = io.BytesIO()
    image.rotate(turn, Image.Resampling.BICUBIC, fillcolor="white").save(buffer, kind)
    return buffer.getvalue()


def content(grid: Grid) -> list[tuple[str, list[str]]]:
    return [(row.kind, [slot.text for slot in row.slots]) for row in grid.rows]


def test_without_the_extra_it_says_what_to_install() -> None:
    if is_installed():
        pytest.skip("the extra [ocr] is installed")
    with pytest.raises(Unreadable) as caught:
        read_scan(b"", ".png")
    assert caught.value.message == "读取图片和扫描件需要文字识别组件，请先安装：pip install gongkai[ocr]，然后重试。"


@needs_ocr
@pytest.mark.parametrize(
    ("turn", "kind", "suffix"), [(0.0, "PNG", ".png"), (0.7, "JPEG", ".JPG"), (0.0, "TIFF", ".tif"), (0.0, "PDF", ".pdf")]
)
def test_a_page_with_a_ruled_table(turn: float, kind: str, suffix: str) -> None:
    grid = read_scan(drawn(turn=turn, kind=kind), suffix)
    assert [row for row in content(grid) if row[0] == "table"] == [("table", row) for row in TABLE]
    assert content(grid)[0] == ("text", ["云川县青禾镇2023年政府信息公开工作年度报告"])
    assert content(grid)[-1] == ("text", ["全年主动公开政府信息共计629条，其中网站179条、微信450条。"])
    assert not any(slot.doubt for row in grid.rows for slot in row.slots)
    assert [(slot.left, slot.right) for slot in grid.rows[1].slots] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert grid.rows[2].slots[1].place is not None
    assert (grid.rows[2].slots[1].place.page, grid.rows[2].slots[1].place.row) == (1, 2)
    assert grid.notes == ["内容由图片识别而来，请对照原件核对。"]


@needs_ocr
def test_ink_that_is_no_word_is_not_an_empty_cell() -> None:
    from PIL import Image, ImageDraw

    image = Image.open(io.BytesIO(drawn()))
    ImageDraw.Draw(image).line([(900, 450), (920, 480), (935, 445), (960, 485), (985, 450)], fill="black", width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    slot = read_scan(buffer.getvalue(), ".png").rows[4].slots[2]
    assert slot.text or slot.doubt
    assert slot.doubt or not slot.text.isdigit()


@needs_ocr
def test_refusals() -> None:
    from PIL import Image

    def refusal(data: bytes) -> str:
        with pytest.raises(Unreadable) as caught:
            read_scan(data, ".png")
        return caught.value.message

    blank, wide = io.BytesIO(), io.BytesIO()
    Image.new("L", (300, 300), 255).save(blank, "PNG")
    Image.new("1", (20_000, 4_000)).save(wide, "PNG")
    assert refusal(b"no picture") == "图片已损坏，或者不是可以识别的图片格式。"
    assert refusal(drawn()[:4000]) == "图片已损坏，或者不是可以识别的图片格式。"
    assert refusal(blank.getvalue()) == "图片里没有识别出任何文字。"
    assert refusal(wide.getvalue()) == "图片过大（20000×4000像素），未读取。"
    assert refusal(b"x" * 64_000_001) == "文件过大（64MB），超过64MB的上限，未读取。"
