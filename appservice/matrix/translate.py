"""Says in our words what a Matrix event means, or that it means nothing to us."""

from dataclasses import replace
from datetime import UTC, datetime

import structlog

from appservice import crypto
from appservice.crypto.sas import PREFIX
from appservice.domain.events import (
    ChatInspected,
    CircleSpoke,
    Event,
    GroupInspected,
    KeeperInvited,
    MessageSaid,
    MessageShown,
    PollAnswered,
    StewardInvited,
)
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import Room
from appservice.domain.rooms import differs, expected_state
from appservice.domain.state import House
from appservice.domain.types import (
    Assurance,
    EffectId,
    EventId,
    GroupId,
    RoomId,
    RoomKind,
    UserId,
)
from appservice.errors import PermanentError
from appservice.matrix import polls
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption, fingerprint
from appservice.matrix.inspect import Inspector
from appservice.matrix.pump import KeyPump
from appservice.matrix.shown import ShownBefore
from appservice.matrix.verification import Verifications
from appservice.matrix.verification_message import is_verification
from appservice.matrix.words import assurance_of, words_of
from appservice.ports import Arrival, Json, Store, Translated

log = structlog.get_logger()
NOTHING = Translated()
LATEST_MS = 253_402_300_799_000  # the end of the year 9999, which is as far as we count
_ROOM_VERSIONS = ("11", "12")  # an event does not tell which its room has
SPEAKING = frozenset({"m.room.encrypted", "m.room.message", "m.sticker"})
HEARING = frozenset({RoomKind.CHAT, RoomKind.FACILITATORS, RoomKind.CASE})
WATCHED_STATE = frozenset(
    {
        "m.room.power_levels",
        "m.room.join_rules",
        "m.room.history_visibility",
        "m.room.guest_access",
        "m.room.topic",
        "m.room.name",
        "m.room.encryption",
        "m.room.tombstone",
    }
)


