"""Opinions of the public on drafts (意见征集): the call for them, what came in, what became of it."""
