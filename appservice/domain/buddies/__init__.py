"""Buddies: two members who both said yes to a fortnight of small questions."""
