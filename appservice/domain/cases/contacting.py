"""Talking with somebody: a room for two, or a colleague's own client; nobody is asked twice."""

from appservice.domain.cases import side_rooms
from appservice.domain.cases.acts import not_now
from appservice.domain.cases.case import About, Case
from appservice.domain.cases.keeping import done, noticed, refused, said, settled, told
from appservice.domain.cases.log import newest
from appservice.domain.cases.seeing import Seen, may_see
from appservice.domain.cases.table import Act
from appservice.domain.effects import Remove
from appservice.domain.membership import current
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.types import RoomId, RoomKind, Text, UserId, Values

_TOLD = {True: "case-contact-member", False: "case-contact-reporter"}


def contacted(seen: Seen, rest: str) -> Outcome:
    """Note that its owner writes to somebody; make a room for two where they ask for one.

    Who raised it about themselves wants to be written to, so their room is made without a word
    more. Whom others have raised it about hears nothing of us: a person invites them, by name.
    """
    case, number = seen.case, {"number": seen.case.number}
    after = done(seen, Act.CONTACT, "contact")
    if after is None:
        return not_now(seen)
    ids = mentioned(seen.turn.text)
    member = _meant(seen, ids)
    if ids and member is None:
        return refused(seen, Text("case-contact-who", {**number, "user": ids[0]}))
    insists = _insists(seen, rest)
    if not insists and (others := _colleagues(seen, member)):
        return refused(seen, *others, Text("case-contact-anyway", number))
    if member is None:
        lines = (Text("case-contact-noted", number), Text("case-contact-words", number))
        return settled(seen, after, said(seen, *lines))
    room = side_rooms.room_of(seen.group, case, RoomKind.CONTACT)
    if room is not None and member not in seen.group.side[room].users:
        return refused(seen, Text("case-contact-room-taken", number))
    return _room_for(seen, after, member, room)


def _room_for(seen: Seen, after: Case, member: UserId, room: RoomId | None) -> Outcome:
    """Have the two invited; the keeper is never in there, and says so to who asked for it."""
    turn, case = seen.turn, seen.case
    values: Values = {"number": case.number, "user": member}
    asked = member == case.reporter
    lines = [Text("case-contact-room" if asked else "case-contact-room-quiet", values)]
    out = settled(seen, after, said(seen, *lines))
    users = (member, turn.user)
    out += side_rooms.convened(seen.group, case, RoomKind.CONTACT, users)
    if room is not None:
        gone = (user for user in seen.group.side[room].users if user not in users)
        out += Outcome(effects=tuple(Remove(user, (room,)) for user in gone))
    if not asked:
        return out
    return out + told(seen, member, Text(_TOLD[case.about is About.ME], {"user": turn.user}))


def _meant(seen: Seen, ids: tuple[str, ...]) -> UserId | None:
    """Return for whom a room is meant: by id, or whoever raised it about themselves."""
    case = seen.case
    if not ids:
        return case.reporter if case.about is About.ME else None
    known = {one.user for one in current(seen.turn.state.consents, seen.group)}
    about = (*case.named, *filter(None, (case.reporter,)))
    return next((one for one in about if one.casefold() == ids[0] and one in known), None)


def _insists(seen: Seen, rest: str) -> bool:
    last = rest.split()[-1:]
    return bool(last) and last[0].casefold() in spellings(seen.turn, "case-anyway")


def _colleagues(seen: Seen, member: UserId | None) -> tuple[Text, ...]:
    """Say which colleagues are in contact with the same people already, for whatever case."""
    turn, own = seen.turn, seen.case
    people = set(own.named) | ({member} if member is not None else set())
    found: list[Text] = []
    for case in turn.state.cases or ():
        group = turn.groups.get(case.group)
        is_other = case.is_open and (case.group, case.number) != (own.group, own.number)
        if group is None or not is_other or case.owner in (None, turn.user):
            continue
        if not people & set(case.named) or newest(case, "contact") is None:
            continue
        if may_see(turn.state, group, case, turn.user):
            values: Values = {"number": case.number, "user": case.owner or ""}
            line = Text("case-contact-colleague", values)
        else:
            line = Text("case-contact-somebody")
        found += [line] if line not in found else []
    return tuple(found)


def asked_again(seen: Seen) -> Outcome:
    """Ask the reporter to say again what cannot be read any more."""
    reporter, number = seen.case.reporter, {"number": seen.case.number}
    if reporter is None:
        return refused(seen, Text("case-reporter-gone"))
    asked = told(seen, reporter, Text("case-ask-reporter", number), kind="flag_update")
    if asked == NOTHING:
        return refused(seen, Text("case-ask-nobody", number))
    line = Text("case-asked-reporter", number)
    return settled(seen, noticed(seen, "asked_reporter"), said(seen, line)) + asked
