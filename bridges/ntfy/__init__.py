"""Alerts by ntfy, a service that shows messages on telephones."""
