"""Immutable revisions, review runs and gapless numbers."""
