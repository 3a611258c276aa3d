"""Room for what comes next."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies = [("agencies", "0003_person_home")]
    operations = []
