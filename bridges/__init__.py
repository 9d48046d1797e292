"""Connectors to the outside, one folder each; none is needed for a group to meet."""
