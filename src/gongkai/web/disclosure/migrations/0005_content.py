"""Room for what an item says beside its text: validity, links, consultations, topics."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0004_registers")]
    operations = []
