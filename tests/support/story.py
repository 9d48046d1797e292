"""A story told to the rules: people say things, the keeper answers, effects are carried out.

`Story` holds records in a dict and rooms as plain memberships, so that a dialogue can be tested
without a database and without a homeserver. It loads a State exactly as `scope` asks for it.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from appservice.charter_file import known, read_charter
from appservice.domain.application import Application, Code
from appservice.domain.cases.case import Case, Concern, Numbering
from appservice.domain.charter import Charter
from appservice.domain.decide import decide
from appservice.domain.effects import (
    AcceptIdentity,
    Admit,
    CheckVideo,
    ClosePoll,
    Convene,
    DrawCode,
    DrawFeed,
    EmptyRoom,
    EnterChat,
    EraseKeys,
    FoundGroup,
    HandOut,
    Leave,
    MakeRoom,
    Message,
    OpenChat,
    Page,
    PartWith,
    Publish,
    Quote,
    Remove,
    Repair,
    Say,
    SayFile,
    SayPoll,
    SeekAnswer,
    SendPageCode,
    SetPowers,
    ShowPlace,
    SweepPage,
    SwitchEncryptionOn,
    TakeBack,
    TakeOut,
    TellOperator,
    Unban,
    Unlist,
    Unwake,
    Wake,
)
from appservice.domain.entries import Entry
from appservice.domain.events import (
    Admitted,
    AnswerSought,
    AnswersQuoted,
    ChatInspected,
    ChatOpened,
    CodeDrawn,
    Event,
    FeedDrawn,
    GroupAsked,
    GroupInspected,
    IdentityAccepted,
    IdentityChanged,
    KeeperInvited,
    MessageSaid,
    MessageShown,
    NameTaken,
    PageCodeSent,
    Parted,
    PollAnswered,
    RoomEmptied,
    RoomFacts,
    RoomMade,
    TakenOut,
)
from appservice.domain.gate.codes import spelling
from appservice.domain.group import Group
from appservice.domain.known import Known
from appservice.domain.outcome import Outcome
from appservice.domain.person import Person
from appservice.domain.records import (
    OF_GROUP,
    OF_MEMBER,
    Care,
    Consent,
    Declined,
    Grace,
    Mark,
    Newcomer,
    NumbersTold,
    Renewal,
    Room,
    Sweep,
    Version,
)
from appservice.domain.rooms import expected_state
from appservice.domain.scope import Scope, beside_of, halves_of, mentioned, scope
from appservice.domain.state import House, State
from appservice.domain.themes.theme import Library
from appservice.domain.types import (
    Assurance,
    CauseId,
    EffectId,
    EventId,
    Form,
    GroupId,
    NameTells,
    RoomId,
    RoomKind,
    UserId,
    effect_id,
)
from appservice.domain.unnamed import unnamed
from appservice.helplines.countries import by_name
from appservice.texts import Catalogue, TextRenderer, load
from appservice.theme_file import read_themes
from tests.support.helplines import confirmed_numbers

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEEPER, STEWARD = UserId("@keeper:example.org"), UserId("@steward:example.org")
ADA, BEN, MEI, ZOE = (UserId(f"@{name}:example.org") for name in ("ada", "ben", "mei", "zoe"))
CODE = "WILLOW-7Q4K"
EXAMPLES = Path(__file__).parents[2] / "config" / "examples"


@cache
def words() -> Catalogue:
    return load()


@cache
def example(name: str = "standard") -> Charter:
    return read_charter(EXAMPLES / f"{name}.yaml")


@cache
def known_of_charters() -> Known:
    return known()


@cache
def library_of_themes() -> Library:
    return read_themes()


def house() -> House:
    return House(
        keeper=KEEPER,
        steward=STEWARD,
        operator=None,
        language="en",
        help_page=None,
        helplines=confirmed_numbers(START.date()),
        known=known_of_charters(),
        themes=library_of_themes(),
        countries=by_name(("en", "de")),
    )


@dataclass
class Heard:
    """A message that the keeper said, where, and how it reads."""

    room: RoomId
    message: Message
    id: EffectId
    body: str
    plain: bool
    is_poll: bool = False


@dataclass
class Story:
    """Everything that is true outside of the rules."""

    now: datetime = START
    house: House = field(default_factory=house)
    records: dict[tuple[str, str], object] = field(default_factory=dict)
    rooms: dict[RoomId, dict[UserId, str]] = field(default_factory=dict)
    room_state: dict[RoomId, dict[str, dict[str, object]]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    effects: list[object] = field(default_factory=list)
    left: set[tuple[RoomId, UserId]] = field(default_factory=set)  # who went by themselves
    timers: dict[str, tuple[datetime, Event]] = field(default_factory=dict)
    held: list[Event] | None = None  # echoes that wait, while they are held back
    blocked: set[UserId] = field(default_factory=set)  # whose invitations do not arrive
    identities: dict[UserId, str] = field(default_factory=dict)  # master keys, once reset
    pinned: dict[UserId, str] = field(default_factory=dict)  # the ones that were accepted
    unreached: set[str] = field(default_factory=set)  # addresses to which no code goes
    unanswered: set[UserId] = field(default_factory=set)  # nobody wrote after them
    names: dict[UserId, NameTells] = field(default_factory=dict)  # what display names look like
    zones: dict[UserId, str | None] = field(default_factory=dict)  # of profiles; "": none told
    entries: list[Entry] = field(default_factory=list)  # of the record of consents
    banned: dict[tuple[RoomId, UserId], UserId] = field(default_factory=dict)  # by whom
    authors: dict[tuple[RoomId, EventId], UserId] = field(default_factory=dict)  # of messages
    causes: int = 0
    restored: bool = False

    # -- what happens

    def founds(
        self, charter: Charter | None = None, *, code: str = CODE, is_open: bool = True
    ) -> GroupId:
        """Found a group; its rooms are made at once."""
        group = GroupId(f"group-{code}")
        charter = charter or example()
        self.happens(GroupAsked(group, charter, code, is_open, self.now))
        return group

    def opens_chat(self, user: UserId, name: str = "chat") -> RoomId:
        """Let somebody invite the keeper to an encrypted private chat."""
        room = RoomId(f"!{name}-{user[1:4]}")
        self.rooms[room] = {user: "join"}
        self.happens(KeeperInvited(room, user))
        return room

    def says(self, user: UserId, text: str, **more: object) -> list[Heard]:
        """Let somebody write in their newest chat (or `room`); return what the keeper says."""
        person = self.person(user)
        room = more.pop("room", None) or (person.chat if person else None)
        if room is None:
            room = self.opens_chat(user)
        values = {
            "form": Form.TEXT,
            "assurance": Assurance.SIGNED,
            "has_signed_device": True,
            "identity_changed": self.identities.get(user) != self.pinned.get(user),
            **more,
        }
        event = MessageSaid(room, user, EventId(f"$said-{self.causes}"), text, **values)
        return self.happens(event, cause=CauseId(event.event))

    def votes(self, user: UserId, *answers: str, poll: Heard | None = None) -> list[Heard]:
        """Let somebody press buttons of the newest poll in their chat (or of `poll`)."""
        chat = self.person(user).chat
        poll = poll or [heard for heard in self.heard if heard.is_poll and heard.room == chat][-1]
        event = EventId(f"$voted-{self.causes}")
        signed = Assurance.SIGNED
        voted = PollAnswered(chat, user, event, poll.id, answers, signed, has_signed_device=True)
        return self.happens(voted)

    def resets_identity(self, user: UserId) -> list[Heard]:
        """Let somebody have a new identity in Matrix; return what the keeper says to it."""
        self.identities[user] = f"key-{self.causes}"
        return self.happens(IdentityChanged(user, self.identities[user]))

    def hears(self, kind: str, room: RoomId | None = None) -> Heard:
        """Return the newest message (of a room), which must be of this kind."""
        newest = [heard for heard in self.heard if room in (None, heard.room)][-1]
        assert newest.message.kind == kind, f"{newest.message.kind}: {newest.body}"
        return newest

    def passes_the_gate(self, user: UserId, code: str = CODE, *, tips: bool = False) -> None:
        """Answer everything right, from the code to the consent; tips are for their own tests."""
        self.says(user, f"join {code}")
        self.says(user, "yes")
        self.answers_right(user)
        self.says(user, self.hears_choice("agree"))
        self.says(user, self.hears_choice("agree"))
        person = self.person(user)
        if person is not None and not tips:
            self.records["person", user] = replace(person, tips=None)
            self.timers.pop(f"tips {user}", None)

    def answers_right(self, user: UserId) -> None:
        """Answer the three questions."""
        for _ in range(3):
            application = self.of(Application, user)[-1]
            charter = self.one(Group, application.group).charter
            rules = next(r for r in charter.rules if r.language == application.language)
            asked = rules.asked[application.step - 2].question
            self.says(user, str(asked.right + 1))

    def hears_choice(self, choice: str) -> str:
        """Return what to reply for a choice of the newest message."""
        newest = self.heard[-1]
        reply = next(c.reply for c in newest.message.choices if c.id == choice)
        return words().say(reply, newest.message.language)

    def accepts(self, user: UserId) -> None:
        """Let somebody accept all of their invitations."""
        for members in self.rooms.values():
            if members.get(user) == "invite":
                members[user] = "join"

    def leaves(self, user: UserId, room: RoomId) -> None:
        """Let somebody go out of a room by themselves."""
        if self.rooms[room].pop(user, None) is not None:
            self.left.add((room, user))

    def bans(self, by: UserId, user: UserId, room: RoomId) -> None:
        """Let a facilitator ban somebody in their app."""
        self.rooms[room][user] = "ban"
        self.banned[room, user] = by

    def looks(self, group: GroupId) -> list[Heard]:
        """Let the reconciler look at the rooms as they are."""
        known = self.one(Group, group)
        made = [(room, what) for what, room in known.rooms.items()]
        made += [(room, side.what) for room, side in known.side.items()]
        facts = tuple(
            RoomFacts(
                room,
                what,
                dict(self.rooms[room]),
                dict(self.room_state[room]),
                listed=False,
                left=tuple(sorted(user for where, user in self.left if where == room)),
                bans={user: by for (where, user), by in self.banned.items() if where == room},
            )
            for room, what in made
        )
        return self.happens(GroupInspected(group, facts))

    def passes(self, **span: float) -> None:
        """Let time pass; timers that are due go off."""
        self.now += timedelta(**span)
        due = sorted(key for key, (at, _) in self.timers.items() if at <= self.now)
        for _, event in [self.timers.pop(key) for key in due]:
            self.happens(event)

    def happens(self, event: Event, cause: CauseId | None = None) -> list[Heard]:
        """Decide an event, write the outcome down, carry it out; return what was said."""
        before = len(self.heard)
        self.causes += 1
        name = cause or CauseId(f"cause-{self.causes}")
        outcome = decide(self.state(event), event, name, self.now)
        self.writes(outcome)
        for index, effect in enumerate(outcome.effects):
            self.performs(effect, effect_id(name, index))
        return self.heard[before:]

    def shows(self) -> None:
        """Let the echoes that were held back arrive."""
        held, self.held = self.held or [], None
        for event in held:
            self.happens(event)

    # -- what is known

    def person(self, user: UserId) -> Person | None:
        return self.records.get(("person", user))

    def one(self, kind, key):
        return self.records[(kind.kind, key)]

    def all(self, kind) -> list:
        return [record for (name, _), record in self.records.items() if name == kind.kind]

    def of(self, kind, user: UserId, group: GroupId | None = None) -> list:
        return [r for r in self.all(kind) if r.user == user and group in (None, r.group)]

    def consents(self, user: UserId) -> list[Consent]:
        return [c for c in self.of(Consent, user) if c.withdrawn is None]

    def admitted(self) -> set[UserId]:
        """Return who is or was invited into anything by the rules."""
        return {effect.user for effect in self.effects if isinstance(effect, Admit)}

    def done(self, kind) -> list:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    # -- how it works

    def writes(self, outcome: Outcome) -> None:
        self._loses_nothing(outcome)
        for record in outcome.drops:
            self.records.pop((record.kind, record.key), None)
        for record in outcome.puts:
            self.records[(record.kind, record.key)] = record
        self.entries += outcome.entries
        for erasure in outcome.erasures:
            self.entries = [
                entry
                for entry in self.entries
                if entry.user != erasure.user or erasure.group not in (None, entry.group)
            ]

    def _loses_nothing(self, outcome: Outcome) -> None:
        """What an outcome keeps of a record the first time, it must not undo the second time."""
        newest: dict[tuple[str, str], Any] = {}
        for put in outcome.puts:
            key = put.kind, put.key
            before, first = self.records.get(key), newest.get(key)
            if before is not None and first is not None:
                for field_ in fields(put):
                    was, then, now = (getattr(x, field_.name) for x in (before, first, put))
                    lost = then != was and now == was
                    assert not lost, f"{put.kind}.{field_.name} is lost: {then!r}"
            newest[key] = put
        for oblivion in outcome.oblivions:
            self._forgets(oblivion.user)

    def state(self, event: Event) -> State:
        """Load what `scope` asks for, and not more."""
        wish = scope(event)
        person = self.person(wish.user) if wish.user else None
        where = person.chat if wish.chat and person else wish.room
        room = self.records.get(("room", where)) if where else None
        code = next((c for k in wish.codes if (c := self.records.get(("code", k)))), None)
        kinds = (Application, Consent, Grace, Renewal)
        own = [r for kind in kinds for r in (self.of(kind, wish.user) if wish.user else [])]
        full = set(wish.groups) | ({room.group} if room and room.group else set())
        ids = {r.group for r in own} | full | ({code.group} if code else set())
        full |= (
            {r.group for r in own if isinstance(r, (Consent, Application))}
            if wish.whole
            else set()
        )
        if wish.led:
            led = {g.id for g in self.all(Group) if g.charter.lead == wish.user}
            ids, full = ids | led, full | led
        if wish.named:
            naming = {g.id for g in self.all(Group) if unnamed(g, wish.user) != g}
            ids, full = ids | naming, full | naming
        groups = {i: self.records[("group", i)] for i in ids if ("group", i) in self.records}
        halves = {one for i in wish.groups if i in groups for one in halves_of(groups[i])}
        ids, full = ids | halves, full | halves
        groups |= {i: self.records["group", i] for i in halves if ("group", i) in self.records}
        spoken = {g.id for g in self.all(Group) if wish.spoken and mentioned(g, wish.spoken)}
        beside_them = {other for group in groups.values() for other in beside_of(group)}
        for beside in beside_them | spoken:
            if ("group", beside) in self.records:
                groups.setdefault(beside, self.one(Group, beside))
        loaded = [r for kind in kinds for r in self.all(kind) if r in own or r.group in full]
        users = {r.user for r in loaded} | set(wish.users)
        users |= {u for i in full if i in groups for u in groups[i].charter.named}
        users |= {group.charter.lead for group in groups.values() if group.charter.lead}
        if room and room.user and room.user != wish.user:
            users.add(room.user)
        return State(
            house=self.house,
            words=words(),
            person=person,
            room=room,
            groups=groups,
            code=code,
            codes=tuple(
                c
                for c in self.all(Code)
                if c.code in {a.code for a in own if isinstance(a, Application)}
                or (wish.invites and c.group in ids)
            ),
            applications=tuple(r for r in loaded if isinstance(r, Application)),
            consents=tuple(r for r in loaded if isinstance(r, Consent)),
            graces=tuple(r for r in loaded if isinstance(r, Grace)),
            renewals=tuple(r for r in loaded if isinstance(r, Renewal)),
            declined=tuple(self.of(Declined, wish.user)) if wish.declined else (),
            newcomers=tuple(self.of(Newcomer, wish.user)) if wish.newcomers else (),
            cares=tuple(self.all(Care)),
            versions=tuple(v for v in self.all(Version) if wish.versions and v.group in ids),
            people={u: p for u in sorted(users) if (p := self.person(u))},
            rooms=tuple(room for room in self.all(Room) if room.group in ids),
            marks=tuple(self.all(Mark)) if wish.marks else (),
            sweeps=tuple(s for s in self.all(Sweep) if wish.sweeps and s.group in ids),
            rhythm=self._rhythm(wish, ids) if wish.rhythm else None,
            cases=self._cases(wish, ids),
            concerns=tuple(c for c in self.all(Concern) if wish.concerns and c.group in ids),
            numbers_told=tuple(self.all(NumbersTold)) if wish.numbers_told else (),
            numbering=self.records.get(("numbering", ""), Numbering()),
            restored=self.restored,
        )

    def _cases(self, wish: Scope, groups: set[GroupId]) -> tuple[Case, ...] | None:
        if not wish.cases:
            return None
        return tuple(c for c in self.all(Case) if wish.named or c.group in groups)

    def _rhythm(self, wish: Scope, groups: set[GroupId]) -> tuple[Any, ...]:
        own = (r for kind in OF_MEMBER for r in self.all(kind))
        return (
            *(r for kind in OF_GROUP for r in self.all(kind) if r.group in groups),
            *(r for r in own if r.user == wish.user or (wish.everybody and r.group in groups)),
        )

    def performs(self, effect: object, name: EffectId) -> None:  # noqa: PLR0911
        self.effects.append(effect)
        match effect:
            case Say(room=room, message=message):
                return self._said(effect, room, message, effect.id or name)
            case SayPoll(room=room, message=message) | ClosePoll(room=room, message=message):
                is_poll = isinstance(effect, SayPoll)
                body = TextRenderer(words()).body(message)
                said = effect.id if isinstance(effect, SayPoll) else name
                poll = Heard(room, message, said, body, plain=False, is_poll=is_poll)
                self.heard.append(poll)
            case Quote(room=room, message=message, user=user, group=group):
                self._said(effect, room, message, name)
                if not effect.followed:
                    return None
                self._then(AnswersQuoted(user, group, room, EventId(f"${name}")))
            case TakeBack(event=event):
                self.heard = [heard for heard in self.heard if f"${heard.id}" != event]
            case EnterChat(room=room):
                self.rooms.setdefault(room, {})[KEEPER] = "join"
                return self.inspects(room)
            case OpenChat(user=user):
                room = RoomId(f"!opened-{user[1:4]}")
                self.rooms[room] = {KEEPER: "join", user: "invite"}
                return self._then(ChatOpened(room, user))
            case SwitchEncryptionOn(room=room):
                self.room_state[room] = {}
                return self.inspects(room)
            case Leave(room=room, who=who):
                self.rooms.get(room, {}).pop(who, None)
            case MakeRoom():
                return self._made(effect)
            case Convene():
                return self._convened(effect)
            case DrawCode() as draw:
                code = spelling(draw.name, name.encode())
                drawn = CodeDrawn(draw.group, code, draw.room, draw.user, draw.uses, draw.expires)
                return self._then(drawn)
            case DrawFeed(room=room, user=user, group=group):
                return self._then(FeedDrawn(group, room, user, f"secret-{name}", f"hash-{name}"))
            case SendPageCode(room=room, user=user, way=way, address=address):
                code = "" if address in self.unreached else "482913"
                return self._then(PageCodeSent(room, user, way, address, code))
            case Admit(user=user, group=group, rooms=rooms):
                if user in self.blocked:
                    return None
                for room in rooms:
                    self.rooms[room].setdefault(user, "invite")
                    self.left.discard((room, user))
                return self._then(Admitted(user, group))
            case Remove(user=user, rooms=rooms):
                for room in rooms:
                    self.rooms[room].pop(user, None)
            case Unban(user=user, rooms=rooms):
                for room in rooms:
                    self.banned.pop((room, user), None)
                    if self.rooms[room].get(user) == "ban":
                        del self.rooms[room][user]
            case TakeOut(group=group, room=room, event=event, rule=rule, asked=asked):
                author = self.authors.pop((room, event), None)
                return self._then(TakenOut(group, room, author, rule, asked))
            case PartWith(user=user, rooms=rooms):
                return self._parts(user, rooms)
            case AcceptIdentity(user=user, master_key=key, by=by):
                if self.identities.get(user) != key:
                    return None
                self.pinned[user] = key
                return self._then(IdentityAccepted(user, key, by))
            case SetPowers(group=group, what=what):
                known = self.one(Group, group)
                state = expected_state(
                    what,
                    known.charter,
                    self.house,
                    "12",
                    known.muted,
                    hushed=known.hushed is not None,
                )
                powers = dict(state["m.room.power_levels"])
                self.room_state[known.rooms[what]]["m.room.power_levels"] = powers
            case Repair(room=room, type=kind, content=content):
                self.room_state[room][kind] = dict(content)
            case FoundGroup(group=group, charter=charter, at=at, split_from=old):
                if any(g.charter.name == charter.name for g in self.all(Group)):
                    return self._then(NameTaken(old, charter.name))
                code = f"{charter.name.upper()}-2222"
                asked = GroupAsked(group, charter, code, open=False, at=at, split_from=old)
                return self._then(asked)
            case EmptyRoom(group=group, room=room):
                self.rooms[room].clear()
                return self._then(RoomEmptied(group, room))
            case SeekAnswer(user=user, group=group):
                return self._then(AnswerSought(user, group, user not in self.unanswered))
            case Wake(key=key, due=due, event=event):
                self.timers[key] = (due, event)
            case Unwake(key=key):
                self.timers.pop(key, None)
            case TellOperator() | Unlist() | EraseKeys() | SayFile() | SweepPage() | HandOut():
                pass
            case ShowPlace() | Publish() | CheckVideo() | Page():
                pass
        return None

    def inspects(self, room: RoomId, *, encrypted: bool = True, can_encrypt: bool = True) -> None:
        """Let the keeper look who is in a chat."""
        members = {u: m for u, m in self.rooms[room].items() if u != KEEPER}
        joined = tuple(u for u, m in members.items() if m == "join")
        invited = tuple(u for u, m in members.items() if m == "invite")
        only = joined[0] if len(joined) == 1 else None
        seen = ChatInspected(room, only, joined, invited, encrypted, can_encrypt)
        tells = self.names.get(only, NameTells.NOTHING) if only else NameTells.NOTHING
        self.happens(replace(seen, name_tells=tells, zone=self.zones.get(only, "")))

    def _said(self, say: Say | Quote, room: RoomId, message: Message, name: EffectId) -> None:
        body = TextRenderer(words()).body(message)
        self.heard.append(Heard(room, message, name, body, getattr(say, "plain", False)))
        known = self.records.get(("room", room))
        if known is not None and isinstance(known, Room) and known.user is not None:
            self._then(MessageShown(room, known.user, name))

    def _parts(self, user: UserId, rooms: tuple[RoomId, ...]) -> None:
        for room in rooms:
            self.rooms[room].pop(user, None)
        chats = tuple(room.room for room in self.all(Room) if room.user == user)
        for chat in chats:
            self.rooms[chat].pop(KEEPER, None)
        self._then(Parted(user, chats))

    def _forgets(self, user: UserId) -> None:
        for name, record in list(self.records.items()):
            if record.indexed[0] == user and record.kind != Care.kind:
                del self.records[name]
        for key, (_, event) in list(self.timers.items()):
            if getattr(event, "user", None) == user:
                del self.timers[key]

    def _then(self, event: Event) -> None:
        if self.held is not None and isinstance(event, MessageShown):
            self.held.append(event)
        else:
            self.happens(event)

    def _made(self, effect: MakeRoom) -> None:
        group, what = effect.group, effect.what
        again = f"-{len(self.one(Group, group).replaced)}" if effect.instead_of else ""
        room = RoomId(f"!{what}-{group}{again}")
        members = {STEWARD: "join"}
        if what is not RoomKind.CIRCLE:
            members[KEEPER] = "join"
        self.rooms[room] = members
        state = expected_state(what, effect.charter, self.house, "12", effect.muted)
        self.room_state[room] = {
            "m.room.create": {"room_version": "12"},
            **{kind: dict(content) for kind, content in state.items()},
        }
        self._then(RoomMade(group, what, room))

    def _convened(self, effect: Convene) -> None:
        key = f"-{effect.key}" if effect.key else ""
        room = RoomId(f"!{effect.what}-{effect.number}-{effect.group}{key}")
        members = self.rooms.setdefault(room, {STEWARD: "join"})
        if effect.what is RoomKind.CASE:
            members[KEEPER] = "join"
        members |= {user: members.get(user, "invite") for user in effect.users}
        state = expected_state(effect.what, effect.charter, self.house, "12")
        self.room_state[room] = {
            "m.room.create": {"room_version": "12"},
            **{kind: dict(content) for kind, content in state.items()},
        }
        made = RoomMade(effect.group, effect.what, room, effect.number, effect.users, effect.key)
        self._then(made)


__all__ = ["ADA", "BEN", "CODE", "KEEPER", "MEI", "STEWARD", "ZOE", "Code", "Story", "replace"]
