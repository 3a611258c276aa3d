"""Organs, people, posts, and what is kept of their accounts."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every table."""

    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="agencies.agency",
                        verbose_name="上级",
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("path", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("county", "县（市、区）政府"),
                            ("department", "政府部门"),
                            ("township", "乡镇政府"),
                            ("street", "街道办事处"),
                            ("institution", "事业单位"),
                        ],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="全称")),
                ("short_name", models.CharField(max_length=40, verbose_name="简称")),
                ("document_mark", models.CharField(blank=True, max_length=20, verbose_name="机关代字")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                ("has_site", models.BooleanField(default=True, verbose_name="有自己的网站栏目")),
                ("office_name", models.CharField(blank=True, max_length=100, verbose_name="公开工作机构名称")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="办公地址")),
                ("hours", models.CharField(blank=True, max_length=100, verbose_name="办公时间")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                ("fax", models.CharField(blank=True, max_length=40, verbose_name="传真号码")),
                ("internet_contact", models.CharField(blank=True, max_length=200, verbose_name="互联网联系方式")),
                ("leading_group", models.TextField(blank=True, verbose_name="领导小组")),
            ],
            options={
                "ordering": ("path",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent__isnull", False), ("kind", "county"), _connector="OR"),
                        name="agency_root_is_county",
                        violation_error_message="最上级必须是县级政府。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="用户名")),
                ("full_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="可以登录")),
                (
                    "home",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="agencies.agency",
                        verbose_name="所属机关",
                    ),
                ),
                ("must_change_password", models.BooleanField(default=False, verbose_name="登录后先改密码")),
                ("password_set_on", models.DateField(blank=True, null=True, verbose_name="密码设置日期")),
            ],
            options={
                "ordering": ("full_name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to=settings.AUTH_USER_MODEL, verbose_name="人员"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("duty", models.CharField(max_length=30, verbose_name="岗位")),
                ("power", models.CharField(max_length=10)),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "ordering": ("agency__path", "duty", "from_on"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"),
                        name="post_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)), fields=("person", "agency", "duty"), name="post_held_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_marks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("address", models.CharField(max_length=45, verbose_name="网络地址")),
                ("device", models.CharField(max_length=60, verbose_name="设备")),
                ("begun_at", models.DateTimeField(verbose_name="登录时间")),
                ("seen_at", models.DateTimeField(verbose_name="最近使用")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("ended_why", models.CharField(blank=True, max_length=10, verbose_name="结束原因")),
            ],
            options={
                "ordering": ("-seen_at", "-pk"),
                "indexes": [models.Index(condition=models.Q(("ended_at__isnull", True)), fields=["person"], name="session_mark_open")],
            },
        ),
        migrations.CreateModel(
            name="SignInRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
                ("username", models.CharField(max_length=60, verbose_name="用户名")),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("event", models.CharField(max_length=20, verbose_name="事项")),
                ("address", models.CharField(max_length=45, verbose_name="网络地址")),
                ("device", models.CharField(max_length=60, verbose_name="设备")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("detail", models.CharField(blank=True, max_length=120, verbose_name="说明")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["person", "-id"], name="signin_person"),
                    models.Index(fields=["agency", "-id"], name="signin_agency"),
                    models.Index(fields=["event", "-id"], name="signin_event"),
                    models.Index(fields=["at"], name="signin_at"),
                ],
            },
        ),
    ]
