"""Themes to talk about: a library, a group's own, and one each week where a group wants that."""
