"""What a row may still become is guarded too, and every row written is noted for the seal of its act."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from gongkai.web.settings.triggers import append_only, never_replaced, noted, refuse_when, renewed_guards, together

# Every table of the two apps that acts alone write, as they stand now. A later one says so in its own migration.
NOTED = (
    *(f"review_{name}" for name in ("revision", "stageplan", "run", "step", "assignment", "comment", "serial")),
    *(f"disclosure_{name}" for name in (
        "item", "publication", "delivery", "hitanswer", "validity", "link", "consultation", "specialtopic", "indexpattern", "jointorgan",
        "decision", "document", "fee", "nilreturn", "declaredfigure", "importbatch", "pastrun", "pastbatch", "material", "assignment",
        "merge", "decline", "itemsource", "unit", "member", "evidence", "endpoint", "transferlist", "transferline", "scheduled",
        "overturnedpenalty", "reassessment", "settlement", "errorreport", "erroranswer", "negativeterm", "catalogrow", "itemcatalogrow",
        "standing", "beginning", "catalogrun",
    )),
)  # fmt: skip
# Columns that name the entry of what happened to a row later, where nothing yet says that it is set once.
LATER = {"disclosure_endpoint": ("ended_by_id",), "disclosure_transferlist": ("handover_id", "voided_by_id")}


def _both(sql: str) -> tuple[str, str]:
    """The condition for SQLite and for PostgreSQL, which each have their own way to say "differs" and to read JSON."""
    lite, post = sql.replace(" DIFFERS ", " IS NOT "), sql.replace(" DIFFERS ", " IS DISTINCT FROM ")
    for name in ("title", "kind", "column", "attribute", "formed_on", "primary_channel"):
        lite = lite.replace(f"SAYS({name})", f"COALESCE(json_extract(said.content, '$.{name}'), '') IS NEW.\"{name}\"")
        post = post.replace(f"SAYS({name})", f"COALESCE(said.content->>'{name}', '') IS NOT DISTINCT FROM NEW.\"{name}\"::text")
    lite = lite.replace("STAGES", "json_each(NEW.stages) name")
    post = post.replace("STAGES", "jsonb_array_elements_text(NEW.stages) AS name(value)")
    return lite, post


def _once(table: str, column: str) -> Any:
    when = _both(f"OLD.{column} IS NOT NULL AND NEW.{column} DIFFERS OLD.{column}")
    return refuse_when(table, f"{table}_{column}_kept", "UPDATE", when, "已经办结的不能改回或者改成另一次办理")


_CURRENT = _both(
    "NEW.current_id IS NULL AND OLD.current_id IS NOT NULL OR NEW.current_id < OLD.current_id "
    "OR NEW.current_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_revision said WHERE said.id = NEW.current_id "
    "AND said.subject_kind = 'disclosure.item' AND said.subject_id = NEW.id "
    "AND SAYS(title) AND SAYS(kind) AND SAYS(column) AND SAYS(attribute) AND SAYS(formed_on) AND SAYS(primary_channel))"
)
_DISCARDED = _both(
    "NEW.is_discarded DIFFERS OLD.is_discarded AND (OLD.is_discarded OR NOT EXISTS (SELECT 1 FROM ledger_entry entry "
    "WHERE entry.object_kind = 'disclosure.item' AND entry.object_id = NEW.id AND entry.action IN ('disclosure.discard', 'disclosure.reject_hit')))"
)
_WITHDRAWN = _both(
    "OLD.withdrawal_id IS NOT NULL AND (NEW.withdrawal_id DIFFERS OLD.withdrawal_id OR NEW.withdrawn_on DIFFERS OLD.withdrawn_on) "
    "OR OLD.withdrawal_id IS NULL AND NEW.withdrawal_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry entry "
    "WHERE entry.id = NEW.withdrawal_id AND entry.id > NEW.entry_id AND entry.object_kind = 'disclosure.item' "
    "AND entry.object_id = NEW.item_id AND entry.action IN ('disclosure.withdraw', 'disclosure.publish') "
    "AND entry.occurred_on = NEW.withdrawn_on)"
)
_PROOF = _both("NEW.confirmed_on IS NULL AND NEW.evidence DIFFERS OLD.evidence")
_GROUP = "run.id = NEW.id OR run.id = NEW.lead_id OR run.lead_id = NEW.id OR run.lead_id = NEW.lead_id"
_CLOSED = _both(
    "OLD.state = 'open' AND ("
    "NEW.state = 'completed' AND EXISTS (SELECT 1 FROM STAGES WHERE NOT EXISTS (SELECT 1 FROM review_step step "
    "WHERE step.run_id = NEW.id AND step.stage = name.value AND step.is_passed AND step.voided_by_id IS NULL)) "
    "OR NEW.state = 'returned' AND NOT EXISTS (SELECT 1 FROM review_run run JOIN review_step step ON step.run_id = run.id "
    f"WHERE ({_GROUP}) AND NOT step.is_passed AND step.returned_to = '') "
    # Or somebody said of what screening found that it must not be published.
    "AND NOT EXISTS (SELECT 1 FROM ledger_entry entry WHERE entry.object_kind = NEW.subject_kind AND entry.object_id = NEW.subject_id "
    "AND entry.action = 'disclosure.reject_hit' AND entry.id > COALESCE(NEW.entry_id, 0)) "
    "OR NEW.state = 'void' AND NOT EXISTS (SELECT 1 FROM review_revision later WHERE later.subject_kind = NEW.subject_kind "
    "AND later.subject_id = NEW.subject_id AND later.id > NEW.revision_id) "
    "OR NEW.state = 'recalled' AND NOT EXISTS (SELECT 1 FROM ledger_entry entry WHERE entry.object_kind = NEW.subject_kind "
    "AND entry.object_id = NEW.subject_id AND entry.action = 'disclosure.recall' AND entry.id > COALESCE(NEW.entry_id, 0)))"
)


class Migration(migrations.Migration):
    """The guards, and the notes."""

    dependencies = [
        ("disclosure", "0014_past_before_the_beginning"),
        ("review", "0005_every_author"),
        ("ledger", "0004_seals"),
        ("agencies", "0003_accounts"),
    ]
    operations = [
        together(
            append_only(
                "disclosure_item", "索引号、发布机构和拟稿人不能改动，信息不能删除", columns=("agency_id", "index_number", "created_by_id")
            ),
            refuse_when(
                "disclosure_item", "item_repeats_current", "UPDATE", _CURRENT, "列表里的标题、类别等必须与当前这一稿相同，不能退回旧稿"
            ),
            refuse_when("disclosure_item", "item_discarded_by_act", "UPDATE", _DISCARDED, "作废必须有台账记录，作废后不能恢复"),
            refuse_when(
                "disclosure_publication", "publication_withdrawn_once", "UPDATE", _WITHDRAWN, "撤回必须有本条信息的台账记录，撤回后不能改动"
            ),
            refuse_when("disclosure_delivery", "delivery_proof_kept", "UPDATE", _PROOF, "渠道的凭证只能在登记时写入"),
            refuse_when("review_run", "run_closed_by_act", "UPDATE", _CLOSED, "审查只能由通过、退回、撤回或者新的一稿结束"),
            append_only("review_serial", "已用的编号不能改动或者删除", columns=("agency_id", "series", "year")),
            refuse_when("review_serial", "serial_only_grows", "UPDATE", ("NEW.last < OLD.last",) * 2, "已用的编号只能往后增加"),
            *[_once(table, column) for table, columns in LATER.items() for column in columns],
            never_replaced("agencies_signinrecord", "登录记录不能改动或者顶替"),
            renewed_guards(),
            *[noted(table) for table in NOTED],
        )
    ]
