"""Talking with somebody: a room for two, or a colleague's own client; nobody is asked twice."""

from appservice.domain.cases import side_rooms
from appservice.domain.cases.acts import not_now
from appservice.domain.cases.case import About, Case
from appservice.domain.cases.keeping import done, noticed, refused, said, settled, told, whispered
from appservice.domain.cases.log import newest
from appservice.domain.cases.seeing import Seen, may_see
from appservice.domain.cases.table import Act
from appservice.domain.effects import Remove
from appservice.domain.membership import current
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.subcommand import spellings
from appservice.domain.types import RoomId, RoomKind, Text, UserId, Values

_TOLD = {True: "case-contact-member", False: "case-contact-reporter"}


def contacted(seen: Seen, rest: str) -> Outcome:
    """Note that its owner writes to somebody; make a room for two where they ask for one.

    Who raised it about themselves wants to be written to, so their room is made without a word
    more. Whom others have raised it about hears nothing of us: a person invites them, by name.
    """
    number = {"number": seen.case.number}
    after = done(seen, Act.CONTACT, "contact")
    if after is None:
        return not_now(seen)
    ids = mentioned(seen.turn.text)
    member = _meant(seen, ids)
    if ids and member is None:
        return refused(seen, Text("case-contact-who", {**number, "user": ids[0]}))
    insists = _insists(seen, rest)
    if not insists and (others := _colleagues(seen, member)):
        answer = whispered if member == seen.case.reporter else refused
        return answer(seen, *others, Text("case-contact-anyway", number))
    if member is None:
        lines = (Text("case-contact-noted", number), Text("case-contact-words", number))
        return settled(seen, after, said(seen, *lines))
    return _room_for(seen, after, member)


def _room_for(seen: Seen, after: Case, member: UserId) -> Outcome:
    """Have the two invited; the keeper is never in there, and says so to who asked for it.

    A colleague who talked with them there before, for the same case, is out of it from now.
    """
    turn, case = seen.turn, seen.case
    room, key = side_rooms.contact_with(seen.group, case, member)
    values: Values = {"number": case.number, "user": member}
    asked = member == case.reporter
    line = Text("case-contact-room" if asked else "case-contact-room-quiet", values)
    out = _answered(seen, after, line, names_reporter=asked)
    users = (member, turn.user)
    out += side_rooms.convened(seen.group, case, RoomKind.CONTACT, users, key)
    if room is not None:
        out += _out_of(seen, room, users)
    if not asked:
        return out
    return out + told(seen, member, Text(_TOLD[case.about is About.ME], {"user": turn.user}))


def _answered(seen: Seen, after: Case, line: Text, *, names_reporter: bool) -> Outcome:
    """Answer where they ask; who raised it is named to its owner only, in private."""
    room = seen.turn.state.room
    if not names_reporter or room is None or room.what is RoomKind.CHAT:
        return settled(seen, after, said(seen, line))
    out = settled(seen, after, said(seen, Text("case-contact-private", {"number": after.number})))
    return out + in_private(seen.turn, seen.group, seen.turn.user, said(seen, line))


def _out_of(seen: Seen, room: RoomId, users: tuple[UserId, ...]) -> Outcome:
    """Take out who was there before; who may not know of the case any more hears no name."""
    turn, group, case = seen
    out = NOTHING
    values: Values = {"number": case.number, "user": turn.user}
    for user in (one for one in group.side[room].users if one not in users):
        out += Outcome(effects=(Remove(user, (room,)),))
        if may_see(turn.state, group, case, user):
            out += told(seen, user, Text("case-contact-goes-on", values))
    return out


def told_of_rooms(seen: Seen, case: Case) -> Outcome:
    """Tell a new owner in private who has a room for two with whom, and how to go on there.

    Whoever had it may be gone: then the member is alone in it, and writes to nobody.
    """
    turn, group, people = seen.turn, seen.group, (*case.named, *filter(None, (case.reporter,)))
    lines = []
    for member in dict.fromkeys(people):
        room, _ = side_rooms.contact_with(group, case, member)
        inside = group.side[room].users if room is not None else ()
        values: Values = {"number": case.number, "member": member}
        if inside == (member,):
            lines.append(Text("case-contact-alone", values))
        others = (one for one in inside if one not in (member, turn.user))
        lines += [Text("case-contact-before", {**values, "user": user}) for user in others]
    if not lines:
        return NOTHING
    return in_private(turn, group, turn.user, said(seen, *lines))


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
    if not seen.case.excerpt:
        return refused(seen, Text("case-ask-none", number))
    asked = told(seen, reporter, Text("case-ask-reporter", number), kind="flag_update")
    if asked == NOTHING:
        return refused(seen, Text("case-ask-nobody", number))
    line = Text("case-asked-reporter", number)
    return settled(seen, noticed(seen, "asked_reporter"), said(seen, line)) + asked
