"""One entrance for material: what stations, villages and departments hand in, and what became of it."""
