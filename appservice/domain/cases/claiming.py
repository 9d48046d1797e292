"""Who has a case: one at a time; taken, taken over, given back."""

from dataclasses import replace

from appservice.domain.asked import closed, waiting
from appservice.domain.cases import delivering
from appservice.domain.cases.acts import not_now
from appservice.domain.cases.alerts import is_alert, repeated
from appservice.domain.cases.asking import can_take, is_grave
from appservice.domain.cases.case import Case
from appservice.domain.cases.contacting import told_of_rooms
from appservice.domain.cases.holding import waiting_again
from appservice.domain.cases.keeping import done, refused, said, settled, told, whispered
from appservice.domain.cases.load import too_much
from appservice.domain.cases.rungs import is_in_vain
from appservice.domain.cases.seconding import moved_in
from appservice.domain.cases.seeing import Seen, may_own, read_number, seen
from appservice.domain.cases.table import OVER, Act, By
from appservice.domain.duty.who import is_off
from appservice.domain.flags import updates
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Moment, Text, UserId, Values


def answered(turn: Turn, question: Asked, _: str) -> Outcome | None:
    """Take the case that an alert has asked about; who comes too late hears who has it."""
    if question.answered:
        return _too_late(turn, question)
    person = replace(turn.person, asked=closed(turn.person.asked, question.topic, question.group))
    number = int(question.about)
    found = seen(replace(turn, person=person), number)
    if found is not None:
        return claimed(found)
    known = question.group in turn.groups
    key = "case-unknown" if known else "case-take-by-word"  # a lead's groups come with `!` only
    return replace(turn, person=person).answer(Reply("refusal", (Text(key, {"number": number}),)))


def _too_late(turn: Turn, question: Asked) -> Outcome | None:
    """Say who has it; first of all ask about another case, if one waits for somebody."""
    waits = repeated(turn, waiting(turn.person.asked)) or repeated(turn, question)
    found = seen(turn, int(question.about))
    if waits is not None or found is None:
        return waits
    owner = found.case.owner
    return None if owner is None or not found.case.is_open else _is_with(found, owner)


def named(turn: Turn) -> Outcome | None:
    """Take a case that we have asked about here, where its number comes without the mark.

    `take 12` and `C-12` count while the question who takes that very case is open. Later they
    are told who has it.
    """
    said = " ".join(turn.text.casefold().strip(" .!").split())
    words = sorted(spellings(turn, "take"), key=len, reverse=True)
    word = next((word for word in words if said.startswith(f"{word} ")), "")
    rest = said.removeprefix(word).strip()
    number = read_number(rest) if word or not rest.isdigit() else None
    alerts = (one for one in reversed(turn.person.asked) if is_alert(one))
    here = (one for one in alerts if one.room == turn.room)
    question = next((one for one in here if number == (int(one.about), "")), None)
    return None if question is None else answered(turn, question, "take")


def claimed(seen: Seen) -> Outcome:
    """Let somebody have a case that nobody has; or say who has it."""
    turn, case = seen.turn, seen.case
    if case.owner is not None and case.is_open:
        return _is_with(seen, case.owner)
    after = done(seen, Act.CLAIM, "claimed", By.ANYBODY)
    if after is None:
        return not_now(seen)
    if (why_not := _not_for_them(seen)) is not None:
        return why_not
    if is_off(turn.person, turn.now) and not is_grave(case):
        return refused(seen, Text("case-off-duty", {"number": case.number}))
    return _begun(seen, after, "case-claimed")


def taken_over(seen: Seen) -> Outcome:
    """Let somebody have a case that a colleague has had until now, who is told so."""
    case, before = seen.case, seen.case.owner
    if before is None and case.stage not in OVER:
        return claimed(seen)
    if before == seen.turn.user:
        return _is_with(seen, before)
    after = done(seen, Act.TAKE_OVER, "taken_over", By.ANYBODY)
    if after is None or before is None:
        return not_now(seen)
    if (why_not := _not_for_them(seen)) is not None:
        return why_not
    gone = Text("case-taken-from-you", {"number": case.number, "user": seen.turn.user})
    return _begun(seen, after, "case-taken-over") + told(seen, before, gone, kind="case_claimed")


def released(seen: Seen) -> Outcome:
    """Give a case back, so that somebody else is asked."""
    after = done(seen, Act.RELEASE, "released")
    if after is None:
        return not_now(seen)
    line = Text("case-released", {"number": seen.case.number})
    after = waiting_again(after, seen.turn.now)
    return settled(seen, after, said(seen, line)) + moved_in(seen, after)


def begun(after: Case, owner: UserId) -> Case:
    """Return the case with a new owner, to whom the words are given."""
    second = None if after.second == owner else after.second
    after = replace(after, owner=owner, second=second, wanted=None)
    return delivering.shown_to(after, owner)


def _begun(seen: Seen, after: Case, key: str) -> Outcome:
    turn, group, user = seen.turn, seen.group, seen.turn.user
    if not delivering.has_chat(seen, user):
        return refused(seen, Text("case-needs-chat", {"number": seen.case.number}))
    after = begun(after, user)
    values: Values = {"number": after.number, "user": user}
    lines = [Text(key, values), Text("case-how", {"number": after.number})]
    lines += too_much(seen, user)
    reply = Reply("case_claimed", tuple(lines), group=group.charter.name, case=after.name)
    out = settled(seen, after, reply) + delivering.delivered(turn, group, after, user)
    tell = updates.claimed(turn, group, after) if seen.case.owner is None else NOTHING
    return out + tell + moved_in(seen, after) + told_of_rooms(seen, after)


def _is_with(seen: Seen, owner: UserId) -> Outcome:
    case, zone = seen.case, seen.group.charter.zone
    if owner == seen.turn.user:
        return refused(seen, Text("case-yours", {"number": case.number}))
    since = Moment(case.acted or case.since, zone, short=True)
    values: Values = {"number": case.number, "user": owner, "since": since}
    return refused(seen, Text("case-with", values), Text("case-take-over", values))


def _not_for_them(seen: Seen) -> Outcome | None:
    """Say why somebody who may see it is not to look after it; None if they may.

    Whoever raised it takes it only if nobody else could, or all were asked and nobody answered.
    """
    turn, group, case = seen
    if not may_own(turn.state, group, case, turn.user):
        return refused(seen, Text("case-lead-only", {"number": case.number}))
    if turn.user != case.reporter or is_in_vain(group, case):
        return None
    if can_take(turn.state, group, case, turn.now):
        return whispered(seen, Text("case-own", {"number": case.number}))
    return None
