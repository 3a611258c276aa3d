"""What the public site says, for programs: read-only, documented, nothing that its pages do not show."""
