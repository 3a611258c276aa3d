"""What keeps the house: generated pages, the law data's lint, the bundled examples. Run from the repository's root."""
