"""Room for what is watched: reassessment, errors reported, near-duplicates."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0008_channels")]
    operations = []
