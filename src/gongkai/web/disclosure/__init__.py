"""Proactive disclosure: items from draft to channel."""
