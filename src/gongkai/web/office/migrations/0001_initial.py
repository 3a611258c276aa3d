"""What people keep for themselves on the office's screens."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table."""

    dependencies = [("agencies", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL),
                ),
                ("page", models.CharField(choices=[("items", "信息")], max_length=20)),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(max_length=600)),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("person", "page", "name"), name="savedview_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("person", "page"), name="savedview_one_default"
                    ),
                ],
            },
        ),
    ]
