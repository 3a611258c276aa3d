"""Publication at a set time: what was set is kept, and ends once."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor

ENDED = "定时发布已经结束，不能再改"
ONCE = "OLD.cancelled_id IS NOT NULL OR OLD.done_id IS NOT NULL OR OLD.failed_id IS NOT NULL"


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0007_watch")]
    operations = [
        migrations.CreateModel(
            name="Scheduled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scheduled", to="disclosure.item")),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision")),
                ("publish_at", models.DateTimeField(verbose_name="发布时间")),
                ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.post")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "cancelled",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                (
                    "done",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="scheduled", to="disclosure.publication"
                    ),
                ),
                (
                    "failed",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                ("failure", models.CharField(blank=True, max_length=500, verbose_name="没有发布的原因")),
            ],
            options={
                "ordering": ("publish_at", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled__isnull", True), ("done__isnull", True), ("failed__isnull", True)),
                        fields=["publish_at"],
                        name="scheduled_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled__isnull", True), ("done__isnull", True), ("failed__isnull", True)),
                        fields=("item",),
                        name="scheduled_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled__isnull", True), ("done__isnull", True)),
                            models.Q(("cancelled__isnull", True), ("failed__isnull", True)),
                            models.Q(("done__isnull", True), ("failed__isnull", True)),
                            _connector="OR",
                        ),
                        name="scheduled_ends_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failed__isnull", True), ("failure", "")),
                            models.Q(("failed__isnull", False), models.Q(("failure", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="scheduled_fails_with_words",
                    ),
                ],
            },
        ),
        append_only(
            "disclosure_scheduled",
            "定时发布的记录不能改动或者删除，只能取消",
            columns=("item_id", "revision_id", "publish_at", "set_by_id", "post_id", "entry_id"),
        ),
        by_vendor(
            sqlite=f"CREATE TRIGGER scheduled_ends_once BEFORE UPDATE ON disclosure_scheduled WHEN {ONCE} BEGIN SELECT RAISE(ABORT, '{ENDED}'); END",
            postgresql=(
                "CREATE FUNCTION scheduled_ends_once() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{ENDED}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                "CREATE TRIGGER scheduled_ends_once BEFORE UPDATE ON disclosure_scheduled FOR EACH ROW "
                f"WHEN ({ONCE}) EXECUTE FUNCTION scheduled_ends_once()"
            ),
            undo_sqlite="DROP TRIGGER scheduled_ends_once",
            undo_postgresql="DROP TRIGGER scheduled_ends_once ON disclosure_scheduled;;DROP FUNCTION scheduled_ends_once()",
        ),
    ]
