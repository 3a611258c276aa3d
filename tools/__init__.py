"""What keeps the house: generated pages, the law data's lint, the examples of `make run`. Run from the repository's root."""
