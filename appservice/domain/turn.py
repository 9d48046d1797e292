"""One turn of a talk: what was said, what is known, and the answer that is being made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from appservice.domain.application import Application
from appservice.domain.asked import opened
from appservice.domain.effects import Message, Say, SayPoll
from appservice.domain.flags.draft import Draft
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.records import Consent
from appservice.domain.state import State
from appservice.domain.types import (
    Audience,
    CauseId,
    EffectId,
    GroupId,
    RoomId,
    Text,
    UserId,
    derive,
)

PROGRAM = Text("program-sentence")


@dataclass(frozen=True)
class Ask:
    """That an answer is awaited: which dialogue asks, and about which group."""

    topic: str
    group: GroupId | None = None
    about: str = ""  # see Asked
    flag: Draft | None = None  # see Asked
    aside: bool = False  # see Asked


@dataclass(frozen=True)
class Ballot:
    """A native poll that a reply asks after its lines; the reply's choices are its answers."""

    kind: str  # of the poll, as of messages
    question: Text
    most: int = 1  # how many choices may be chosen
    numbers: Text | None = None  # how to answer without buttons; None: by the choices' numbers


@dataclass(frozen=True)
class Reply:
    """What the keeper wants to say; becomes a Message in the turn's language."""

    kind: str
    lines: tuple[Text, ...]
    parts: tuple[str, ...] = ()  # empty: only what `kind` says
    choices: tuple[Choice, ...] = ()
    ask: Ask | None = None
    group: str | None = None
    step: str | None = None
    audience: Audience = Audience.SIGNED
    name: EffectId | None = None  # where more than one way may say the same
    poll: Ballot | None = None  # with `ask` and `choices`; the lines may be empty then
    case: str | None = None  # "C-12"


@dataclass(frozen=True)
class Turn:
    """Somebody's turn. Rules change `person` by `replace` and answer at the end."""

    state: State
    room: RoomId
    person: Person
    language: str
    cause: CauseId
    now: datetime
    text: str = ""
    event: str = ""  # the member's message, where there is one
    plain: bool = False  # the room is not encrypted
    shared: bool = False  # a facilitators' room, where nobody is greeted
    identity_changed: bool = False  # and nobody has confirmed it: words with `!` rest

    @property
    def user(self) -> UserId:
        return self.person.user

    @property
    def groups(self) -> Mapping[GroupId, Group]:
        return self.state.groups

    def applications(self) -> tuple[Application, ...]:
        """Return this person's own, oldest first."""
        own = (
            a for a in self.state.applications if a.user == self.user and a.group in self.groups
        )
        return tuple(sorted(own, key=lambda application: application.started))

    def application(self, group: GroupId) -> Application | None:
        return next((a for a in self.applications() if a.group == group), None)

    def consents(self) -> tuple[Consent, ...]:
        """Return this person's own that count now, in groups that are known; sessions aside."""
        return tuple(one for one in self._consents() if self.groups[one.group].session is None)

    def sessions(self) -> tuple[Consent, ...]:
        """Return this person's own to sessions of two groups."""
        return tuple(one for one in self._consents() if self.groups[one.group].session)

    def _consents(self) -> tuple[Consent, ...]:
        return tuple(
            consent
            for consent in self.state.consents
            if consent.user == self.user
            and consent.withdrawn is None
            and consent.group in self.groups
        )

    def memberships(self) -> tuple[Consent | Application, ...]:
        """Return consents and applications, one for each group."""
        both: tuple[Consent | Application, ...] = (*self.consents(), *self.applications())
        first: dict[GroupId, Consent | Application] = {}
        for record in both:
            first.setdefault(record.group, record)
        return tuple(first.values())

    def greeted(self) -> bool:
        """Say whether the program sentence was said in this very chat."""
        return self.shared or (self.person.greeted and self.person.chat == self.room)

    def refuse(self, *lines: Text, group: Group | None = None) -> Outcome:
        """Say why not, and what to do instead."""
        name = group.charter.name if group is not None else None
        return self.answer(Reply("refusal", lines, group=name))

    def answer(self, reply: Reply) -> Outcome:
        """Say it here; before the first answer of all stands the program sentence."""
        if reply.poll is not None and reply.ask is not None:
            return self._poll(reply, reply.poll, reply.ask)
        parts = reply.parts or (reply.kind,)
        lines = reply.lines
        if not self.greeted() and "program" not in parts:
            parts, lines = ("program", *parts), (PROGRAM, *lines)
        message = Message(
            kind=reply.kind,
            lines=lines,
            language=self.language,
            parts=parts,
            choices=reply.choices,
            group=reply.group,
            step=reply.step,
            audience=reply.audience,
            case=reply.case,
        )
        person = replace(self.person, greeted=self.person.greeted or self.person.chat == self.room)
        name = reply.name
        if reply.ask is not None:
            name = name or EffectId(derive("ask", self.cause, self.room))
            asked = Asked(
                message=name,
                topic=reply.ask.topic,
                group=reply.ask.group,
                step=reply.step or "",
                choices=reply.choices,
                room=self.room,
                language=self.language,
                about=reply.ask.about,
                flag=reply.ask.flag,
                at=self.now,
                aside=reply.ask.aside,
            )
            person = replace(person, asked=opened(person.asked, asked))
        say = Say(self.room, message, id=name, plain=self.plain)
        return replace(self, person=person).silence() + Outcome(effects=(say,))

    def _poll(self, reply: Reply, poll: Ballot, ask: Ask) -> Outcome:
        """Say the lines, then the poll, then the same in plain text for clients without polls."""
        name = EffectId(derive("poll", self.cause, self.room, ask.topic))
        said = replace(reply, choices=(), ask=None, poll=None, name=None)
        first = self.answer(said) if reply.lines or not self.greeted() else self.silence()
        people = (put for put in first.puts if isinstance(put, Person))
        person = next(people, self.person)
        numbers = Text("poll-by-number", {"last": len(reply.choices)})
        if poll.most > 1:
            most = {"most": poll.most, "last": len(reply.choices)}
            numbers = Text("poll-by-numbers", most)
        numbers = poll.numbers or numbers
        message = Message(
            kind=poll.kind,
            lines=(poll.question,),
            language=self.language,
            parts=(poll.kind,),
            choices=reply.choices,
            group=reply.group,
            audience=reply.audience,
        )
        asked = Asked(
            message=EffectId(derive("ask", self.cause, self.room, ask.topic)),
            topic=ask.topic,
            group=ask.group,
            step="",
            choices=reply.choices,
            room=self.room,
            language=self.language,
            about=ask.about,
            poll=name,
            most=poll.most,
            at=self.now,
        )
        person = replace(person, asked=opened(person.asked, asked))
        in_text = replace(message, lines=(*message.lines, numbers))
        asks = (
            SayPoll(self.room, message, name, poll.most),
            Say(self.room, in_text, id=asked.message),
        )
        return Outcome(puts=(person,), effects=(*first.effects, *asks))

    def silence(self) -> Outcome:
        """Say nothing; keep the person where something about them changed."""
        return Outcome(puts=(self.person,) if self.person != self.state.person else ())


