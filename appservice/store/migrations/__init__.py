"""Alembic's environment and the versions of the schema; they travel with the installed package."""
