"""Room for what stands per organ: negative list, catalogue, guide and rules."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0010_schedule")]
    operations = []
