"""Puts to-device messages together into requests of a digestible size."""

from collections.abc import Iterable

from appservice.crypto.values import Device, Json, ToDeviceBatch

MAX_DEVICES = 100  # a room key for each makes about 250 kB


def batches(event_type: str, messages: Iterable[tuple[Device, Json]]) -> list[ToDeviceBatch]:
    """Batches in the order of messages."""
    found: list[ToDeviceBatch] = []
    for number, (device, content) in enumerate(messages):
        if number % MAX_DEVICES == 0:
            found.append(ToDeviceBatch(event_type, {}))
        found[-1].messages.setdefault(device.user_id, {})[device.device_id] = content
    return found
