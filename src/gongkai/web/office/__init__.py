"""The staff's home, navigation and what waits for them."""
