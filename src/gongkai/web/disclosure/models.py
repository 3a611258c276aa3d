"""Items of proactive disclosure, their publication, and what each channel carried."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Revision, Run


class Item(models.Model):
    """One piece of information an organ makes public on its own motion (主动公开).

    What it says stands in its revisions; the columns here repeat what lists and counts need of the current one. Its state
    is never stored: it follows from the runs and publications.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="items", verbose_name="发布机构")
    index_number = models.CharField("索引号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=200)
    kind = models.CharField("类别", max_length=20, choices=list(words("kinds").items()))
    column = models.CharField("栏目", max_length=20)
    attribute = models.CharField("公开属性", max_length=20, choices=list(words("attributes").items()))
    formed_on = models.DateField("形成或者变更之日")
    primary_channel = models.CharField("主渠道", max_length=20, choices=list(words("channels").items()))
    current = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_discarded = models.BooleanField(default=False)
    # By what the public site addresses it. The database derives it, so it is never another item's.
    slug = models.GeneratedField(
        expression=Replace(F("index_number"), Value("/"), Value("-")),
        output_field=models.CharField(max_length=60),
        db_persist=True,
        unique=True,
    )

    class Meta:
        """How rows are ordered and found."""

        ordering = ("-pk",)
        indexes = [
            models.Index(name="item_of_agency", fields=["agency", "-id"]),
            models.Index(name="item_discarded", fields=["id"], condition=Q(is_discarded=True)),
        ]

    def __str__(self) -> str:
        return self.title


def _listed(name: str, *fields: str) -> models.Index:
    """By which a list of what is public, the newest first, is read without sorting."""
    return models.Index(name=name, fields=[*fields, "-published_on", "-id"], condition=Q(withdrawn_on__isnull=True))


class Publication(models.Model):
    """One revision made public. The database takes it only with a completed run of exactly that revision.

    What was published before the platform was used has a batch of an approved file instead; its rows share the batch's entry.
    ``agency``, ``kind`` and ``column`` repeat what the revision says: the public's lists go by what was published, not by a newer draft.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="publication")
    batch = models.ForeignKey("disclosure.PastBatch", models.PROTECT, null=True, related_name="publications")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    column = models.CharField(max_length=20)
    primary_channel = models.CharField(max_length=20)
    published_on = models.DateField("发布日期")
    published_at = models.DateTimeField("发布时间")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawal = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="publication_reviewed_or_past",
                condition=Q(run__isnull=False, batch__isnull=True) | Q(run__isnull=True, batch__isnull=False),
            ),
            models.UniqueConstraint(name="publication_entry_of_its_own", fields=["entry"], condition=Q(batch__isnull=True)),
            models.UniqueConstraint(name="publication_one_in_force", fields=["item"], condition=Q(withdrawn_on__isnull=True)),
            models.CheckConstraint(
                name="publication_withdrawn_with_entry",
                condition=Q(withdrawn_on__isnull=True, withdrawal__isnull=True)
                | Q(withdrawn_on__gte=F("published_on"), withdrawal__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="publication_by_day", fields=["published_on", "primary_channel"]),
            models.Index(name="publication_by_day_of_item", fields=["published_on", "item"]),
            models.Index(name="publication_withdrawn", fields=["item"], condition=Q(withdrawn_on__isnull=False)),
            _listed("publication_newest"),
            _listed("publication_of_organ", "agency"),
            _listed("publication_in_column", "column"),
            _listed("publication_of_kind", "kind"),
        ]

    def __str__(self) -> str:
        return f"{self.item}（{self.published_on}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new row repeats what its revision says; rows written many at a time are repeated by whoever writes them."""
        if self._state.adding:
            self.repeat()
        super().save(*args, **kwargs)

    def repeat(self) -> Publication:
        """Take organ, kind and column from the item and the revision."""
        content = self.revision.content
        self.agency_id, self.kind, self.column = self.item.agency_id, content.get("kind", ""), content.get("column", "")
        return self


class Delivery(models.Model):
    """What one channel carried of a publication. A channel without ``confirmation`` still waits."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20, choices=list(words("channels").items()))
    is_withdrawal = models.BooleanField("撤下", default=False)
    confirmed_on = models.DateField("完成日期", null=True)
    evidence = models.CharField("凭证", max_length=300, blank=True)
    confirmation = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")
    # The act that told the channel; what came from before the platform has none.
    asked_by = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        indexes = [models.Index(name="delivery_waiting", fields=["channel"], condition=Q(confirmed_on__isnull=True))]
        constraints = [
            models.UniqueConstraint(name="delivery_once_a_channel", fields=["publication", "channel", "is_withdrawal"]),
            models.CheckConstraint(
                name="delivery_confirmed_with_entry",
                condition=Q(confirmed_on__isnull=True, confirmation__isnull=True)
                | Q(confirmed_on__isnull=False, confirmation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.channel}"


class HitAnswer(models.Model):
    """What somebody answered to something that screening found. It holds for the same words in the same field of the item.

    ``verdict`` says that they may be published all the same (``justified``), are not what they seem (``mistaken``), or must not be
    published (``rejected``). ``mark`` is the digest of those words: what is personal is not kept a second time.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="hit_answers")
    field = models.CharField(max_length=64)
    code = models.CharField(max_length=60)
    mark = models.CharField(max_length=64)
    verdict = models.CharField("认定", max_length=10, choices=list(words("hit_verdicts").items()), default="justified")
    reason = models.CharField("理由", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code}：{self.reason}"


# Django looks for an app's models here; the registers build on what stands above.
from gongkai.web.disclosure.about import models as about_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.channels import models as channel_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.joint import models as joint_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.material import models as material_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.past import models as past_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.public import models as public_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.questionnaires import models as questionnaire_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.registers import models as register_models  # noqa: E402, F401 - they build on the models above
from gongkai.web.disclosure.schedule import models as schedule_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.soliciting import models as soliciting_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.standing import models as standing_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.suggesting import models as suggesting_models  # noqa: E402, F401 - as above
from gongkai.web.disclosure.watch import models as watch_models  # noqa: E402, F401 - as above