def notice(*lines: Text, group: str | None = None, audience: Audience = Audience.SIGNED) -> Reply:
    """Make the plainest reply: it tells something and asks nothing."""
    return Reply("notice", lines, group=group, audience=audience)


def did_you_mean(word: str) -> Reply:
    """Offer the word that a mistyped one may have been meant for."""
    return Reply("not_understood", (Text("did-you-mean", {"word": word}),))


def language_of(state: State, person: Person) -> str:
    """Return the member's language, else their newest group's, else the house's."""
    if person.language is not None:
        return person.language
    application = max(
        (a for a in state.applications if a.user == person.user and a.group in state.groups),
        key=lambda a: a.started,
        default=None,
    )
    if application is not None:
        return application.language
    consent = max(
        (c for c in state.consents if c.user == person.user and c.withdrawn is None),
        key=lambda c: c.given,
        default=None,
    )
    return consent.language if consent is not None else state.house.language


def in_chat(state: State, cause: CauseId, now: datetime) -> Turn | None:
    """Make a turn in the person's newest private chat; None if they have none."""
    person = state.person
    if person is None or person.chat is None:
        return None
    return Turn(state, person.chat, person, language_of(state, person), cause, now)


def nowhere(state: State, cause: CauseId, now: datetime, language: str | None = None) -> Turn:
    """Return where we stand when nobody has spoken: everything is said elsewhere."""
    nobody = Person(UserId(""))
    return Turn(state, RoomId(""), nobody, language or state.house.language, cause, now)


def in_chat_of(here: Turn, user: UserId, language: str) -> Turn | None:
    """Return a turn in somebody's private chat, in their own language or else this one.

    None if they have no chat, or nothing is known of them, or they have died.
    """
    person = here.person if here.user == user else here.state.people.get(user)
    if person is None or person.chat is None:
        return None
    if here.user != user and here.state.is_mourned(user):
        return None
    spoken = person.language or language
    return Turn(here.state, person.chat, person, spoken, here.cause, here.now)
