"""Publishes the meetings of groups to calendars of their facilitators."""
