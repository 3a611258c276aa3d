"""Append-only, hash-chained entries that prove every act."""
