"""Suggestions to publish (建议公开): the public says what an organ should publish, and the organ answers."""
