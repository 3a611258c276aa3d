"""The annual report on the platform. For now: what published reports say, cell by cell."""
