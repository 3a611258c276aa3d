"""What the office keeps for a person's own convenience."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Person

PAGES = {"items": "信息"}


class SavedView(models.Model):
    """A filter somebody saved under a name, for himself alone. It shows nothing: the list asks anew what the person may see."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20, choices=list(PAGES.items()))
    name = models.CharField("名称", max_length=30)
    query = models.CharField(max_length=600)
    is_default = models.BooleanField(default=False)

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="savedview_name_once", fields=["person", "page", "name"]),
            models.UniqueConstraint(name="savedview_one_default", fields=["person", "page"], condition=Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return self.name
