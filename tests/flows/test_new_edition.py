"""Adding an edition is adding a file: a form of 2030 with a new column is read and checked without a line of code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, pathlib, sys
from gongkai.law import store
store.DATA = pathlib.Path(sys.argv[1])
from gongkai.checks import check_report
from gongkai.reading import read_report
report = read_report(pathlib.Path(sys.argv[2]).read_bytes(), sys.argv[2])
print(json.dumps({
    "edition": report.edition,
    "archived": str(report.value("t2.normative_docs.archived")),
    "issued": str(report.value("t2.normative_docs.issued")),
    "errors": sorted(finding.code for finding in check_report(report) if finding.severity == "error"),
}))
"""


def _with_2030(root: Path, folder: Path) -> Path:
    """The law data with one file more: the form of 2021 with a fourth column in the first block of table two."""
    data = folder / "data"
    shutil.copytree(root / "src/gongkai/law/data", data)
    text = (data / "formats/2021.yaml").read_text(encoding="utf-8")
    text = text.replace('edition: "2021"', 'edition: "2030"\nlike: ["2021"]').replace("first_year: 2021", "first_year: 2030")
    text = text.replace(
        "          - {id: in_force, label: 现行有效件数, unit: 件}\n",
        "          - {id: in_force, label: 现行有效件数, unit: 件}\n          - {id: archived, label: 本年移送档案馆件数, unit: 件}\n",
    )
    (data / "formats/2030.yaml").write_text(text, encoding="utf-8")
    older = data / "formats/2021.yaml"
    older.write_text(older.read_text(encoding="utf-8").replace("last_year: null", "last_year: 2029"), encoding="utf-8")
    return data


def _report(root: Path, folder: Path) -> Path:
    """The bundled faulty report, moved to 2030 and printed in the new form."""
    text = (root / "src/gongkai/examples/township-2024-faulty.txt").read_text(encoding="utf-8").replace("2024", "2030")
    lines, figures = [], 0
    for line in text.splitlines():
        lines.append(line)
        word = line.strip()
        if word == "现行有效件数":
            lines.append("本年移送档案馆件数")
        elif word in ("规章", "行政规范性文件"):
            figures = 3
        elif figures and word:
            figures -= 1
            if not figures:
                lines.append("7")
    path = folder / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_new_edition_is_a_new_file(root: Path, tmp_path: Path) -> None:
    data, report = _with_2030(root, tmp_path), _report(root, tmp_path)
    run = subprocess.run([sys.executable, "-c", PROGRAM, str(data), str(report)], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout)
    assert told["edition"] == "2030"
    assert told["archived"] == "7"
    assert told["issued"] != "None"
    assert {"t3.row_total", "t3.outcome_total", "t4.total"} <= set(told["errors"])
