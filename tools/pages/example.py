"""The example of the two READMEs: what the command prints today, word for word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "src" / "gongkai" / "examples"


def example_files() -> list[Path]:
    """The bundled example reports, in the order of their names."""
    return sorted(path for path in EXAMPLES.iterdir() if path.is_file() and path.suffix not in {".py", ".md"})


def shown(name: str) -> str:
    """The command that checks the example ``name`` and what it prints, as a Markdown block."""
    path = (EXAMPLES / name).relative_to(ROOT).as_posix()
    return f"```console\n$ gongkai check {path}\n{printed('check', path)}```\n"


def printed(*arguments: str) -> str:
    """What ``gongkai`` prints for these arguments, on a plain stream; RuntimeError when it cannot run."""
    command = [sys.executable, "-m", "gongkai.cli", *arguments]
    plain = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env=plain, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return "".join(line.rstrip() + "\n" for line in run.stdout.rstrip().splitlines())
