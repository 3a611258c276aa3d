"""The database itself refuses to change or delete a ledger entry."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import append_only


class Migration(migrations.Migration):
    """The guards."""

    dependencies = [("ledger", "0001_initial")]
    operations = [
        append_only("ledger_entry", "台账只能追加，不能修改或者删除"),
    ]
