"""Tests of the encryption machine, which talk through plain dicts."""
