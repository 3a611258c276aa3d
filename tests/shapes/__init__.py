"""Annual reports in every shape seen in the world, with the truth of each, for property and fuzz tests.

::

    figures ─▶ layout (a Draft) ─▶ damage ─▶ dress ─▶ textual | markup | office ─▶ Sample(name, data, figures)

Nothing in here knows how reports are read. A seed gives the same sample for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from gongkai.report import AnnualReport
from tests.shapes import markup, office, textual
from tests.shapes.damage import DAMAGES, NOT_WHERE_GLUED, ONLY_WITHOUT_COLUMNS
from tests.shapes.dress import DRESSES
from tests.shapes.figures import EDITIONS, MANNERS, SIZES, Figures, draw_figures
from tests.shapes.layout import Draft, lay_out

__all__ = ["DAMAGES", "SHAPES", "Recipe", "Sample", "Shape", "Verdict", "draw_recipe", "judge", "make"]


@dataclass(frozen=True)
class Shape:
    """A way to write a report down.

    ``trace`` says what an empty cell leaves: ``exact`` its column, ``ragged`` something, ``none`` nothing. A ``strict``
    shape shows every figure beyond doubt, so a reader must read them all.
    """

    name: str
    suffix: str
    render: Callable[[Draft, Random], str | bytes]
    trace: str
    strict: bool = True

    @property
    def is_glued(self) -> bool:
        """Whether figures stand side by side without anything between."""
        return self.name.startswith("glued")


def _shapes() -> list[Shape]:
    lines, rows, full = ("none", "ragged", "exact")
    return [
        Shape("cell_lines", ".txt", textual.cell_lines, lines),
        Shape("cell_lines_spaced", ".txt", textual.cell_lines_spaced, lines),
        Shape("cell_lines_bar", ".txt", textual.cell_lines_bar, rows),
        Shape("bar_line_rows", ".txt", textual.bar_line_rows, rows),
        Shape("bar_line_cells", ".txt", textual.bar_line_cells, lines),
        Shape("bar_rows", ".txt", textual.bar_rows, rows),
        Shape("bar_columns", ".txt", textual.bar_columns, full),
        Shape("markdown", ".md", textual.markdown, full),
        Shape("tabs", ".txt", textual.tabs, rows),
        Shape("tabs_exact", ".txt", textual.tabs_exact, full),
        Shape("aligned", ".txt", textual.aligned, rows),
        Shape("label_numbers", ".txt", textual.label_numbers, lines),
        Shape("one_line", ".txt", textual.one_line, lines),
        Shape("one_paragraph", ".txt", textual.one_paragraph, lines, strict=False),
        Shape("glued_rows", ".txt", textual.glued_rows, lines),
        Shape("glued_table", ".txt", textual.glued_table, lines, strict=False),
        Shape("paged", ".txt", textual.paged, lines),
        Shape("torn_markdown", ".md", textual.torn_markdown, rows, strict=False),
        Shape("labels_then_numbers", ".txt", textual.labels_then_numbers, lines, strict=False),
        Shape("wrapped_rows", ".txt", textual.wrapped_rows, lines, strict=False),
        Shape("html_spans", ".html", markup.html_spans, full),
        Shape("html_open", ".html", markup.html_open, full),
        Shape("html_nested", ".html", markup.html_nested, full),
        Shape("html_word", ".html", markup.html_word, full),
        Shape("html_script", ".html", markup.html_script, full),
        Shape("html_blocks", ".html", markup.html_blocks, lines),
        Shape("html_pages", ".html", markup.html_pages, full),
        Shape("html_loose", ".html", markup.html_loose, rows, strict=False),
        Shape("html_hidden", ".html", markup.html_hidden, full),
        Shape("html_preformatted", ".html", markup.html_preformatted, rows),
        Shape("docx_merged", ".docx", office.docx_merged, full),
        Shape("docx_runs", ".docx", office.docx_runs, full),
        Shape("docx_revised", ".docx", office.docx_revised, full),
        Shape("docx_loose", ".docx", office.docx_loose, rows, strict=False),
        Shape("docx_lines", ".docx", office.docx_lines, rows),
        Shape("xlsx_page", ".xlsx", office.xlsx_page, full),
        Shape("xlsx_sheets", ".xlsx", office.xlsx_sheets, full),
        Shape("pdf_bordered", ".pdf", office.pdf_bordered, full),
        Shape("pdf_borderless", ".pdf", office.pdf_borderless, rows, strict=False),
        Shape("json_object", ".json", office.json_object, full),
    ]


SHAPES = {shape.name: shape for shape in _shapes()}
# Words that a careful person recognises without fail; the other dresses cost certainty.
CERTAIN_DRESSES = frozenset({"plain", "half_width", "spaced", "wrapped", "cut_heads", "slips", "vertical", "traditional", "pinyin"})


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a sample; the same recipe makes the same bytes."""

    shape: str
    seed: int
    edition: str = "2021"
    size: str = "few"
    balanced: bool = True
    holes: int = 0
    manner: str = "plain"
    dress: str = "plain"
    furniture: bool = False
    encoding: str = "utf-8"
    newline: str = "\n"
    damage: str | None = None


@dataclass(frozen=True)
class Sample:
    """A document with its truth. ``strict``: every figure shown must be read."""

    recipe: Recipe
    name: str
    data: bytes
    figures: Figures
    strict: bool


