"""Screens of calls for opinions and of questionnaires."""
