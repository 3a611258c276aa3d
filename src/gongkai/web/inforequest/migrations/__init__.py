"""Tables of requests."""
