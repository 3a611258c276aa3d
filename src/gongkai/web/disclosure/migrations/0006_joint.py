"""Room for documents that several organs review."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("disclosure", "0005_content")]
    operations = []
