"""What a member says about buddies: wishes for one, volunteers, says yes or no, ends it."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.buddies import matching
from appservice.domain.buddies.buddy import Buddies, Seeking, Volunteer
from appservice.domain.buddies.matching import FOUND, buddies_of, kept, matched, prompt
from appservice.domain.buddies.saying import ASKING, OFFERING, found
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked
from appservice.domain.prompt_timers import waking
from appservice.domain.state import State
from appservice.domain.turn import Turn, notice
from appservice.domain.types import GroupId, Text, UserId


def wishes(turn: Turn, group: Group) -> Outcome:
    """Keep that somebody would like a buddy, and ask a volunteer."""
    if (refusal := _not_now(turn, group)) is not None:
        return refusal
    buddies = buddies_of(turn.state, group.id)
    old = buddies.seeking.get(turn.user, Seeking(turn.now))
    buddies = replace(buddies, seeking={**buddies.seeking, turn.user: old})
    out = matched(turn.state, group, buddies, turn.now)
    return out + _said(turn, group, "buddy-wished")


def volunteers(turn: Turn, group: Group) -> Outcome:
    """Keep that somebody may be asked, and ask at once if anybody waits."""
    if (refusal := _not_now(turn, group)) is not None:
        return refusal
    buddies = buddies_of(turn.state, group.id)
    old = buddies.volunteers.get(turn.user, Volunteer(turn.now))
    one = replace(old, rests=None)
    buddies = replace(buddies, volunteers={**buddies.volunteers, turn.user: one})
    out = matched(turn.state, group, buddies, turn.now)
    return out + _said(turn, group, "buddy-volunteered")


def rests(turn: Turn, group: Group, until: datetime) -> Outcome:
    """Ask a volunteer nothing until then; a question that is open goes to somebody else."""
    buddies = buddies_of(turn.state, group.id)
    if turn.user not in buddies.volunteers:
        return _said(turn, group, "buddy-no-volunteer")
    resting = replace(buddies.volunteers[turn.user], rests=until)
    buddies = replace(buddies, volunteers={**buddies.volunteers, turn.user: resting})
    buddies = matching.passed_on(buddies, turn.user)
    return matched(turn.state, group, buddies, turn.now) + _said(turn, group, "buddy-rests")


def says_yes(turn: Turn, group: Group) -> Outcome:
    """Let the two be buddies, and tell each who the other is; both have said yes by now."""
    buddies = buddies_of(turn.state, group.id)
    seeker = buddies.asked(turn.user)
    done = _closed(turn, group)
    if (refusal := _not_now(done, group)) is not None:
        return refusal
    if seeker is None or not matching.is_well(turn.state, seeker, group.id):
        return _said(done, group, "buddy-too-late")
    buddies = matching.paired(buddies, seeker, turn.user, turn.now)
    told = done.answer(found(group, buddies.others(turn.user, turn.now)[-1]))
    return kept(buddies, turn.now) + waking(prompt(seeker, group.id, FOUND), turn.now) + told


def says_no(turn: Turn, group: Group) -> Outcome:
    """Ask somebody else; a no needs no reason."""
    buddies = matching.passed_on(buddies_of(turn.state, group.id), turn.user)
    out = matched(turn.state, group, buddies, turn.now)
    return out + _said(_closed(turn, group), group, "buddy-no")


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Take an answer to one of our questions."""
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None or turn.state.consent(turn.user, group.id) is None:
        return None
    if question.topic == ASKING:
        return says_yes(turn, group) if choice == "yes" else says_no(turn, group)
    done = _closed(turn, group)
    return wishes(done, group) if choice == "yes" else _said(done, group, "buddy-no")


def ended(turn: Turn, group: Group) -> Buddies:
    """Return it without somebody's side of any pair; the other is not told."""
    return matching.ended(buddies_of(turn.state, group.id), turn.user)


def left(state: State, user: UserId, group: GroupId, now: datetime) -> Outcome:
    """Take everything of somebody back in silence, as they are to be left in peace."""
    before = buddies_of(state, group)
    after = matching.without(before, user)
    return NOTHING if after == before else kept(after, now)


def _not_now(turn: Turn, group: Group) -> Outcome | None:
    """Say why nobody can become a buddy now: the group is not open, or they are paused."""
    name, consent = group.charter.name, turn.state.consent(turn.user, group.id)
    if group.stage == "open" and consent is not None and not consent.pauses:
        return None
    return turn.refuse(Text("buddy-not-now", {"group": name}), group=group)


def _closed(turn: Turn, group: Group) -> Turn:
    asked = turn.person.asked
    for topic in (ASKING, OFFERING):
        asked = closed(asked, topic, group.id)
    return replace(turn, person=replace(turn.person, asked=asked))


def _said(turn: Turn, group: Group, key: str) -> Outcome:
    name = group.charter.name
    return turn.answer(notice(Text(key, {"group": name}), group=name))
