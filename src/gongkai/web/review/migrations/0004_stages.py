"""Room for what comes next."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("review", "0003_run_indexes")]
    operations = []
