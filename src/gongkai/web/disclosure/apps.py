"""The app as Django loads it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that hold actions: loading them lets the actions be known.
ACTIONS = (
    "actions", "registers.actions", "about.actions", "about.consultations", "past.actions", "past.beginnings", "material.actions",
    "joint.actions", "standing.actions", "standing.catalogs", "exporting", "schedule.actions", "watch.actions",
    "channels.actions", "channels.transfers", "soliciting.actions", "questionnaires.actions", "suggesting.actions",
)  # fmt: skip
# What ``gongkai verify`` asks of this app: module and function.
WITNESSES = (
    ("witness", "revisions_hold"),
    ("witness", "publications_hold"),
    ("witness", "items_hold"),
    ("kept_files", "files_hold"),
    ("kept_files", "attachments_hold"),
    ("registers.witness", "registers_hold"),
    ("registers.witness", "ends_hold"),
    ("registers.witness", "batches_hold"),
    ("about.witness", "validities_hold"),
    ("about.witness", "links_hold"),
    ("about.witness", "consultations_hold"),
    ("about.witness", "topics_hold"),
    ("past.witness", "past_holds"),
    ("past.witness", "beginnings_hold"),
    ("material.witness", "material_holds"),
    ("material.witness", "units_hold"),
    ("standing.witness", "negative_lists_hold"),
    ("standing.witness", "catalogs_hold"),
    ("standing.witness", "standings_hold"),
    ("schedule.witness", "schedules_hold"),
    ("watch.witness", "watch_holds"),
    ("soliciting.witness", "soliciting_holds"),
    ("questionnaires.witness", "questionnaires_hold"),
    ("suggesting.witness", "suggestions_hold"),
    ("public.topics", "places_hold"),
    ("channels.witness", "deliveries_hold"),
    ("channels.witness", "evidence_holds"),
    ("channels.witness", "pushes_hold"),
    ("channels.witness", "lists_hold"),
)
# What the worker does for this app: name, words, seconds between two rounds, module and function (which gives how much it did).
JOBS = (
    ("index_proof", "核对检索索引", 86_400.0, "following", "prove_index"),
    ("index", "更新检索索引", 0.5, "following", "follow"),
    ("schedule", "定时发布", 10.0, "schedule.actions", "publish_due"),
    ("past", "导入以前发布的信息", 5.0, "past.actions", "take_due"),
    ("push", "推送到其他渠道", 15.0, "channels.outgoing", "push_due"),
    ("likeness", "查找重复和矛盾的信息", 20.0, "watch.likeness", "refresh"),
)


class DisclosureConfig(AppConfig):
    """Proactive disclosure: items from draft to channel."""

    name = "gongkai.web.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let ``gongkai verify`` ask this app, and let the actions be known."""
        from gongkai.web.ledger import proof
        from gongkai.web.ledger.work import Job, add_job

        import_module(f"{self.name}.watch.sealed")
        for module in ACTIONS:
            import_module(f"{self.name}.{module}")
        for module, function in WITNESSES:
            witness = getattr(import_module(f"{self.name}.{module}"), function)
            if witness not in proof.WITNESSES:
                proof.WITNESSES.append(witness)
        for job, title, every, module, function in JOBS:
            add_job(Job(job, title, every, getattr(import_module(f"{self.name}.{module}"), function)))
