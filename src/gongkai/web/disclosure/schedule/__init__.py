"""Publication at a set time: who set it, when it is due, and how it ended."""
