"""A group splits: a second one is founded, and each member is asked whether to move there.

Nobody is moved by silence. Who moves agrees anew, and leaves the old group only once the new one
has let them in.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.commands.leave import leave_group
from appservice.domain.effects import FoundGroup
from appservice.domain.events import Admitted, GroupAsked, NameTaken
from appservice.domain.gate.application import begin
from appservice.domain.gate.rules_text import charter_card, rules_in
from appservice.domain.gate.walk import ask
from appservice.domain.ground_rules.asking import tell
from appservice.domain.group import Group, Split
from appservice.domain.group_life.timers import waking
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.membership import current, may_apply, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.records import Consent
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn, in_chat, notice, nowhere
from appservice.domain.types import CauseId, GroupId, Matter, Text, Value, derive

TOPIC = "split"
STATEMENT = 5  # the step of the gate at which somebody begins who knows these rules


def proposed(here: Turn, group: Group, wish: Split) -> Outcome:
    """Keep that somebody wants a group to split; a second one is asked."""
    values: dict[str, Value] = {
        "group": group.charter.name,
        "name": wish.name,
        "user": wish.by,
        "names": ", ".join(wish.facilitators),
    }
    told = to_facilitators(here, group, Text("split-second-word", values))
    return Outcome(puts=(replace(group, split=wish),)) + told


def begun(here: Turn, group: Group, wish: Split) -> Outcome:
    """Have the new group founded, as a draft with the words of the old one."""
    new = GroupId(derive("split", here.cause, group.id))
    charter = replace(
        group.charter, name=wish.name, facilitators=wish.facilitators, listed=False, review=""
    )
    agreed = replace(group, split=replace(wish, new=new))
    found = FoundGroup(new, charter, here.now, split_from=group.id)
    return Outcome(puts=(agreed,), effects=(found,))


def founded(state: State, event: GroupAsked) -> Outcome:
    """Tell the facilitators of the old group the code for those of the new one."""
    old = state.groups.get(event.split_from) if event.split_from is not None else None
    if old is None:
        return NOTHING
    values = {"name": event.charter.name, "code": event.code}
    return notices(places_of_facilitators(state, old), old, Text("split-founded", values))


def name_taken(state: State, event: NameTaken) -> Outcome:
    """Another group has this name: another one must be found."""
    old = state.groups.get(event.group)
    if old is None:
        return NOTHING
    kept = Outcome(puts=(replace(old, split=None),))
    told = Text("split-name-taken", {"name": event.name})
    return kept + notices(places_of_facilitators(state, old), old, told)


def opened(group: Group, now: datetime) -> Outcome:
    """Let the members of the old group be asked, now that the gate of the new one is open."""
    return NOTHING if group.split_from is None else waking(group.split_from, Matter.SPLIT, now)


def due(state: State, old: Group, cause: CauseId, now: datetime) -> Outcome:
    """Ask every member of the old group, each in their private chat."""
    wish = old.split
    if wish is None or wish.new is None or wish.new not in state.groups:
        return NOTHING
    new, here = state.groups[wish.new], nowhere(state, cause, now, old.charter.language)
    out = to_facilitators(here, old, Text("split-for-the-circle", {"name": wish.name}))
    for consent in current(state.consents, old):
        out += tell(here, consent, _offer(old, new))
    return out


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Stay, or begin to move; None if nothing is asked any more."""
    new = turn.groups.get(asked.group) if asked.group is not None else None
    old = next((g for g in turn.groups.values() if g.split and g.split.new == asked.group), None)
    consent = turn.state.consent(turn.user, old.id) if old is not None else None
    if new is None or old is None or consent is None:
        return None
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, new.id))
    done = replace(turn, person=person, language=asked.language)
    name = new.charter.name
    if choice != "move":
        said = notice(Text("split-stays", {"group": old.charter.name}), group=old.charter.name)
        return done.answer(said)
    if turn.state.consent(turn.user, new.id) is not None:
        return leave_group(done, old)
    if not may_apply(turn.user, new, turn.now):
        return done.refuse(Text("split-shut", {"group": name}), group=new)
    movers = tuple(dict.fromkeys((*new.movers, turn.user)))
    step = STATEMENT if _knows(consent, old, new) else 1
    application = replace(begin(done, new, step=step), trusted=True)  # they are known
    first = Text(
        "card", {"lines": (Text("split-moving", {"group": name}), charter_card(new.charter))}
    )
    kept = Outcome(puts=(replace(new, movers=movers),))
    return kept + ask(done, application, first if step == STATEMENT else None)


def moved(state: State, event: Admitted, cause: CauseId, now: datetime) -> Outcome:
    """Who asked to move is in the new group: take them out of the old one."""
    new, consent = state.groups.get(event.group), state.consent(event.user, event.group)
    if new is None or consent is None or event.user not in new.movers:
        return NOTHING
    movers = tuple(user for user in new.movers if user != event.user)
    kept = Outcome(puts=(replace(new, movers=movers),))
    turn = in_chat(state, cause, now)
    old = state.groups.get(new.split_from) if new.split_from else None
    if turn is None or old is None or state.consent(event.user, old.id) is None:
        return kept
    return kept + leave_group(replace(turn, language=consent.language), old)


def _offer(old: Group, new: Group) -> Reply:
    values = {"group": old.charter.name, "name": new.charter.name}
    return Reply(
        "notice",
        (Text("split-ask", values), Text("split-ask-how")),
        choices=(
            Choice("stay", Text("choice-stay", values), Text("choice-stay-reply")),
            Choice("move", Text("choice-move", values), Text("choice-move-reply")),
        ),
        ask=Ask(TOPIC, new.id),
        group=old.charter.name,
    )


def _knows(consent: Consent, old: Group, new: Group) -> bool:
    """Say whether somebody has agreed to the very rules of the new group, at its age."""
    before, now = (rules_in(one.charter, consent.language) for one in (old, new))
    return (
        before == now
        and consent.rules_version == now.version
        and consent.age_confirmed >= new.charter.minimum_age
    )
