"""The demo county: fictional organs whose year is made by driving the actions, never by inserting rows."""
