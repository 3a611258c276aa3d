"""The generated pages of the documentation, one module a kind of page; each hands out text and writes nothing."""
