"""Bytes that make no sense or mean harm: a report or ``Unreadable``, in bounded time, and nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import FrameType

import pytest

from gongkai.reading import Unreadable, read_report
from gongkai.report import AnnualReport
from tests.shapes.hostile import MUTATIONS, hostile, mutated_member, seeds_of_fuzz

N = 400 if os.environ.get("GONGKAI_TESTS") == "deep" else 8
SECONDS = 10.0
PACKAGES = (".docx", ".xlsx")


class TookTooLong(Exception):
    """The reader did not come back in time."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read(data: bytes, name: str) -> AnnualReport | None:
    """The report, or ``None`` when it is refused; anything else fails the test."""
    try:
        with _at_most(SECONDS):
            report = read_report(data, name)
    except Unreadable as error:
        assert error.message
        return None
    assert isinstance(report, AnnualReport)
    return report


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", list(seeds_of_fuzz()))
def test_mutated_bytes(name: str, mutation: str) -> None:
    data = seeds_of_fuzz()[name]
    for seed in range(N):
        _read(MUTATIONS[mutation](data, Random(f"{name}{mutation}{seed}")), name)


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", [name for name in seeds_of_fuzz() if name.endswith(PACKAGES)])
def test_mutated_parts_of_a_whole_package(name: str, mutation: str) -> None:
    data = seeds_of_fuzz()[name]
    for seed in range(N):
        random = Random(f"{name}{mutation}{seed}")
        _read(mutated_member(data, MUTATIONS[mutation], random), name)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".xlsx", ".pdf", ".json"])
def test_a_document_under_the_suffix_of_another(suffix: str) -> None:
    for name, data in seeds_of_fuzz().items():
        _read(data, name.rsplit(".", 1)[0] + suffix)


@pytest.mark.parametrize(("what", "name", "maker"), [pytest.param(*case, id=case[0]) for case in hostile()])
def test_hostile_documents(what: str, name: str, maker: Callable[[], bytes]) -> None:
    _read(maker(), name)


def test_an_encrypted_pdf_says_so() -> None:
    maker = next(maker for what, _, maker in hostile() if what == "PDF behind a password")
    with pytest.raises(Unreadable):
        read_report(maker(), "secret.pdf")


@pytest.mark.parametrize("suffix", [".txt", ".html", ".docx", ".xlsx", ".pdf", ".json"])
def test_an_empty_file_is_unreadable(suffix: str) -> None:
    with pytest.raises(Unreadable):
        read_report(b"", f"empty{suffix}")
