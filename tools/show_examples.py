"""``make examples``: check the bundled example reports and print what is found.

The examples contain errors on purpose, so findings are no failure here; a file that cannot be read is one.
"""

from __future__ import annotations

import sys

from gongkai.cli import main as gongkai
from tools.pages.example import ROOT, example_files


def main() -> int:
    """0 when every example could be read and checked."""
    files = [path.relative_to(ROOT).as_posix() for path in example_files()]
    print(f"$ gongkai check {' '.join(files)}\n", flush=True)
    status = gongkai(["check", *files])
    if status == 2:
        return 2
    print("These reports are made up and have errors put in. Check one of your own: .venv/bin/gongkai check FILE...")
    return 0


if __name__ == "__main__":
    sys.exit(main())
