"""What of an item is written into the search index, and many of them at a time."""
