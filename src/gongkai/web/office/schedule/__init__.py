"""Publication at a set time, as the office sets it."""
