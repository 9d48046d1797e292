"""A talk in a private chat: in which order a message is considered, until something answers it."""

from dataclasses import replace
from datetime import datetime

from appservice.domain import answering
from appservice.domain.asked import target, waiting
from appservice.domain.cases import claiming
from appservice.domain.commands.guide import guide
from appservice.domain.commands.help import help_only
from appservice.domain.commands.join import group_of_code
from appservice.domain.commands.table import COMMANDS
from appservice.domain.conduct import appealing
from appservice.domain.contact import offer
from appservice.domain.devices import verify_first
from appservice.domain.drafting import talk
from appservice.domain.effects import EnterChat
from appservice.domain.events import MessageSaid, MessageUnreadable
from appservice.domain.facilitation import named_here, rests
from appservice.domain.flags import sharing
from appservice.domain.gate import walk
from appservice.domain.membership import facilitated_by
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.paging import proving
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, did_you_mean, language_of
from appservice.domain.types import Assurance, Audience, CauseId, Form, Role, Text

WORDS_OF_A_COMMAND = 3  # where an answer in somebody's own words is awaited
NEARLY = 2  # words of a text that may be a mistyped command
_FORMS = {Form.EDIT: "form-edit", Form.MEDIA: "form-media", Form.TOO_LONG: "form-too-long"}


def said(state: State, event: MessageSaid, cause: CauseId, now: datetime) -> Outcome:
    """Answer a message; `help` comes before everything else."""
    turn = _turn(state, event, cause, now)
    command = understood(turn)
    if command is not None and command[0] == "help":
        return _help(turn, event, command[1])
    room = state.room
    if event.assurance is Assurance.PLAIN:
        return NOTHING
    if room is None:  # it is not known yet who is in there
        return Outcome(effects=(EnterChat(event.room),)) + turn.answer(_SAY_AGAIN)
    if room.crowded or room.user not in (None, event.user):
        return NOTHING
    return _heard(turn, event, command)


def _heard(turn: Turn, event: MessageSaid, command: tuple[str, str] | None) -> Outcome:
    """Look at the form of a message and at the device it came from."""
    if event.form is Form.OTHER or (event.form is Form.TEXT and not event.text.strip()):
        return NOTHING
    if event.assurance is Assurance.UNSIGNED:
        if command is not None and command[0] == "guide" and (told := guide(turn, command[1])):
            return told
        return verify_first(turn, has_signed_device=event.has_signed_device)
    if event.form is not Form.TEXT:
        return sharing.in_other_form(turn, event.form) or turn.answer(
            Reply("not_understood", (Text(_FORMS[event.form]),))
        )
    return _considered(turn, event, command)


def unreadable(state: State, event: MessageUnreadable, cause: CauseId, now: datetime) -> Outcome:
    """Ask somebody kindly to say again what could not be decrypted."""
    room = state.room
    if room is None or room.crowded or room.user not in (None, event.user):
        return NOTHING
    person = state.person or Person(event.user)
    turn = Turn(state, event.room, person, language_of(state, person), cause, now)
    return sharing.unreadable(turn) or turn.answer(_SAY_AGAIN)


def understood(turn: Turn) -> tuple[str, str] | None:
    """Return (command id, rest) of a text that begins with a command word.

    Until somebody has chosen a language, the words of every language count.
    """
    words = turn.state.words
    others = words.languages() if turn.person.language is None else ()
    for tag in (turn.language, *others):
        if command := words.command(turn.text, tag):
            return command
    return None


_SAY_AGAIN = Reply("say_again", (Text("say-again"),), audience=Audience.ALL)


def _turn(state: State, event: MessageSaid, cause: CauseId, now: datetime) -> Turn:
    person = state.person or Person(event.user)
    plain = event.assurance is Assurance.PLAIN and not (state.room and state.room.encrypted)
    return Turn(
        state=state,
        room=event.room,
        person=person,
        language=language_of(state, person),
        cause=cause,
        now=now,
        text=event.text if event.form is Form.TEXT else "",
        event=event.event,
        plain=plain,
        identity_changed=event.identity_changed,
    )


def _help(turn: Turn, event: MessageSaid, rest: str) -> Outcome:
    room = turn.state.room
    spoken = turn if turn.person.language else replace(turn, language=_language_of_help(turn))
    sure = event.assurance is Assurance.SIGNED and room is not None and not room.crowded
    handle = COMMANDS["help"].handle if sure and room and room.user == event.user else help_only
    return handle(spoken, rest) or NOTHING


def _language_of_help(turn: Turn) -> str:
    """Answer in the language of the very word that was used, where only one language has it."""
    first = turn.text.strip().split()[0].strip(".,!?\"'").casefold()
    words = turn.state.words
    having = [tag for tag in words.languages() if first in words.synonyms("help", tag)]
    return having[0] if len(having) == 1 else turn.language


def _considered(turn: Turn, event: MessageSaid, command: tuple[str, str] | None) -> Outcome:
    """Take it as a command, an answer, a near miss, or something for people only."""
    open_one = target(turn.person.asked, answering.said(turn, event))
    worded = walk.is_worded(turn, open_one) or appealing.is_worded(turn, open_one)
    worded = worded or sharing.expects_words(turn)
    own_words = len(turn.text.split()) > WORDS_OF_A_COMMAND and worded
    if command is not None and command[0] == "join" and group_of_code(turn) is None:
        own_words = own_words or talk.expects(turn, event.reply_to)
    if command is not None and not own_words:
        done = commanded(turn, *command)
        if done is not None:
            return done
    done = claiming.named(turn) or answering.taken(turn, event) or proving.written(turn)
    if done is not None:
        return done
    is_slip = command is None or len(turn.text.split()) > 1
    can_slip = waiting(turn.person.asked) is None or turn.text.lstrip().startswith("!")
    if is_slip and can_slip and (near := _near(turn)) is not None:
        return turn.answer(did_you_mean(near))
    return _program(turn)


def commanded(turn: Turn, name: str, rest: str) -> Outcome | None:
    """Carry a command out; words with `!` only for a facilitator who is surely themself."""
    command = COMMANDS.get(name)
    if command is None:
        return None
    if command.role is Role.MEMBER:
        return command.handle(turn, rest)
    if not facilitated_by(turn.state, turn.user) and not (
        command.for_all_named and named_here(turn)
    ):
        return turn.refuse(Text("facilitators-only"))
    return rests(turn) or command.handle(turn, rest)


def _near(turn: Turn) -> str | None:
    if turn.text.lstrip().startswith("!"):
        is_theirs = facilitated_by(turn.state, turn.user)
        return turn.state.words.near(turn.text, turn.language) if is_theirs else None
    if len(turn.text.split()) > NEARLY:
        return None
    return turn.state.words.near(turn.text, turn.language)


def _program(turn: Turn) -> Outcome:
    """Say that no person reads this; offer members the way to one."""
    choices, ask = offer(turn)
    key = "program-said" if waiting(turn.person.asked) is None else "program-said-open"
    return turn.answer(Reply("program", (Text(key),), choices=choices, ask=ask))
