"""Requests for disclosure (依申请公开), from the day received to the archive."""
