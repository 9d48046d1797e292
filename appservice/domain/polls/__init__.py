"""Votes of a group: private until they close, and of nobody in particular afterwards."""
