"""Alerts to programs of people, each at an address of its own."""
