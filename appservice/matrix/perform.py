"""Carries out every effect that is not a message, so that a repeat changes nothing."""

from collections.abc import Awaitable
from typing import assert_never

import structlog

from appservice.clock import milliseconds
from appservice.domain import effects
from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    AnswerSought,
    ChatOpened,
    CodeDrawn,
    FeedDrawn,
    GroupAsked,
    NameTaken,
    RoomEmptied,
    RoomMade,
    TakenOut,
)
from appservice.domain.gate.codes import spelling
from appservice.domain.group import Group
from appservice.domain.rooms import differs, power_levels
from appservice.domain.state import House
from appservice.domain.types import EffectId, EventId, GroupId, RoomId, RoomKind, UserId, derive
from appservice.errors import PermanentError
from appservice.matrix import identities
from appservice.matrix.calls_rooms import absent_is_none
from appservice.matrix.client import Client
from appservice.matrix.codes import draw_code
from appservice.matrix.emptying import Emptier
from appservice.matrix.inspect import Inspector
from appservice.matrix.rooms import Rooms
from appservice.ports import Json, Performed, Posting, Store

NOTHING = Performed()
MISSED = 50  # messages between an invitation and our coming that are heard; who says more is rare

_ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}
_INSIDE = frozenset({"join", "invite"})
_REMOVABLE = frozenset({"join", "invite", "knock"})
_BLOCKED = {
    "M_FORBIDDEN": "M_FORBIDDEN",
    "M_BAD_STATE": "M_FORBIDDEN",  # as Synapse calls a ban
    "M_INVITE_BLOCKED": "M_INVITE_BLOCKED",
    "ORG.MATRIX.MSC4155.INVITE_BLOCKED": "M_INVITE_BLOCKED",
    "ORG.MATRIX.MSC4155.M_INVITE_BLOCKED": "M_INVITE_BLOCKED",
}
_GONE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})

log = structlog.get_logger()


