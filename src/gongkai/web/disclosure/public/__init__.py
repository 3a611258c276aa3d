"""What the public reads of proactive disclosure. Everything here starts from what is published on the site and in force."""
