"""Gongkai 公开: government information disclosure work under State Council Decree 711.

Three flows run through the house::

    A  document ─ reading ─▶ Grid ─▶ AnnualReport ─ checks ─▶ Findings
    B  Draft ─ submit ─▶ three reviews + secrecy review ─▶ publish ─▶ channels, portal ──┐
    C  received ▶ registered ▶ examined ▶ handled ▶ replied ▶ archived ──────────────────┼▶ Ledger ─ tally ▶ AnnualReport ─ checks ▶ file ▶ accept ▶ publish
    D  reconsideration, litigation, declared figures ────────────────────────────────────┘

Flow A stands today, and of flow B the way of an item to publication: ``errors law clock timeliness report reading checks
screening letters cli web``. Rooms import only downwards; ``pyproject.toml`` draws the floors and the build keeps them.
"""

__version__ = "0.1.0"
