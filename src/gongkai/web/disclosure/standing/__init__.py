"""What stands per organ: its negative list, its grass-roots catalogue, its guide and its institutional rules."""
