"""Organs, people, posts, and who may do what."""
