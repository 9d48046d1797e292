"""What the keeper answers in a facilitators' room: `help`, and words with `!`; nothing else."""

from datetime import datetime

from appservice.domain.commands.help import help_only
from appservice.domain.commands.table import COMMANDS
from appservice.domain.events import MessageSaid
from appservice.domain.facilitation import named_here, rests
from appservice.domain.group import Group
from appservice.domain.membership import facilitating
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.turn import Turn, did_you_mean
from appservice.domain.types import Assurance, CauseId, Form, Text

_Command = tuple[str, str] | None


def said(state: State, event: MessageSaid, cause: CauseId, now: datetime) -> Outcome:
    """Answer a command of a facilitator; what they say to each other is theirs."""
    room = state.room
    group = state.groups.get(room.group) if room is not None and room.group else None
    if group is None or event.form is not Form.TEXT:
        return NOTHING
    person = state.person or Person(event.user)
    language = person.language or group.charter.language
    turn = Turn(
        state,
        event.room,
        person,
        language,
        cause,
        now,
        text=event.text,
        event=event.event,
        shared=True,
        identity_changed=event.identity_changed,
    )
    command = state.words.command(event.text, language)
    if command == ("help", ""):
        return help_only(turn, "")
    if event.assurance is Assurance.PLAIN or not event.text.lstrip().startswith("!"):
        return NOTHING
    return _marked(turn, event, group, command)


def _marked(turn: Turn, event: MessageSaid, group: Group, command: _Command) -> Outcome:
    """Answer what begins with a `!`; a slip meets the word that was nearly written."""
    is_one = event.user in facilitating(turn.state, group)
    if command is None:
        near = turn.state.words.near(event.text, turn.language) if is_one else None
        return turn.answer(did_you_mean(near)) if near is not None else NOTHING
    if event.assurance is Assurance.UNSIGNED:
        return turn.refuse(Text("verify-to-command"))
    found = COMMANDS.get(command[0])
    is_theirs = found is not None and found.for_all_named and bool(named_here(turn))
    if not is_one and not is_theirs:
        return turn.refuse(Text("facilitators-only"))
    answer = (rests(turn) or found.handle(turn, command[1])) if found is not None else None
    return answer or NOTHING
