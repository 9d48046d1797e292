"""A message of a verification, read out of a private chat or out of a to-device message."""

from dataclasses import dataclass, field

from appservice.crypto import OtherToDevice, fields
from appservice.crypto.sas import PREFIX, Step
from appservice.domain.effects import AnswerVerification
from appservice.domain.records import Room
from appservice.domain.types import RoomId, UserId
from appservice.ports import Json

REQUEST = f"{PREFIX}request"


@dataclass(frozen=True)
class Place:
    """Where a verification happens: between whom, under which name, by which way."""

    user: UserId
    transaction: str  # in a chat: the event id of the request
    room: RoomId | None = None  # None: from device to device
    plain: bool = field(default=False, compare=False)  # Element asks in clear, others encrypt

    def answer(self, step: Step, device: str | None) -> AnswerVerification:
        """Address a message of ours; without a device to all of theirs."""
        if self.room is None:
            content = {**step.content, "transaction_id": self.transaction}
            return AnswerVerification(self.user, step.type, content, device=device or "*")
        relation = {"rel_type": "m.reference", "event_id": self.transaction}
        content = {**step.content, "m.relates_to": relation}
        return AnswerVerification(self.user, step.type, content, self.room, plain=self.plain)


@dataclass(frozen=True)
class Message:
    """A message of theirs; `event`: its id, if it has one."""

    place: Place
    type: str
    content: Json = field(repr=False)
    sent_ms: int | None = None
    event: str = ""

    @property
    def device(self) -> str | None:
        return fields.identifier(self.content.get("from_device"))


def is_verification(event_type: str, content: Json) -> bool:
    """Tell whether an event of a room, decrypted, belongs to a verification."""
    return event_type.startswith(PREFIX) or _begins(event_type, content)


def read_event(
    room: Room, event: Json, event_type: str, content: Json, keeper: str
) -> Message | None:
    """Read an event of a private chat; None: it is not of its member, or not meant for us."""
    begins = _begins(event_type, content)
    transaction = event["event_id"] if begins else _referred(content)
    if room.user != event["sender"] or room.crowded or transaction is None:
        return None
    if begins and content.get("to") != keeper:
        return None
    plain = event["type"] != "m.room.encrypted"
    return Message(
        Place(UserId(event["sender"]), transaction, room.room, plain),
        REQUEST if begins else event_type,
        content,
        _number(event.get("origin_server_ts")),
        event["event_id"],
    )


def read_to_device(report: OtherToDevice) -> Message | None:
    """Read a to-device message; None: it is of something else."""
    transaction = fields.identifier(report.content.get("transaction_id"))
    if not report.type.startswith(PREFIX) or transaction is None:
        return None
    place = Place(UserId(report.sender), transaction)
    sent = _number(report.content.get("timestamp"))
    return Message(place, report.type, report.content, sent)


def _begins(event_type: str, content: Json) -> bool:
    return event_type == "m.room.message" and content.get("msgtype") == REQUEST


def _referred(content: Json) -> str | None:
    relation = fields.obj(content, "m.relates_to") or {}
    if relation.get("rel_type") != "m.reference":
        return None
    return fields.identifier(relation.get("event_id"), "$")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
