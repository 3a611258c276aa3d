"""The seals beside the entries, and the notes from which they are made."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from gongkai.web.settings.triggers import across, append_only, by_vendor


class Migration(migrations.Migration):
    """Two tables, and the column that lets the chain cover the seals."""

    dependencies = [("ledger", "0003_fewer_indexes")]
    operations = [
        *across("ledger_entry", migrations.AddField("ledgerentry", "sealed", models.CharField(blank=True, default="", max_length=64))),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="ledger.ledgerentry",
                    ),
                ),
                ("rows", models.TextField()),
            ],
            options={"db_table": "ledger_seal"},
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=63)),
                ("row", models.BigIntegerField()),
                ("transaction", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "ledger_touched"},
        ),
        append_only("ledger_seal", "台账的封存不能改动或者删除"),
        by_vendor(
            sqlite="",
            postgresql=(
                "CREATE FUNCTION ledger_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                'INSERT INTO ledger_touched (kind, "row", "transaction") VALUES (TG_TABLE_NAME, '
                "CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END, pg_current_xact_id()::text::bigint); RETURN NULL; END $$"
            ),
            undo_sqlite="",
            undo_postgresql="DROP FUNCTION ledger_note()",
        ),
    ]
