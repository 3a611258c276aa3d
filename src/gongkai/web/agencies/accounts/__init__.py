"""How people get in: passwords, the second factor, open sessions, and the record of every sign-in."""
