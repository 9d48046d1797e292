"""What the operator sets: circlekeeper.yaml, its environment and registration.yaml, frozen."""

from appservice.config.registration import Registration
from appservice.config.settings import PREFIX, Settings
from appservice.config.values import Address

__all__ = ["PREFIX", "Address", "Registration", "Settings"]
