"""Whom a case is about, as people say; who is named never sees it, not even who had it."""

from dataclasses import replace

from appservice.domain.cases.case import Case, Track
from appservice.domain.cases.holding import waiting_again
from appservice.domain.cases.keeping import noticed, refused, said, settled
from appservice.domain.cases.log import first, noted
from appservice.domain.cases.seconding import moved_in
from appservice.domain.cases.seeing import Seen
from appservice.domain.cases.table import Act, By, moved
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.types import Text, UserId, Values

_IS = {Track.CARE: "case-track-is-care", Track.CONDUCT: "case-track-is-conduct"}
_NOW = {Track.CARE: "case-track-now-care", Track.CONDUCT: "case-track-now-conduct"}


def named(seen: Seen, rest: str) -> Outcome:
    """Name whom it is about, or take a wrong name out again."""
    case, number = seen.case, {"number": seen.case.number}
    user = _meant(seen)
    if isinstance(user, Text):
        return refused(seen, user)
    if subcommand(seen.turn, rest, "case-about", ("not",)) is not None:
        if user not in case.named or user == case.reporter:
            return refused(seen, Text("case-not-named", {**number, "user": user}))
        left = tuple(one for one in case.named if one != user)
        after = replace(noticed(seen, "unnamed"), named=left)
        line = Text("case-unnamed", {**number, "user": user})
        return settled(seen, after, said(seen, line))
    if user in case.named:
        return refused(seen, Text("case-named-already", {**number, "user": user}))
    after = replace(noticed(seen, "named"), named=(*case.named, user))
    return _without(seen, after, user)


def _without(seen: Seen, after: Case, user: UserId) -> Outcome:
    """Take the case away from whom it names, if they had a part in it."""
    values: Values = {"number": after.number, "user": user}
    if user == after.second:
        after = replace(after, second=None)
    if user != after.owner:
        line = Text("case-named" if after.track is Track.CARE else "case-named-conduct", values)
        return settled(seen, after, said(seen, line)) + moved_in(seen, after)
    stage = moved(after.stage, Act.RELEASE, By.OWNER) or after.stage
    after = noted(replace(after, stage=stage), "released", seen.turn.now, user)
    after = waiting_again(after, seen.turn.now)
    line = Text("case-named-yourself", values)
    return settled(seen, after, said(seen, line)) + moved_in(seen, after)


def rerouted(seen: Seen, track: Track) -> Outcome:
    """Carry it on as care or as conduct; never care as conduct about the same person."""
    case, number = seen.case, {"number": seen.case.number}
    if case.track is track:
        return refused(seen, Text(_IS[track], number))
    if track is Track.CONDUCT and (case.named or first(case, "named") is not None):
        return refused(seen, Text("case-care-stays-care", number))
    after = replace(noticed(seen, f"track {track.value}"), track=track, level=None, wanted=None)
    line = Text(_NOW[track], number)
    return settled(seen, after, said(seen, line))


def _meant(seen: Seen) -> UserId | Text:
    """Return the member whose id stands in the message; they may have left meanwhile."""
    ids = mentioned(seen.turn.text)
    if len(ids) != 1:
        return Text("case-about-words", {"number": seen.case.number})
    consents = (one for one in seen.turn.state.consents if one.group == seen.group.id)
    user = next((one.user for one in consents if one.user.casefold() == ids[0]), None)
    missing = {"user": ids[0], "group": seen.group.charter.name}
    return user or Text("case-no-member", missing)
