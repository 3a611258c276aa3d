"""What goes wrong with a report before anyone reads it. Each damage changes the draft and, where a place is lost, the truth.

After a damage a reader may leave any figure unread; it may never give another one. Where nobody can tell which figure
stands in which cell any more, the truth of the whole row (in table 4: of the table) becomes None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random

from tests.shapes.figures import COLUMNS
from tests.shapes.layout import Box, Draft, Sheet, Words, clipped, lay_out, tables
from tests.shapes.markup import split

ALIASES = {
    "行政规范性文件": "规范性文件",
    "行政事业性收费": "行政事业收费",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开",
    "（一）予以公开": "（一）同意公开",
    "（七）总计": "（七）合计",
    "本年制发件数": "本年度制发件数",
    "科研机构": "科研院所",
    "三、本年度办理结果": "三、本年办理结果",
    "四、结转下年度继续办理": "四、结转下一年度继续办理",
}
STRAYS = (
    "注：数据来源于各科室",
    "续表",
    "单位：件",
    "（此页无正文）",
    "打印 关闭",
    "上年同期12件",
    "行政许可",
    "总计",
    "2020年",
    "0",
    "第二十条",
)

Damage = Callable[[Draft, Random], Draft]

# Where columns are exact, two figures glued in one cell are simply another figure: nobody could tell.
ONLY_WITHOUT_COLUMNS = frozenset({"glue_cells"})
# Where figures stand side by side, one digit more or less makes other figures that look whole: nobody could tell. A blank
# between two of them makes the row plainer instead.
NOT_WHERE_GLUED = frozenset(
    {
        "extra_number",
        "glue_cells",
        "delete_value",
        "serial_numbers",
        "truncate",
        "lost_column",
        "drop_label",
        "drop_any_words",
        "join_cells",
    }
)


def _labels(draft: Draft) -> list[str]:
    return [box.text for sheet in draft.sheets for row in sheet.rows for box in row if box.kind == "label" and len(box.text) > 1]


def _relabel(draft: Draft, random: Random, change: Callable[[str], str], kinds: tuple[str, ...] = ("label",)) -> Draft:
    chosen = set(random.sample(_labels(draft), min(3, len(_labels(draft)))))
    return draft.with_boxes(lambda box: replace(box, text=change(box.text)) if box.kind in kinds and box.text in chosen else box)


def drop_label(draft: Draft, random: Random) -> Draft:
    """Up to three row labels are gone."""
    return _relabel(draft, random, lambda _text: "")


def drop_any_words(draft: Draft, random: Random) -> Draft:
    """A tenth of all label, group and head cells are empty."""
    return draft.with_boxes(lambda box: box if box.kind == "value" or random.random() > 0.1 else replace(box, text=""))


def misspell(draft: Draft, random: Random) -> Draft:
    """Characters of some labels replaced or lost."""

    def change(text: str) -> str:
        for _ in range(random.randint(1, 2)):
            at = random.randrange(len(text))
            text = text[:at] + random.choice(("", "止", "户", "口", "已")) + text[at + 1 :]
        return text or "口"

    return _relabel(draft, random, change)


def cut_label(draft: Draft, random: Random) -> Draft:
    """Some labels keep only their beginning or their end."""

    def change(text: str) -> str:
        at = random.randint(1, len(text) - 1)
        return text[:at] if random.random() < 0.5 else text[at:]

    return _relabel(draft, random, change)


def alias(draft: Draft, random: Random) -> Draft:
    """Other words for the same rows and columns."""
    return draft.with_boxes(lambda box: replace(box, text=ALIASES.get(box.text, box.text)))


def labels_in_words(draft: Draft, random: Random) -> Draft:
    """Row labels of the tables stand in the narrative, with and without figures of their own."""
    lines = [
        f"全年办理行政许可{random.randint(1, 99)}件、行政处罚{random.randint(1, 99)}件、行政强制0件，行政事业性收费{random.randint(1, 99)}万元。",
        f"予以公开{random.randint(1, 9)}件，部分公开{random.randint(1, 9)}件，不予公开0件。",
        f"行政许可：{random.randint(1, 99)}",
        "（一）予以公开",
        f"规章 {random.randint(1, 9)}",
        f"行政复议{random.randint(1, 9)}件，结果维持{random.randint(1, 9)}件",
        f"总计 {random.randint(1, 99)}",
    ]
    return _insert_words(draft, random, random.sample(lines, 4))


def _insert_words(draft: Draft, random: Random, lines: Iterable[str]) -> Draft:
    parts = list(draft.parts)
    for line in lines:
        parts.insert(random.randint(1, len(parts)), Words(line))
    return replace(draft, parts=tuple(parts))


# --- cells ---------------------------------------------------------------------------------------------------------


def _value_rows(draft: Draft) -> list[tuple[int, int]]:
    """(sheet, row) of every row that carries values."""
    return [(i, y) for i, sheet in enumerate(draft.sheets) for y, row in enumerate(sheet.rows) if any(box.address for box in row)]


def _with_row(draft: Draft, at: tuple[int, int], boxes: Iterable[Box]) -> Draft:
    i, y = at
    old = draft.sheets[i]
    new = replace(old, rows=(*old.rows[:y], tuple(boxes), *old.rows[y + 1 :]))
    return replace(draft, parts=tuple(new if part is old else part for part in draft.parts))


def _places(row: tuple[Box, ...]) -> list[int]:
    return [x for x, box in enumerate(row) if box.address]


def _address(row: tuple[Box, ...]) -> set[str]:
    return {row[_places(row)[0]].address or ""}


def delete_value(draft: Draft, random: Random) -> Draft:
    """Up to three figures are gone; whether their place can still be seen depends on the shape."""
    gone = set(random.sample(sorted(draft.figures.printed), 3))
    truth = {name: None if name in gone else value for name, value in draft.figures.truth.items()}
    emptied = draft.with_boxes(lambda box: replace(box, text="") if box.address in gone else box)
    return replace(emptied, figures=replace(draft.figures, truth=truth))


def extra_number(draft: Draft, random: Random) -> Draft:
    """Up to three rows carry one number too many."""
    for at in random.sample(_value_rows(draft), min(3, len(_value_rows(draft)))):
        row = draft.sheets[at[0]].rows[at[1]]
        place = random.randint(_places(row)[0], len(row))
        box = Box(str(random.choice((0, 1, 7))), kind="value")
        draft = replace(_with_row(draft, at, (*row[:place], box, *row[place:])), figures=draft.figures.unplaced(_address(row)))
    return draft


def _join(draft: Draft, random: Random, glue: str) -> Draft:
    rows = [at for at in _value_rows(draft) if len(_places(draft.sheets[at[0]].rows[at[1]])) > 1]
    for at in random.sample(rows, min(3, len(rows))):
        row = draft.sheets[at[0]].rows[at[1]]
        first = random.choice(_places(row)[:-1])
        one, two = row[first], row[first + 1]
        joined = replace(one, text=one.text + glue + two.text)
        draft = _with_row(draft, at, (*row[:first], joined, Box("", two.cols, kind="head"), *row[first + 2 :]))
        is_plain = glue or one.text == two.text == "0"
        figures = draft.figures.doubted(_address(row)) if is_plain else draft.figures.unplaced(_address(row))
        draft = replace(draft, figures=figures)
    return draft


def join_cells(draft: Draft, random: Random) -> Draft:
    """Two neighbouring figures in one cell with a blank between."""
    return _join(draft, random, " ")


def glue_cells(draft: Draft, random: Random) -> Draft:
    """Two neighbouring figures in one cell with nothing between: 1 and 0 become 10."""
    return _join(draft, random, "")


def glue_label(draft: Draft, random: Random) -> Draft:
    """The first figure sticks to its label."""
    for at in random.sample(_value_rows(draft), min(4, len(_value_rows(draft)))):
        row = draft.sheets[at[0]].rows[at[1]]
        first = _places(row)[0]
        if first and row[first - 1].kind == "label":
            joined = replace(row[first - 1], text=row[first - 1].text + row[first].text)
            boxes = (*row[: first - 1], joined, Box("", row[first].cols, kind="head"), *row[first + 1 :])
            draft = replace(_with_row(draft, at, boxes), figures=draft.figures.doubted(_address(row)))
    return draft


def letter_o(draft: Draft, random: Random) -> Draft:
    """Some zeros typed as the letter O or the numeral 〇."""
    return draft.with_boxes(
        lambda box: replace(box, text=random.choice("Oo〇")) if box.address and box.text == "0" and random.random() < 0.1 else box
    )


# --- rows, columns, tables -----------------------------------------------------------------------------------------


def repeat_heads(draft: Draft, random: Random) -> Draft:
    """Head rows again in the middle of table 3."""

    def change(sheet: Sheet) -> Sheet:
        if sheet.n_heads == 0 or sheet.id == "t4":
            return sheet
        at = random.randint(sheet.n_heads + 1, len(sheet.rows) - 1)
        upper, lower = split(sheet, at, repeat_heads=True)
        return replace(sheet, rows=upper.rows + lower.rows)

    return draft.with_sheets(change)


def _break(draft: Draft, random: Random, lines: tuple[str, ...]) -> Draft:
    parts: list[Words | Sheet] = []
    for part in draft.parts:
        if isinstance(part, Sheet) and len(part.rows) > 6:
            at = random.randint(part.n_heads + 1, len(part.rows) - 1)
            upper, lower = split(part, at, repeat_heads=False)
            parts += [upper, Words(random.choice(lines)), lower]
        else:
            parts.append(part)
    return replace(draft, parts=tuple(parts))


def page_number(draft: Draft, random: Random) -> Draft:
    """A bare page number between two rows of a table."""
    return _break(draft, random, ("3", "- 4 -", "第5页", "2 / 7", "—6—"))


def stray_line(draft: Draft, random: Random) -> Draft:
    """A line that does not belong there between two rows of a table."""
    return _break(draft, random, STRAYS)


def lost_rows(draft: Draft, random: Random) -> Draft:
    """Up to three rows are not printed at all."""
    figures = draft.figures
    for at in random.sample(_value_rows(draft), min(3, len(_value_rows(draft)))):
        row = draft.sheets[at[0]].rows[at[1]]
        if draft.sheets[at[0]].id != "t4":
            draft = _with_row(draft, at, (box for box in row if box.kind == "group"))
            figures = figures.unplaced(_address(row))
    return replace(draft, figures=figures)


def lost_table(draft: Draft, random: Random) -> Draft:
    """One table is not there."""
    gone = random.choice(draft.sheets)
    cells = {box.address for row in gone.rows for box in row if box.address}
    return replace(draft, parts=tuple(part for part in draft.parts if part is not gone), figures=draft.figures.unplaced(cells))


def swapped_rows(draft: Draft, random: Random) -> Draft:
    """Two neighbouring leaf rows of a table changed places, label and figures together."""

    def change(sheet: Sheet) -> Sheet:
        plain = [y for y in range(len(sheet.rows) - 1) if all(row[0].kind == "label" and row[-1].address for row in sheet.rows[y : y + 2])]
        same = [y for y in plain if len(sheet.rows[y]) == len(sheet.rows[y + 1])]
        if not same:
            return sheet
        y = random.choice(same)
        rows = list(sheet.rows)
        rows[y], rows[y + 1] = rows[y + 1], rows[y]
        return replace(sheet, rows=tuple(rows))

    return draft.with_sheets(change)


def swapped_columns(draft: Draft, random: Random) -> Draft:
    """Two organisation columns of table 3 changed places, head and figures together."""
    one, two = sorted(random.sample(range(1, 6), 2))

    def change(sheet: Sheet) -> Sheet:
        if sheet.id != "t3":
            return sheet
        rows = []
        for row in sheet.rows:
            boxes = list(row)
            first = _places(row)[0] if _places(row) else (-1 if len(row) == 5 else None)
            if first is not None:
                boxes[first + one], boxes[first + two] = boxes[first + two], boxes[first + one]
            rows.append(tuple(boxes))
        return replace(sheet, rows=tuple(rows))

    return draft.with_sheets(change)


def lost_column(draft: Draft, random: Random) -> Draft:
    """One organisation column of table 3 is not printed, neither head nor figures."""
    gone = random.randint(1, 5)

    def change(sheet: Sheet) -> Sheet:
        if sheet.id != "t3":
            return sheet
        rows = []
        for y, row in enumerate(sheet.rows):
            first = _places(row)[0] if _places(row) else (-1 if y == 2 else None)
            boxes = row if first is None else row[: first + gone] + row[first + gone + 1 :]
            rows.append(tuple(replace(box, cols=box.cols - 1) if box.text in ("申请人情况", "法人或其他组织") else box for box in boxes))
        return replace(sheet, width=sheet.width - 1, rows=tuple(rows))

    column = f".{COLUMNS[gone]}"
    figures = draft.figures
    truth = {name: None if name.startswith("t3.") and name.endswith(column) else value for name, value in figures.truth.items()}
    return replace(draft.with_sheets(change), figures=replace(figures, truth=truth))


def local_rows(draft: Draft, random: Random) -> Draft:
    """Rows that the form does not have: 行政检查, 备注, 填表人."""

    def change(sheet: Sheet) -> Sheet:
        if sheet.id == "t4":
            return sheet
        at = random.randint(sheet.n_heads + 1, len(sheet.rows))
        n_values = {"t2": 1, "t3": 7, "p": 1}[sheet.id]
        n_labels = sheet.width - n_values
        label = random.choice(("行政检查", "备注", "填表人：王某 联系电话：5550123", "其中：网上受理", "行政确认"))
        values = tuple(Box(str(random.randint(0, 9)), kind="head") for _ in range(n_values))
        upper, lower = (sheet.rows, ()) if at >= len(sheet.rows) else (u.rows for u in split(sheet, at, repeat_heads=False))
        return replace(sheet, rows=(*upper, (Box(label, n_labels, kind="head"), *values), *lower))

    return draft.with_sheets(change)


def serial_numbers(draft: Draft, _random: Random) -> Draft:
    """A column 序号 with running numbers left of table 3 and the statistics."""

    def change(sheet: Sheet) -> Sheet:
        if sheet.id not in ("t3", "p"):
            return sheet
        heads = ((Box("序号", 1, sheet.n_heads, "head"), *sheet.rows[0]), *sheet.rows[1 : sheet.n_heads])
        body = ((Box(str(number), kind="head"), *row) for number, row in enumerate(sheet.rows[sheet.n_heads :], 1))
        return replace(sheet, width=sheet.width + 1, rows=(*heads, *body))

    return draft.with_sheets(change)


# --- the whole document --------------------------------------------------------------------------------------------


def truncate(draft: Draft, random: Random) -> Draft:
    """The document ends between two cells, anywhere after the title."""
    tokens = sum(sum(map(len, part.rows)) if isinstance(part, Sheet) else 1 for part in draft.parts)
    left = random.randint(2, tokens - 1)
    parts: list[Words | Sheet] = []
    for part in draft.parts:
        if left <= 0:
            break
        if isinstance(part, Words):
            parts.append(part)
            left -= 1
            continue
        rows = []
        for row in part.rows:
            if left > 0:
                rows.append(row[:left])
                left -= len(row)
        parts.append(clipped(replace(part, rows=tuple(rows))))
    shown = {box.address for part in parts if isinstance(part, Sheet) for row in part.rows for box in row if box.address}
    figures = draft.figures
    gone = set(figures.printed) - shown
    truth = {name: None if name in gone else value for name, value in figures.truth.items()}
    return replace(draft, parts=tuple(parts), figures=replace(figures, truth=truth).doubted(gone))


def _sections(draft: Draft) -> list[list[Words | Sheet]]:
    groups: list[list[Words | Sheet]] = [[]]
    for part in draft.parts:
        if isinstance(part, Words) and part.role == "heading":
            groups.append([])
        groups[-1].append(part)
    return groups


def section_order(draft: Draft, random: Random) -> Draft:
    """Two sections changed places."""
    groups = _sections(draft)
    one, two = random.sample(range(1, len(groups)), 2)
    groups[one], groups[two] = groups[two], groups[one]
    return replace(draft, parts=tuple(part for group in groups for part in group))


def repeated_heading(draft: Draft, random: Random) -> Draft:
    """A section heading stands twice, or stands again at another place."""
    headings = [part for part in draft.parts if isinstance(part, Words) and part.role == "heading"]
    parts = list(draft.parts)
    parts.insert(random.randint(1, len(parts)), random.choice(headings))
    return replace(draft, parts=tuple(parts))


def lost_headings(draft: Draft, random: Random) -> Draft:
    """Most section headings are gone."""
    return replace(
        draft,
        parts=tuple(part for part in draft.parts if not (isinstance(part, Words) and part.role == "heading" and random.random() < 0.7)),
    )


def contents(draft: Draft, random: Random) -> Draft:
    """A table of contents that names every section, with or without page numbers."""
    headings = [part.text for part in draft.parts if isinstance(part, Words) and part.role == "heading"]
    dots = random.choice(("", "……………… {}", "........{}", "\t{}"))
    lines = [Words("目  录"), *(Words(text + dots.format(n + 1)) for n, text in enumerate(headings))]
    return replace(draft, parts=(draft.parts[0], *lines, *draft.parts[1:]))


def numbers_near_tables(draft: Draft, random: Random) -> Draft:
    """Narrative numbers on lines of their own right before and after a table."""
    parts: list[Words | Sheet] = []
    for part in draft.parts:
        is_sheet = isinstance(part, Sheet)
        if is_sheet and random.random() < 0.7:
            parts.append(Words(str(random.randint(0, 30))))
        parts.append(part)
        if is_sheet and random.random() < 0.7:
            parts.append(Words(random.choice((str(random.randint(0, 30)), "0 0 0", "2 条", f"较上年增加{random.randint(1, 9)}件"))))
    return replace(draft, parts=tuple(parts))


def two_tables(draft: Draft, random: Random) -> Draft:
    """After the report stand its tables once more with other figures, headed as last year's."""
    printed = {name: str(random.randint(0, 9)) for name in draft.figures.printed}
    old = replace(draft.figures, printed=printed)
    tail = (Words(f"附：{draft.figures.year - 1}年度数据"), *tables(old))
    return replace(draft, parts=(*draft.parts, *tail))


def two_reports(draft: Draft, random: Random) -> Draft:
    """Last year's whole report, with its own title and sections, stands after this year's."""
    printed = {name: str(random.randint(0, 9)) for name in draft.figures.printed}
    old = lay_out(replace(draft.figures, printed=printed, year=draft.figures.year - 1), random)
    return replace(draft, parts=(*draft.parts, *old.parts))


DAMAGES: Mapping[str, Damage] = {
    item.__name__: item
    for item in (
        drop_label, drop_any_words, misspell, cut_label, alias, labels_in_words, delete_value, extra_number, join_cells, glue_cells,
        glue_label, letter_o, repeat_heads, page_number, stray_line, lost_rows, lost_table, swapped_rows, swapped_columns, lost_column,
        local_rows, serial_numbers, truncate, section_order, repeated_heading, lost_headings, contents, numbers_near_tables, two_tables, two_reports,
    )
}  # fmt: skip
