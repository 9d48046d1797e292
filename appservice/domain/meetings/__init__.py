"""Meetings: series and their occurrences, and what the keeper does about each in time."""
