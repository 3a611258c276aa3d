"""Room for publication at a set time."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0009_watch")]
    operations = []
