"""Two indexes fewer: those that Django gives every foreign key say nothing that the auditor's own do not say.

They go by their names, because altering the columns would make the guarded table anew on SQLite.
"""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAMES = {"ledger_entry_agency_id_bd6551de": "agency_id", "ledger_entry_person_id_88895867": "person_id"}


class Migration(migrations.Migration):
    """Columns stay as they are."""

    dependencies = [("agencies", "0003_accounts"), ("ledger", "0002_append_only")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON ledger_entry ({column})") for name, column in NAMES.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="ledgerentry",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                migrations.AlterField(
                    model_name="ledgerentry",
                    name="agency",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
            ],
        )
    ]
