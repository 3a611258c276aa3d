"""Answers to what screening found say which of three they are; those given before said that the words may be published."""

from __future__ import annotations

from django.db import migrations, models

from gongkai.web.settings.triggers import across


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("disclosure", "0011_catalog_four_eyes")]
    operations = across(
        "disclosure_hitanswer",
        migrations.AddField(
            model_name="hitanswer",
            name="verdict",
            field=models.CharField(
                choices=[("justified", "可以公开"), ("mistaken", "误报"), ("rejected", "不得公开")],
                default="justified",
                max_length=10,
                verbose_name="认定",
            ),
        ),
    )
