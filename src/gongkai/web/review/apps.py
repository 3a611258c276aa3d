"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Immutable revisions, review runs and gapless numbers."""

    name = "gongkai.web.review"
    label = "review"
