"""The screens of what is said about an item: its draft, validity, interpretations, other organs, topics, index numbers."""
