"""The rules, pure: what is known, what happened and now go in; records and effects come out."""
