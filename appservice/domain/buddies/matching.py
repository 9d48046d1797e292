"""Who is asked for whom: the volunteer with the fewest buddies first, always the same one."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.buddies.buddy import (
    ANSWER_WITHIN,
    FORTNIGHT,
    MOST,
    SEEKING_FOR,
    Asking,
    Buddies,
    Half,
)
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.outcome import Outcome
from appservice.domain.prompt_timers import waking as prompting
from appservice.domain.state import State
from appservice.domain.types import GroupId, Matter, Prompt, UserId

OFFER, ASK, FOUND, OVER = "offer", "ask", "found", "over"  # what a prompt is about


def buddies_of(state: State, group: GroupId) -> Buddies:
    """Return the buddies of a group; nobody, if there is no record."""
    return state.known(Buddies(group))


def prompt(user: UserId, group: GroupId, about: str) -> PromptDue:
    """Name what somebody is to be written to about; nobody else's name stands in it."""
    return PromptDue(user, group, Prompt.BUDDY, about)


def matched(state: State, group: Group, buddies: Buddies, now: datetime) -> Outcome:
    """Ask a volunteer for each who waits and for whom nobody is asked; keep it all."""
    out = Outcome()
    if group.stage == "open":
        for seeker in sorted(
            buddies.seeking, key=lambda user: (buddies.seeking[user].since, user)
        ):
            asked = any(a.seeker == seeker and not a.over for a in buddies.asking)
            best = None if asked else best_for(state, group, buddies, seeker, now)
            if best is not None:
                new = Asking(seeker, best, now)
                buddies = replace(buddies, asking=(*buddies.asking, new))
                out += prompting(prompt(best, group.id, ASK), now)
    return kept(buddies, now) + out


def best_for(
    state: State, group: Group, buddies: Buddies, seeker: UserId, now: datetime
) -> UserId | None:
    """Return the volunteer to ask: with the fewest buddies, then the one who offered first."""
    tried = {one.volunteer for one in buddies.asking if one.seeker == seeker}
    known = {half.other for half in buddies.others(seeker, now)}

    def is_free(user: UserId) -> bool:
        rests = buddies.volunteers[user].rests
        return (
            user not in {seeker, *tried, *known}
            and (rests is None or rests <= now)
            and buddies.asked(user) is None
            and len(buddies.others(user, now)) < MOST
            and is_well(state, user, group.id)
        )

    def rank(user: UserId) -> tuple[int, datetime, UserId]:
        return len(buddies.others(user, now)), buddies.volunteers[user].since, user

    return min(filter(is_free, buddies.volunteers), key=rank, default=None)


def is_well(state: State, user: UserId, group: GroupId) -> bool:
    """Say whether somebody is a member who is not paused, and whom no care case names."""
    consent = state.consent(user, group)
    member = consent is not None and consent.admitted and not consent.pauses
    return member and state.cared_for(user) is None


def paired(buddies: Buddies, seeker: UserId, volunteer: UserId, now: datetime) -> Buddies:
    """Let two be buddies for a fortnight."""
    until, halves = now + FORTNIGHT, dict(buddies.halves)
    for user, other in ((seeker, volunteer), (volunteer, seeker)):
        halves[user] = (*buddies.others(user, now), Half(other, until))
    return _found(replace(buddies, halves=halves), seeker)


def passed_on(buddies: Buddies, volunteer: UserId) -> Buddies:
    """Keep that a volunteer said no, or nothing: somebody else may be asked."""
    asking = tuple(
        replace(one, over=True) if one.volunteer == volunteer else one for one in buddies.asking
    )
    return replace(buddies, asking=asking)


def ended(buddies: Buddies, user: UserId) -> Buddies:
    """End somebody's own side of every pair."""
    return replace(buddies, halves={u: own for u, own in buddies.halves.items() if u != user})


def without(buddies: Buddies, user: UserId) -> Buddies:
    """Take back everything that somebody offered or wished, and end their side of pairs."""
    left = {u: own for u, own in buddies.volunteers.items() if u != user}
    return ended(passed_on(_found(replace(buddies, volunteers=left), user), user), user)


def lapsed(buddies: Buddies, now: datetime) -> Buddies:
    """Let go of wishes that are too old, and of questions that nobody answered."""
    for seeker, wish in buddies.seeking.items():
        if now - wish.since >= SEEKING_FOR:
            buddies = _found(buddies, seeker)
    for one in buddies.asking:
        if not one.over and now - one.at >= ANSWER_WITHIN:
            buddies = passed_on(buddies, one.volunteer)
    return buddies


def kept(buddies: Buddies, now: datetime) -> Outcome:
    """Write it down, and look at it when the next thing ends."""
    ends = [wish.since + SEEKING_FOR for wish in buddies.seeking.values()]
    ends += [one.at + ANSWER_WITHIN for one in buddies.asking if not one.over]
    ends += [half.until for own in buddies.halves.values() for half in own]
    if buddies.seeking:
        rests = (volunteer.rests for volunteer in buddies.volunteers.values())
        ends += [at for at in rests if at is not None and at > now]
    put = Outcome(puts=(buddies,))
    if not ends:
        return put + resting(buddies.group, Matter.BUDDIES)
    return put + waking(buddies.group, Matter.BUDDIES, min(ends))


def _found(buddies: Buddies, seeker: UserId) -> Buddies:
    """Let go of a wish, and of the questions to others about it."""
    seeking = {user: wish for user, wish in buddies.seeking.items() if user != seeker}
    asking = tuple(one for one in buddies.asking if one.seeker in seeking)
    return replace(buddies, seeking=seeking, asking=asking)
