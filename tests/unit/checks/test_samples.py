"""What the checks say of real reports, hand-checked: every error is one that the clerk would own to, and none is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.checks import check_report, compare_reports
from gongkai.reading import read_report

pytestmark = pytest.mark.samples

DIRECT, AFTER = "t4.litigation_direct.total", "t4.litigation_after_reconsideration.total"
ERRORS = {
    "seed_000.txt": [("t4.total", DIRECT), ("t4.total", AFTER)],
    "seed_001.txt": [],
    "seed_002.txt": [("text.self_name", "我县"), ("text.self_name", "我办")],
    "seed_003.txt": [],
    "seed_004.txt": [],
    "hongze_2023.pdf": [("t4.total", "t4.reconsideration.total"), ("t4.total", AFTER)],
    "hongze_2024.pdf": [],
    "huaian_2024.pdf": [],
}
WARNINGS = {
    "seed_000.txt": ["s1.appraisal"],
    "seed_001.txt": ["t2.delta", "text.dangling", "text.empty_part"],
    "seed_002.txt": ["report.headings", "preface.contact", "s1.parts", "t2.labels", "s6.fee_status", "text.numbering"],
    "seed_003.txt": ["preface.contact", "s6.fee_status"],
    "seed_004.txt": ["preface.contact", "s1.parts", "s6.fee_status"],
    "hongze_2023.pdf": ["s1.appraisal", "t3.labels", "t3.merged_row"],
    "hongze_2024.pdf": ["t3.labels", "t3.merged_row"],
    "huaian_2024.pdf": ["s6.fee_notices"],
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_and_warnings(samples: Path, name: str) -> None:
    found = check_report(read_report((samples / name).read_bytes(), name=name))
    errors = [finding for finding in found if finding.severity == "error"]
    assert [(finding.code, finding.cells[0] if finding.cells else finding.message[5:7]) for finding in errors] == ERRORS[name]
    assert [finding.code for finding in found if finding.severity == "warning"] == WARNINGS[name]


def test_two_years_of_one_district(samples: Path) -> None:
    older, newer = (read_report((samples / name).read_bytes(), name=name) for name in ("hongze_2023.pdf", "hongze_2024.pdf"))
    assert [(finding.code, finding.severity, finding.cells) for finding in compare_reports(newer, older)] == [
        ("tie.jump", "notice", ("t2.licensing.decisions",)),
        ("tie.reused", "notice", ()),
    ]
