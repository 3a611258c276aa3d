"""The open data as files: a year in one file, what is new as feeds, and where everything stands for those who gather it."""
