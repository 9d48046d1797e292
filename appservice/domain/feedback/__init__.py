"""Feedback after a meeting: three short questions in private, and totals for facilitators."""
