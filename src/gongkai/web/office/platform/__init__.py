"""The page about the platform itself: what runs, how far the index is, when the last backup was made."""
