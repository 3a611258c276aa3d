"""What lists of what is public are read from, where the revisions' own words cannot be searched."""

from __future__ import annotations

from django.db import models

from gongkai.web.disclosure.about.models import SpecialTopic

PUBLICATION = "disclosure.Publication"


class TopicPlace(models.Model):
    """A publication stands under a special topic (专题), as its revision says: written with the publication and never changed."""

    topic = models.ForeignKey(SpecialTopic, models.PROTECT, related_name="places", db_index=False)
    publication = models.ForeignKey(PUBLICATION, models.PROTECT, related_name="topic_places")

    class Meta:
        """A publication stands under a topic once; a topic's newest are found from the end."""

        ordering = ("-publication",)
        constraints = [models.UniqueConstraint(name="topicplace_once", fields=["topic", "publication"])]

    def __str__(self) -> str:
        return f"{self.topic}：{self.publication_id}"
