"""Room for what channels carried, and proof."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0007_material")]
    operations = []
