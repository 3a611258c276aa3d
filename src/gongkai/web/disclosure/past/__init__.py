"""What an organ published before it used the platform, taken in by one approved run."""