def draw_recipe(shape: str, seed: int, *, damage: str | None = None) -> Recipe:
    """A recipe for that shape with everything else drawn from the seed."""
    random = Random(f"{shape}/{seed}/{damage}")
    glued = SHAPES[shape].is_glued
    dress = random.choice(("plain", *DRESSES))
    encodings = ["utf-8", "utf-8", "utf-8-sig", "gb18030"] + ["big5"] * (dress == "traditional")
    return Recipe(
        shape=shape,
        seed=seed,
        edition=random.choices(EDITIONS, (5, 2, 3, 2))[0],
        size=random.choice(SIZES),
        balanced=random.random() < 0.7,
        holes=0 if damage or glued or random.random() < 0.5 else random.randint(1, 12),
        manner="plain" if glued else random.choice(("plain", *MANNERS)),
        dress="plain" if shape == "json_object" else dress,
        furniture=random.random() < 0.5,
        encoding=random.choice(encodings) if SHAPES[shape].suffix in (".txt", ".md", ".html") else "utf-8",
        newline=random.choice(("\n", "\n", "\r\n")),
        damage=damage,
    )


def make(recipe: Recipe) -> Sample:
    """The document of the recipe."""
    shape, random = SHAPES[recipe.shape], Random(f"{recipe.shape}:{recipe.seed}")
    figures = draw_figures(
        random, edition=recipe.edition, size=recipe.size, balanced=recipe.balanced, holes=recipe.holes, manner=recipe.manner
    )
    draft = lay_out(figures, random, furniture=recipe.furniture)
    draft = DRESSES[recipe.dress](draft, random)
    if recipe.damage:
        draft = DAMAGES[recipe.damage](draft, random)
    draft = replace(draft, figures=_seen(draft, shape))
    content = shape.render(draft, random)
    data = content if isinstance(content, bytes) else _encode(content, recipe)
    # Wide digits break over two lines of a narrow cell, and then nothing tells one figure from two.
    is_broken = shape.suffix == ".pdf" and recipe.manner == "full_width"
    # A hole is sure to be told from a shift only where every column is exact.
    is_open = recipe.holes > 0 and shape.trace != "exact"
    strict = shape.strict and recipe.damage is None and recipe.dress in CERTAIN_DRESSES and not (is_broken or is_open)
    return Sample(recipe, f"{recipe.shape}-{recipe.seed}{shape.suffix}", data, draft.figures, strict)


def may_damage(shape: str, damage: str) -> bool:
    """Whether that damage makes sense in that shape."""
    item = SHAPES[shape]
    if item.is_glued and damage in NOT_WHERE_GLUED:
        return False
    return shape != "json_object" and (damage not in ONLY_WITHOUT_COLUMNS or item.trace == "none")


def _encode(text: str, recipe: Recipe) -> bytes:
    text = text.replace("\n", recipe.newline).replace('charset="utf-8"', f'charset="{recipe.encoding.removesuffix("-sig")}"')
    if recipe.encoding == "big5":  # the forms that Taiwan writes
        text = text.replace("爲", "為").replace("衆", "眾")
    try:
        return text.encode(recipe.encoding)
    except UnicodeEncodeError:  # Big5 lacks characters that the text has
        return text.encode("utf-8")


# --- what can be seen ----------------------------------------------------------------------------------------------


def _seen(draft: Draft, shape: Shape) -> Figures:
    """The truth that the shape still shows."""
    empty = draft.empty_cells()
    figures = draft.figures
    if shape.trace == "none":
        figures = figures.unplaced(empty)
    elif shape.trace == "ragged":
        figures = figures.doubted(empty)
    if shape.is_glued:
        rows = {figures.scope(name) for name in figures.printed}
        figures = figures.unplaced({min(row) for row in rows if len(row) > 1 and not _is_certain(figures, row)})
    return figures


def _is_certain(figures: Figures, row: frozenset[str]) -> bool:
    parts = [shown for name, shown in figures.printed.items() if name in row]
    return ways_to_cut("".join(parts), len(parts)) == 1


_FIGURE = re.compile(r"-|(0|[+-]?[1-9][0-9]*)(\.[0-9]+)?")


@lru_cache(maxsize=20000)
def ways_to_cut(text: str, n: int) -> int:
    """In how many ways the text is exactly ``n`` figures side by side; no figure starts with a needless zero,
    and a stroke may be a cell of its own: 0-60 is 0, -6, 0 or 0, -, 60."""
    if n == 0 or not text:
        return int(n == 0 and not text)
    return sum(ways_to_cut(text[end:], n - 1) for end in range(1, min(len(text), 12) + 1) if _FIGURE.fullmatch(text[:end]))


# --- verdict -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """How a reading compares with the truth: numbers of cells, and the cells read wrong or invented."""

    n_right: int
    n_shown: int
    wrong: tuple[str, ...]
    invented: tuple[str, ...]
    missed: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def n_missed(self) -> int:
        """Cells whose figure is shown and was left unread."""
        return len(self.missed)

    @property
    def is_honest(self) -> bool:
        """No figure is given that the document does not show."""
        return not self.wrong and not self.invented and not self.facts


def judge(sample: Sample, report: AnnualReport) -> Verdict:
    """Compare cell by cell, over every address that either knows."""
    truth, right, wrong, invented, missed = sample.figures.truth, 0, [], [], []
    for address in sorted(truth.keys() | report.cells.keys()):
        want, read = truth.get(address), report.value(address)
        if want is None:
            if read is not None:
                invented.append(f"{address}: read {read}")
        elif read is None:
            if address not in sample.figures.doubtful:
                missed.append(address)
        elif read == want:
            right += 1
        else:
            wrong.append(f"{address}: read {read}, is {want}")
    facts = []
    if report.year not in (None, sample.figures.year):
        facts.append(f"year: read {report.year}, is {sample.figures.year}")
    if sample.strict and report.edition != sample.figures.edition:
        facts.append(f"edition: read {report.edition}, is {sample.figures.edition}")
    shown = sum(value is not None for value in truth.values())
    return Verdict(right, shown, tuple(wrong), tuple(invented), tuple(missed), tuple(facts))
