"""The homeserver side: everything that speaks Matrix, behind the ports."""
