"""What others reach us by over HTTP: the homeserver's transactions, and the operator's metrics."""

from appservice.web.listening import listening
from appservice.web.private import private_app
from appservice.web.transactions import Intake, homeserver_app

__all__ = ["Intake", "homeserver_app", "listening", "private_app"]