class Performer:
    """The steward's hand, and the keeper's where it says nothing."""

    def __init__(
        self, client: Client, rooms: Rooms, inspector: Inspector, store: Store, house: House
    ) -> None:
        self._client = client
        self._rooms = rooms
        self._inspector = inspector
        self._store = store
        self._house = house
        self._emptier = Emptier(client, house)

    async def perform(self, posting: Posting) -> Performed:  # noqa: C901, PLR0911, PLR0912
        """Carry an effect out. Raises TransientError, PermanentError."""
        match posting.effect:
            case effects.EnterChat(room):
                return await self._enter(room)
            case effects.OpenChat(user):
                return await self._open(user, posting.id)
            case effects.SwitchEncryptionOn(room):
                return await self._encrypt(room)
            case effects.TakeBack(room, event):
                return await self._take_back(room, event, posting.id)
            case effects.Leave(room, who):
                return await self._leave(room, who)
            case effects.MakeRoom(group, what, charter, muted, old):
                room = await self._rooms.make_room(group, what, charter, muted, instead_of=old)
                return Performed(happened=(RoomMade(group, what, room),))
            case effects.Convene() as convene:
                return await self._convene(convene)
            case effects.FoundGroup() as found:
                return await self._found(found)
            case effects.DrawCode() as draw:
                return self._draw(draw, posting.id)
            case effects.DrawFeed() as draw:
                return self._draw_feed(draw, posting.id)
            case effects.Admit() as admit:
                return await self._admit(admit)
            case effects.Remove(user, rooms):
                for room in rooms:
                    await self._remove(room, user)
                return NOTHING
            case effects.Unban(user, rooms):
                for room in rooms:
                    await self._unban(room, user)
                return NOTHING
            case effects.TakeOut() as take:
                return await self._take_out(take)
            case effects.EmptyRoom(group, room):
                await self._emptier.empty(room)
                return Performed(happened=(RoomEmptied(group, room),))
            case effects.AcceptIdentity() as accept:
                return await identities.accept(self._store, accept)
            case effects.Repair() as repair:
                return await self._repair(repair)
            case effects.SetPowers(group, what):
                return await self._set_powers(group, what)
            case effects.Unlist(room):
                return await self._unlist(room)
            case effects.SeekAnswer() as seek:
                return await self._seek_answer(seek)
            case effects.TellOperator() as tell:
                return self._tell(tell)
            case (
                effects.Say()
                | effects.SayPoll()
                | effects.ClosePoll()
                | effects.SayFile()
                | effects.Quote()
                | effects.HandOut()
                | effects.ShowPlace()
                | effects.Publish()
                | effects.CheckVideo()
                | effects.Page()
                | effects.SendPageCode()
                | effects.AnswerVerification()
                | effects.PartWith()
                | effects.EraseKeys()
                | effects.SweepPage()
                | effects.Wake()
                | effects.Unwake()
            ):
                raise PermanentError("this effect is carried out elsewhere")
            case _ as never:
                assert_never(never)

    async def _found(self, found: effects.FoundGroup) -> Performed:
        """Draw the code; a name that some group has is not given twice."""
        name = found.charter.name
        async with self._store.begin() as work:
            groups = await work.all(Group)
        taken = (group for group in groups if group.stage != "closed" and group.id != found.group)
        if any(group.charter.name.casefold() == name.casefold() for group in taken):
            return Performed(happened=(NameTaken(found.split_from, name),))
        asked = GroupAsked(
            group=found.group,
            charter=found.charter,
            code=draw_code(name),
            open=False,
            at=found.at,
            split_from=found.split_from,
        )
        return Performed(happened=(asked,))

    async def _enter(self, room: RoomId) -> Performed:
        """Join as the keeper; an invitation that was taken back is nothing to enter."""
        try:
            await self._client.join(room, user=self._house.keeper)
            inspected = await self._inspector.inspect_chat(room)
            missed = await self._missed(room)
        except PermanentError as error:
            if error.code in _GONE:
                return NOTHING
            raise
        return Performed(happened=(inspected,), missed=missed)

    async def _missed(self, room: RoomId) -> tuple[Json, ...]:
        """Return what was said since the invitation, oldest first: no transaction brings that."""
        keeper = self._house.keeper
        page = await self._client.messages(room, user=keeper, limit=MISSED)
        said = []
        for event in page["chunk"]:
            if event.get("type") == "m.room.member" and event.get("state_key") == keeper:
                if event["content"].get("membership") == "invite":
                    break
            elif "state_key" not in event:
                said.append({**event, "room_id": room})
        return tuple(reversed(said))

    async def _open(self, user: UserId, effect: EffectId) -> Performed:
        room = await self._rooms.open_chat(user, effect)
        return Performed(happened=(ChatOpened(room, user),))

    async def _encrypt(self, room: RoomId) -> Performed:
        keeper = self._house.keeper
        if await self._client.state_event(room, "m.room.encryption", user=keeper) is None:
            await self._client.send_state(room, "m.room.encryption", _ENCRYPTION, user=keeper)
        return Performed(happened=(await self._inspector.inspect_chat(room),))

    async def _take_back(self, room: RoomId, event: EventId, txn: EffectId) -> Performed:
        """Redact as the keeper; from a room that it is not in any more nothing can be taken."""
        try:
            await self._client.redact(room, event, txn, user=self._house.keeper)
        except PermanentError as error:
            if error.code not in _GONE:
                raise
        return NOTHING

    async def _leave(self, room: RoomId, who: UserId) -> Performed:
        try:
            await self._client.leave(room, user=who)
        except PermanentError:
            if room in await self._client.joined_rooms(user=who):
                raise
        return NOTHING

    def _draw(self, draw: effects.DrawCode, effect: EffectId) -> Performed:
        """Draw by the key of this installation, so that a repeat draws the same."""
        code = spelling(draw.name, self._store.hash("join code", effect).encode())
        happened = CodeDrawn(draw.group, code, draw.room, draw.user, draw.uses, draw.expires)
        return Performed(happened=(happened,))

    def _draw_feed(self, draw: effects.DrawFeed, effect: EffectId) -> Performed:
        """Draw 128 bits by the key of this installation, so that a repeat draws the same."""
        secret = self._store.hash("calendar address", effect)
        kept = self._store.hash("calendar feed", secret)
        return Performed(happened=(FeedDrawn(draw.group, draw.room, draw.user, secret, kept),))

    async def _admit(self, admit: effects.Admit) -> Performed:
        """Invite where they are not in or invited yet; every entry is a consent."""
        for room in admit.rooms:
            code = await self._invite(room, admit.user)
            if code is not None:
                return Performed(happened=(AdmissionBlocked(admit.user, admit.group, code),))
        return Performed(happened=(Admitted(admit.user, admit.group),))

    async def _convene(self, convene: effects.Convene) -> Performed:
        """Make the room and invite; somebody whose server refuses that is not in `users`."""
        group, what, number, key = convene.group, convene.what, convene.number, convene.key
        room = await self._rooms.make_side_room(group, what, convene.charter, number, key)
        users = [u for u in convene.users if await self._invite(room, u) is None]
        return Performed(happened=(RoomMade(group, what, room, number, tuple(users), key),))

    async def _invite(self, room: RoomId, user: UserId) -> str | None:
        """Return the code with which the invitation was refused, or None."""
        if await self._membership(room, user) in _INSIDE:
            return None
        try:
            await self._client.invite(room, user, user=self._house.steward)
        except PermanentError as error:
            if await self._membership(room, user) in _INSIDE:
                return None
            code = _BLOCKED.get(error.code.upper())
            if code is None:
                raise
            return code
        return None

    async def _remove(self, room: RoomId, user: UserId) -> None:
        """Kick who is in, invited or knocking; a ban stays what it is."""
        if await self._membership(room, user) not in _REMOVABLE:
            return
        if user == self._house.steward:
            raise PermanentError("the steward does not remove itself")
        try:
            await self._client.kick(room, user, user=self._house.steward)
        except PermanentError:
            if await self._membership(room, user) in _REMOVABLE:
                raise

    async def _unban(self, room: RoomId, user: UserId) -> None:
        """Lift a ban; with the steward's event goes the reason that may stand in the other one."""
        if await self._membership(room, user) == "ban":
            await self._client.unban(room, user, user=self._house.steward)

    async def _take_out(self, take: effects.TakeOut) -> Performed:
        """Redact a message; a repeat finds that it was the steward who did."""
        steward, room, event = self._house.steward, take.room, take.event
        found = await absent_is_none(self._client.event(room, event, user=steward))
        author = _author(found or {}, steward)
        if author is not None and found and found.get("content"):
            await self._client.redact(room, event, derive("redact", room, event), user=steward)
        taken = TakenOut(take.group, room, author, take.rule, take.asked)
        return Performed(happened=(taken,))

    async def _repair(self, repair: effects.Repair) -> Performed:
        steward = self._house.steward
        now = await self._client.state_event(repair.room, repair.type, user=steward)
        if differs(repair.type, now, repair.content):
            await self._client.send_state(repair.room, repair.type, repair.content, user=steward)
        return NOTHING

    async def _set_powers(self, group_id: GroupId, what: RoomKind) -> Performed:
        """Look what the group is now, so that of two that come at once the newer one counts."""
        async with self._store.begin() as work:
            group = await work.get(Group, group_id)
        room = group.rooms.get(what) if group is not None else None
        if group is None or room is None:
            return NOTHING
        create = await self._client.state_event(room, "m.room.create", user=self._house.steward)
        version = str((create or {}).get("room_version", "1"))
        hushed = group.hushed is not None
        levels = power_levels(
            what, group.charter, self._house, version, group.muted, hushed=hushed
        )
        return await self._repair(effects.Repair(room, "m.room.power_levels", levels))

    async def _seek_answer(self, seek: effects.SeekAnswer) -> Performed:
        """Look who wrote last beside a newcomer, and when; what is in it is let go at once."""
        steward = self._house.steward
        wanted = {"types": ["m.room.encrypted"], "not_senders": [seek.user]}
        page = await self._client.messages(seek.circle, user=steward, limit=1, filter_=wanted)
        since = milliseconds(seek.since)
        times = (event.get("origin_server_ts") for event in page["chunk"])
        answered = any(isinstance(time, int) and time > since for time in times)
        return Performed(happened=(AnswerSought(seek.user, seek.group, answered),))

    async def _unlist(self, room: RoomId) -> Performed:
        if await self._client.listed(room, user=self._house.steward):
            await self._client.unlist(room, user=self._house.steward)
        return NOTHING

    def _tell(self, tell: effects.TellOperator) -> Performed:
        """Write to the log; ids are named by their keyed hash."""
        facts = {
            name: self._store.hash("log", value) if value[:1] in "@!$#" else value
            for name, value in tell.facts.items()
            if value
        }
        log.warning("operator_told", what=tell.text.key, **facts)
        return NOTHING

    def _membership(self, room: RoomId, user: UserId) -> Awaitable[str | None]:
        return self._client.membership(room, user, user=self._house.steward)


def _author(event: Json, steward: UserId) -> UserId | None:
    """Say who wrote a message that is there, or that the steward took out; else None."""
    unsigned = event.get("unsigned")
    because = unsigned.get("redacted_because") if isinstance(unsigned, dict) else None
    by_us = isinstance(because, dict) and because.get("sender") == steward
    sender = event.get("sender")
    if "state_key" in event or not isinstance(sender, str) or not (event.get("content") or by_us):
        return None
    return UserId(sender)
