"""The wheel holds the program with its data, nothing else, and runs where only it and its dependencies are."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT, tracked_files

SUFFIXES_OF_DATA = {".yaml", ".css", ".typ"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the tool of the lock, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {f"gongkai/{path.relative_to(PACKAGE).as_posix()}" for path in tracked_files() if path.is_relative_to(PACKAGE)}
    assert held == package


def test_the_wheel_names_its_licence_and_no_development_tool(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    assert "License-Expression: Apache-2.0" in metadata
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert not [line for line in required if "pytest" in line or "ruff" in line]


def test_the_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked and run away from the repository: the data are found, and the command answers."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import gongkai.cli; print(gongkai.__file__); sys.exit(gongkai.cli.main(sys.argv[1:]))"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "law", "editions"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(tmp_path))
    assert "国办公开办函〔2021〕30号" in run.stdout


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f'__version__ = "{project["version"]}"' in (PACKAGE / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("lock", "key"), [("core", None), ("ocr", "ocr"), ("s3", "s3"), ("dev", None)])
def test_locks_hold_what_the_project_asks_for(lock: str, key: str | None) -> None:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(content["project"]["dependencies"])
    wanted += content["project"]["optional-dependencies"][key] if key else []
    wanted += content["dependency-groups"]["dev"] if lock == "dev" else []
    pinned = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    names = [line.partition("==")[0] for line in pinned.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert sorted(line.partition(">=")[0].lower() for line in wanted if line.partition(">=")[0].lower() not in names) == []


def test_locks_agree_with_each_other() -> None:
    """What several locks pin, they pin at one version."""
    versions: dict[str, set[str]] = {}
    for lock in (ROOT / "requirements").glob("*.txt"):
        for line in lock.read_text(encoding="utf-8").splitlines():
            if "==" in line and line[0].isalnum():
                name, _, rest = line.partition("==")
                versions.setdefault(f"{name}{rest.partition(' ')[2]}", set()).add(rest.split(" ")[0])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
