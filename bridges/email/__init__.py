"""Alerts by e-mail, handed in at a mail server of the operator's."""
