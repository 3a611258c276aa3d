"""The bundled examples are what the writers write today."""

from __future__ import annotations

import io
import json

import docx
import lxml.html
import pytest

from gongkai.report.render import from_json, to_json
from tools.build_examples import EXAMPLES, build, trial_2020


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return build()


def test_every_example_is_bundled(built: dict[str, bytes]) -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir()) == sorted(built)


@pytest.mark.parametrize("name", ["township-2020.json", "township-2023.html", "township-2024-faulty.txt"])
def test_text_examples_are_up_to_date(name: str, built: dict[str, bytes]) -> None:
    assert (EXAMPLES / name).read_bytes() == built[name], "run: python tools/build_examples.py"


def test_the_word_example_is_up_to_date(built: dict[str, bytes]) -> None:
    # Packed bytes may differ with the compression library; what stands in the document may not.
    bundled, fresh = (
        docx.Document(io.BytesIO(data)) for data in ((EXAMPLES / "township-2024.docx").read_bytes(), built["township-2024.docx"])
    )
    assert bundled.element.xml == fresh.element.xml


def test_the_faulty_example_has_its_mistakes() -> None:
    lines = (EXAMPLES / "township-2024-faulty.txt").read_text(encoding="utf-8").splitlines()
    granted = lines.index("（一）予以公开")
    assert lines[granted + 1 : granted + 8] == ["2", "0", "0", "0", "0", "0", "3"]
    assert lines[lines.index("复议后起诉") + 16 :][:5] == ["1", "1", "0", "0", "1"]
    assert any("我县" in line for line in lines)
    assert any("新收政府信息公开申请6件" in line for line in lines)
    new = lines.index("一、本年新收政府信息公开申请数量")
    assert lines[new + 7] == "4"


def test_the_clean_examples_carry_over() -> None:
    page = lxml.html.fromstring((EXAMPLES / "township-2023.html").read_text(encoding="utf-8"))
    earlier = next(row for row in page.iter("tr") if "四、结转下年度继续办理" in row.text_content())
    later = docx.Document(io.BytesIO((EXAMPLES / "township-2024.docx").read_bytes())).tables[1].rows[4]
    assert (
        [cell.text_content() for cell in earlier.iter("td")]
        == [cell.text for cell in later.cells[3:]]
        == ["1", "0", "0", "0", "0", "0", "1"]
    )


def test_the_json_example_reads_back() -> None:
    report = from_json(json.loads((EXAMPLES / "township-2020.json").read_bytes()))
    assert to_json(report) == to_json(trial_2020())
    assert (report.organ, report.year, report.edition) == ("澜汀县石榆乡人民政府", 2020, "2019")
