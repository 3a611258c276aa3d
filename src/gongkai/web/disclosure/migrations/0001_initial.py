"""Items, publications, what channels carried, and past publications."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every table of them."""

    dependencies = [("agencies", "0001_initial"), ("ledger", "0001_initial"), ("review", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="agencies.agency", verbose_name="发布机构"
                    ),
                ),
                ("index_number", models.CharField(max_length=60, unique=True, verbose_name="索引号")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "政策文件"),
                            ("interpretation", "政策解读"),
                            ("news", "工作动态"),
                            ("notice", "通知公告"),
                            ("budget", "预算决算"),
                            ("procurement", "政府采购"),
                            ("licence", "行政许可"),
                            ("penalty", "行政处罚"),
                            ("coercion", "行政强制"),
                            ("fee", "行政事业性收费"),
                            ("clarification", "澄清"),
                            ("concern", "回应关切"),
                            ("joint", "联合发文"),
                            ("guide", "公开指南"),
                            ("institution", "公开制度"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("column", models.CharField(max_length=20, verbose_name="栏目")),
                (
                    "attribute",
                    models.CharField(
                        choices=[("proactive", "主动公开"), ("on_request", "依申请公开"), ("withheld", "不予公开")],
                        max_length=20,
                        verbose_name="公开属性",
                    ),
                ),
                ("formed_on", models.DateField(verbose_name="形成或者变更之日")),
                (
                    "primary_channel",
                    models.CharField(
                        choices=[
                            ("site", "政府网站"),
                            ("wechat", "微信公众号"),
                            ("weibo", "微博"),
                            ("notice_board", "公开栏"),
                            ("gazette", "政府公报"),
                            ("radio", "广播"),
                            ("tv", "电视"),
                            ("led_screen", "电子显示屏"),
                            ("service_window", "服务窗口"),
                            ("leaflet", "宣传单、赶集日宣传"),
                            ("oa", "办公系统"),
                            ("archive", "移送档案馆、图书馆"),
                        ],
                        max_length=20,
                        verbose_name="主渠道",
                    ),
                ),
                (
                    "current",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision"),
                ),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("is_discarded", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["agency", "-id"], name="item_of_agency"),
                    models.Index(condition=models.Q(("is_discarded", True)), fields=["id"], name="item_discarded"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PastRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_digest", models.CharField(max_length=64)),
                ("n_items", models.PositiveIntegerField(verbose_name="条数")),
                ("outline", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=300, verbose_name="来源")),
                (
                    "handed_in_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("is_approved", models.BooleanField(null=True)),
                (
                    "decision",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True), models.Q(("decided_by", models.F("handed_in_by")), _negated=True), _connector="OR"
                        ),
                        name="pastrun_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("decision__isnull", True), ("is_approved__isnull", True)),
                            models.Q(("decided_by__isnull", False), ("decision__isnull", False), ("is_approved__isnull", False)),
                            _connector="OR",
                        ),
                        name="pastrun_decided_with_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_approved__isnull", True), ("is_approved", True), _connector="OR"),
                        fields=("agency", "file_digest"),
                        name="pastrun_file_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HitAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hit_answers", to="disclosure.item")),
                ("field", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=60)),
                ("mark", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="PastBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="disclosure.pastrun")),
                ("number", models.PositiveIntegerField()),
                ("n_items", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("run", "number"),
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="pastbatch_once")],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="disclosure.item")),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision")),
                (
                    "run",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="review.run"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="disclosure.pastbatch"
                    ),
                ),
                ("primary_channel", models.CharField(max_length=20)),
                ("published_on", models.DateField(verbose_name="发布日期")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="撤回日期")),
                (
                    "withdrawal",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["published_on", "primary_channel"], name="publication_by_day"),
                    models.Index(fields=["published_on", "item"], name="publication_by_day_of_item"),
                    models.Index(condition=models.Q(("withdrawn_on__isnull", False)), fields=["item"], name="publication_withdrawn"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("run__isnull", False)),
                            models.Q(("batch__isnull", False), ("run__isnull", True)),
                            _connector="OR",
                        ),
                        name="publication_reviewed_or_past",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("batch__isnull", True)), fields=("entry",), name="publication_entry_of_its_own"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)), fields=("item",), name="publication_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawal__isnull", True), ("withdrawn_on__isnull", True)),
                            models.Q(("withdrawal__isnull", False), ("withdrawn_on__gte", models.F("published_on"))),
                            _connector="OR",
                        ),
                        name="publication_withdrawn_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "publication",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="disclosure.publication"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("site", "政府网站"),
                            ("wechat", "微信公众号"),
                            ("weibo", "微博"),
                            ("notice_board", "公开栏"),
                            ("gazette", "政府公报"),
                            ("radio", "广播"),
                            ("tv", "电视"),
                            ("led_screen", "电子显示屏"),
                            ("service_window", "服务窗口"),
                            ("leaflet", "宣传单、赶集日宣传"),
                            ("oa", "办公系统"),
                            ("archive", "移送档案馆、图书馆"),
                        ],
                        max_length=20,
                        verbose_name="渠道",
                    ),
                ),
                ("is_withdrawal", models.BooleanField(default=False, verbose_name="撤下")),
                ("confirmed_on", models.DateField(null=True, verbose_name="完成日期")),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="凭证")),
                (
                    "confirmation",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(condition=models.Q(("confirmed_on__isnull", True)), fields=["channel"], name="delivery_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "channel", "is_withdrawal"), name="delivery_once_a_channel"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmation__isnull", True), ("confirmed_on__isnull", True)),
                            models.Q(("confirmation__isnull", False), ("confirmed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_confirmed_with_entry",
                    ),
                ],
            },
        ),
    ]
