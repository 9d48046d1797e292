"""The shelf of a group: links that somebody has looked at, and what members suggest."""
