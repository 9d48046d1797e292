"""Puts to-device messages together into requests of a digestible size."""

from collections.abc import Iterable

from appservice.crypto import fields
from appservice.crypto.values import Device, Json, ToDeviceBatch

MAX_DEVICES = 100
MAX_OCTETS = 240 * 1024  # of JSON in one request


def batches(event_type: str, messages: Iterable[tuple[Device, Json]]) -> list[ToDeviceBatch]:
    """Batches in the order of messages."""
    found: list[ToDeviceBatch] = []
    count = octets = 0
    for device, content in messages:
        named = len(device.user_id) + len(device.device_id) + 16
        size = (fields.size(content) or 0) + named
        if not found or count >= MAX_DEVICES or octets + size > MAX_OCTETS:
            found.append(ToDeviceBatch(event_type, {}))
            count = octets = 0
        found[-1].messages.setdefault(device.user_id, {})[device.device_id] = content
        count, octets = count + 1, octets + size
    return found
