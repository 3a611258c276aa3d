"""Questionnaires (问卷) that the public answers without an account, and what came of them."""
