"""Room for the entrance for material."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0006_joint")]
    operations = []
