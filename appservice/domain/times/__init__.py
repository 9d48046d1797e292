"""The time finder: members say which times suit them, and only counts are told."""
