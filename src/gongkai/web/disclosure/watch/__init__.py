"""What is watched (监测): time limits, stale columns, penalties to withdraw, withheld items, near-duplicates, errors reported."""
