"""Servers on which groups meet by video."""
