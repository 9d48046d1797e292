"""What a column or a packed value holds of a time or of several strings of bytes."""

from datetime import UTC, datetime
from struct import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIZE = Struct(">I")


def ticks(moment: datetime) -> int:
    """Microseconds since 1970: exact, and the same in every database."""
    span = moment.astimezone(UTC) - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def utc(moment: datetime) -> str:
    """Write a time as ISO 8601, in UTC."""
    return moment.astimezone(UTC).isoformat()


def pack(*parts: bytes) -> bytes:
    """Write byte strings one after the other, each behind its length (4 bytes)."""
    packed: list[bytes] = []
    for part in parts:
        packed += (_SIZE.pack(len(part)), part)
    return b"".join(packed)


def unpack(data: bytes) -> list[bytes]:
    """Read what `pack` wrote."""
    parts, at = [], 0
    while at < len(data):
        begin = at + _SIZE.size
        at = begin + _SIZE.unpack_from(data, at)[0]
        parts.append(data[begin:at])
    return parts