class Translator:
    """Knows the rooms, decrypts what is for the keeper, looks where an event is not enough."""

    def __init__(  # noqa: PLR0913
        self,
        client: Client,
        encryption: Encryption,
        pump: KeyPump,
        inspector: Inspector,
        store: Store,
        house: House,
        verifications: Verifications,
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._pump = pump
        self._inspector = inspector
        self._store = store
        self._house = house
        self._verifications = verifications
        self._shown_before = ShownBefore(client, store, house)

    async def translate(self, arrival: Arrival) -> Translated:  # noqa: PLR0911
        """Raises TransientError when the homeserver is needed and does not answer."""
        event = arrival.body
        if not isinstance(event, dict):
            return NOTHING
        async with self._store.begin() as work:
            room = await work.get(Room, event["room_id"])
            person = await work.get(Person, room.user) if room and room.user else None
        if event["type"] == "m.room.member" and "state_key" in event:
            return await self._membership(event, room)
        if "state_key" in event:
            return await self._state(event, room)
        if room is None and event["type"] in SPEAKING:
            return await self._before_we_know(event)
        if room is not None and room.what is RoomKind.CIRCLE and not event["content"]:
            return self._spoke(event, room)
        if room is None or room.what not in HEARING:
            return NOTHING
        if event["sender"] == self._house.keeper:
            return await self._own(event, room)
        if event["type"] in SPEAKING or event["type"].startswith(PREFIX):
            said = await self._message(event, room)
            shown = await self._shown_before.look(event, room, person) if said.events else ()
            return replace(said, events=(*shown, *said.events))
        return NOTHING

    def _spoke(self, event: Json, room: Room) -> Translated:
        """Say who wrote in a circle, and when: all that the door has let through."""
        at = event.get("origin_server_ts")
        if not isinstance(at, int) or not 0 < at < LATEST_MS:
            return NOTHING
        when = datetime.fromtimestamp(at / 1000, UTC)
        return Translated((CircleSpoke(room.room, UserId(event["sender"]), when),))

    async def _before_we_know(self, event: Json) -> Translated:
        """Somebody wrote while the keeper is still on its way in: hear them when it is there."""
        room, keeper = RoomId(event["room_id"]), self._house.keeper
        try:
            membership = await self._client.membership(room, keeper, user=keeper)
        except PermanentError:
            return NOTHING
        return Translated(waits_for=room) if membership in {"invite", "join"} else NOTHING

    # -- who is where

    async def _membership(self, event: Json, room: Room | None) -> Translated:
        who, membership = event["state_key"], event["content"].get("membership")
        if room is None and membership == "invite":
            return self._invitation(event, who)
        if room is None:
            return NOTHING
        if membership == "join":
            await self._encryption.lists.outdate(who)
        if room.what is RoomKind.CHAT:
            steward = self._invitation(event, who) if who == self._house.steward else NOTHING
            look = await self._look_at_chat(room)
            return Translated((*(steward.events if membership == "invite" else ()), *look.events))
        return await self._look_at_group(room.group)

    def _invitation(self, event: Json, who: str) -> Translated:
        where, inviter = RoomId(event["room_id"]), UserId(event["sender"])
        ours = {self._house.keeper, self._house.steward}
        if who == self._house.keeper and inviter not in ours:
            return Translated((KeeperInvited(where, inviter),))
        if who == self._house.steward and inviter not in ours:
            return Translated((StewardInvited(where, inviter),))
        return NOTHING

    async def _state(self, event: Json, room: Room | None) -> Translated:
        if room is None or event["type"] not in WATCHED_STATE:
            return NOTHING
        if room.what is RoomKind.CHAT:
            if event["type"] == "m.room.encryption":
                return await self._look_at_chat(room)
            return NOTHING
        if event["sender"] == self._house.steward and await self._as_it_should_be(event, room):
            return NOTHING
        return await self._look_at_group(room.group)

    async def _as_it_should_be(self, event: Json, room: Room) -> bool:
        """Tell our own work from what somebody did with the steward's token."""
        async with self._store.begin() as work:
            group = await work.get(Group, room.group) if room.group else None
        if group is None:
            return True
        kind, content = event["type"], event["content"]
        both = (
            expected_state(
                room.what,
                group.charter,
                self._house,
                version,
                group.muted,
                hushed=group.hushed is not None,
            ).get(kind)
            for version in _ROOM_VERSIONS
        )
        return any(one is not None and not differs(kind, content, one) for one in both)

    async def _look_at_chat(self, room: Room) -> Translated:
        try:
            return Translated((await self._inspector.inspect_chat(room.room),))
        except PermanentError:
            # the keeper is not in it any more: nobody is there for it
            gone = ChatInspected(
                room.room, None, (), (), room.encrypted, can_encrypt=False, inside=False
            )
            return Translated((gone,))

    async def _look_at_group(self, group_id: GroupId | None) -> Translated:
        if group_id is None:
            return NOTHING
        async with self._store.begin() as work:
            group = await work.get(Group, group_id)
        if group is None:
            return NOTHING
        facts = await self._inspector.inspect_group(group)
        return Translated((GroupInspected(group_id, facts),))

    # -- what is said

    async def _own(self, event: Json, room: Room) -> Translated:
        """Know our own message again: by its bytes, or in a plain room by its transaction id."""
        async with self._store.begin() as work:
            effect = await work.effect_by_fingerprint(fingerprint(event["content"]))
            if effect is None:
                return NOTHING
            await work.remember_event(effect, EventId(event["event_id"]))
        if room.user is None:
            return NOTHING
        return Translated((MessageShown(room.room, room.user, effect),))

    async def _message(self, event: Json, room: Room) -> Translated:
        if event["type"] != "m.room.encrypted":
            return await self._read(event, room, event["type"], event["content"], None)
        if not event["content"].get("ciphertext"):
            return NOTHING  # redacted before we came to it
        try:
            decrypted = await self._decrypt(event)
        except crypto.MissingKey as missing:
            return Translated(waits_for=missing.session_id)
        except crypto.CryptoError as error:
            log.info("message_not_decrypted", reason=type(error).__name__)
            return NOTHING
        # relations travel outside the ciphertext (spec: m.relates_to of an encrypted event)
        content = dict(decrypted.content)
        if "m.relates_to" in event["content"]:
            content.setdefault("m.relates_to", event["content"]["m.relates_to"])
        return await self._read(event, room, decrypted.type, content, decrypted)

    async def _decrypt(self, event: Json) -> crypto.Decrypted:
        try:
            return await self._encryption.decrypt(event)
        except crypto.MissingKey:
            await self._pump.fetch()
            return await self._encryption.decrypt(event)

    async def _read(
        self,
        event: Json,
        room: Room,
        event_type: str,
        content: Json,
        decrypted: crypto.Decrypted | None,
    ) -> Translated:
        if is_verification(event_type, content):
            await self._verifications.in_room(room, event, event_type, content)
            return NOTHING
        if event_type in polls.RESPONSES:
            return await self._voted(event, room, content, decrypted)
        form, text, reply_to = words_of(event_type, content)
        if form is None:
            return NOTHING
        user = UserId(event["sender"])
        assurance = assurance_of(decrypted)
        meant: EffectId | None = None
        if reply_to is not None:
            async with self._store.begin() as work:
                meant = await work.effect_by_event(EventId(reply_to))
        said: Event = MessageSaid(
            room=room.room,
            user=user,
            event=EventId(event["event_id"]),
            text=text,
            form=form,
            assurance=assurance,
            reply_to=meant,
            has_signed_device=await self._has_signed_device(user, assurance),
            identity_changed=decrypted is not None and decrypted.trust.pinned_identity_changed,
        )
        return Translated((said,))

    async def _voted(
        self, event: Json, room: Room, content: Json, decrypted: crypto.Decrypted | None
    ) -> Translated:
        """Say how somebody answered a poll of ours; others' polls are none of our business."""
        read = await polls.answered(self._store, content)
        if read is None or room.what is not RoomKind.CHAT:
            return NOTHING
        user, assurance = UserId(event["sender"]), assurance_of(decrypted)
        voted = PollAnswered(
            room=room.room,
            user=user,
            event=EventId(event["event_id"]),
            poll=read[0],
            answers=read[1],
            assurance=assurance,
            has_signed_device=await self._has_signed_device(user, assurance),
        )
        return Translated((voted,))

    async def _has_signed_device(self, user: UserId, assurance: Assurance) -> bool:
        if assurance is Assurance.SIGNED:
            return True
        return await self._encryption.lists.has_signed_device(user)
