"""The registers behind table two: rows, declared figures, nil returns, and taking in files."""
