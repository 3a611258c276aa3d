"""The list of items: filters, saved views, files."""
