"""A facilitator's word becomes a motion: shown back, said yes to, seconded, or undone."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.charter import Rule
from appservice.domain.conduct.limits import leaves_out, may_second, needs_second, refusal
from appservice.domain.conduct.motion import UNDO, Motion, Motions
from appservice.domain.conduct.names import RUNGS, what_of
from appservice.domain.conduct.reading import rule_of
from appservice.domain.conduct.records import motion_of, motions_of, standing_of
from appservice.domain.conduct.saying import day, rule_lines, to_those_in_charge
from appservice.domain.conduct.standing import LADDER, Rung
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.roles.telling import lead_of
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Matter, Text, UserId, Values, verbatim

TOPIC = "conduct"
GENTLE = (Rung.TALK, Rung.REMINDER)  # said without being shown first


def begun(turn: Turn, what: str, user: UserId, rule: Rule | None) -> Motion:
    """Return what this word asks for, without a number; `user` is empty for a message."""
    number = rule.number if rule is not None else 0
    return Motion(0, what, user, turn.user, turn.room, turn.now, rule=number)


def moved(turn: Turn, group: Group, wanted: Motion) -> Outcome:
    """Keep it and show it back; what nobody may do is refused with what to do instead."""
    if fault := _fault(turn, group, wanted):
        return turn.refuse(fault, group=group)
    motions = motions_of(turn.state, group)
    number = motions.last + 1
    alone = not needs_second(turn, group, wanted)
    newest = standing_of(turn.state, group, wanted.user).newest
    motion = replace(wanted, number=number, alone=alone, known=newest)
    if alone and motion.what in GENTLE:
        motion = replace(motion, confirmed=turn.now, acts=turn.now)
        kept = replace(motions, last=number, waiting=(*motions.waiting, motion))
        return _kept(turn, group, kept)
    kept = replace(motions, last=number, waiting=(*motions.waiting, motion))
    return _kept(turn, group, kept) + turn.answer(_shown(turn, group, motion))


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Take a yes or a no by number in a private chat."""
    number = question.topic.partition(" ")[2]
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None:
        return None
    person = replace(turn.person, asked=closed(turn.person.asked, question.topic, question.group))
    done = replace(turn, person=person)
    motion = motion_of(turn.state, group, int(number))
    if motion is None:
        return done.answer(notice(Text("motion-none"), group=group.charter.name))
    return confirmed(done, group, motion) if choice == "yes" else undone(done, group, motion)


def confirmed(turn: Turn, group: Group, motion: Motion) -> Outcome:
    """Let it act in ten seconds, or ask a second person; a second yes changes nothing."""
    if motion.by != turn.user or motion.confirmed is not None or turn.now >= motion.lapses:
        return turn.refuse(Text("motion-none"), group=group)
    sure = replace(motion, confirmed=turn.now)
    if sure.alone:
        return _armed(turn, group, sure)
    values = _values(group, sure)
    said = turn.answer(notice(Text("motion-asked", values), group=group.charter.name))
    return _replaced(turn, group, sure) + said + second_asked(turn, group, sure)


def second_asked(here: Turn, group: Group, motion: Motion) -> Outcome:
    """Ask for a second person's word, where facilitators are and the lead."""
    lines = [Text("motion-second", _values(group, motion))]
    lines += rule_lines(group, motion.rule, group.charter.language)
    return to_those_in_charge(here, group, *lines, also=lead_of(group))


def seconded(turn: Turn, group: Group, motion: Motion) -> Outcome:
    """Take the second person's word, once."""
    waits = motion.confirmed is not None and motion.second is None and not motion.alone
    if not waits or turn.now >= motion.lapses:
        return turn.refuse(Text("motion-none"), group=group)
    if not may_second(turn, group, motion, turn.user):
        refused = Text("motion-another", _values(group, motion))
        return turn.refuse(refused, group=group)
    return _armed(turn, group, replace(motion, second=turn.user))


def confirmed_by_two(turn: Turn, group: Group, wanted: Motion) -> Outcome:
    """Keep what one has done already and this one agrees to; it can be undone for ten seconds."""
    fault = refusal(turn, group, wanted.by, wanted.user)
    if fault is None and not may_second(turn, group, wanted, turn.user):
        fault = Text("ban-another")
    if fault is not None:
        return turn.refuse(fault, group=group)
    motions = motions_of(turn.state, group)
    motion = replace(
        wanted,
        number=motions.last + 1,
        alone=False,
        known=standing_of(turn.state, group, wanted.user).newest,
        confirmed=turn.now,
    )
    kept = replace(motions, last=motion.number, waiting=(*motions.waiting, motion))
    state = turn.state
    rest = tuple(one for one in state.all_rhythm() if one != motions)
    known = replace(turn, state=replace(state, rhythm=(*rest, kept)))
    return _armed(known, group, replace(motion, second=turn.user))


def undone(turn: Turn, group: Group, motion: Motion) -> Outcome:
    """Let it be; nothing has happened."""
    motions = motions_of(turn.state, group)
    rest = tuple(one for one in motions.waiting if one.number != motion.number)
    values = _values(group, motion)
    told = Text("motion-undone", values)
    out = _kept(turn, group, replace(motions, waiting=rest))
    if motion.confirmed is not None:
        out += to_those_in_charge(turn, group, told)
    return out + turn.answer(notice(told, group=group.charter.name))


def _fault(turn: Turn, group: Group, wanted: Motion) -> Text | None:
    if wanted.user and (fault := refusal(turn, group, turn.user, wanted.user)):
        return fault
    for other in motions_of(turn.state, group).waiting:
        same = (other.what, other.user, other.place) == (wanted.what, wanted.user, wanted.place)
        if same and turn.now < other.lapses:
            return Text("motion-already", _values(group, other))
    if leaves_out(turn, group, wanted) and not wanted.serious:
        highest = standing_of(turn.state, group, wanted.user).highest(turn.now)
        following = LADDER[0] if highest is None else LADDER[LADDER.index(highest) + 1]
        return Text("conduct-skipped", {"next": RUNGS[following]})
    return None


def _shown(turn: Turn, group: Group, motion: Motion) -> Reply:
    lines = [Text("motion-shown", _values(group, motion))]
    rule = rule_of(group, motion.rule, turn.language)
    if rule is not None:
        lines += rule_lines(group, motion.rule, turn.language)
    if motion.user:
        lines.append(_so_far(turn, group, motion))
    if not motion.alone:
        lines.append(Text("motion-needs-second"))
    yes, no = verbatim(f"!yes {motion.number}"), verbatim(f"!undo {motion.number}")
    ask = None
    if not turn.shared:
        yes, no = Text("choice-yes-reply"), Text("choice-no-reply")
        ask = Ask(f"{TOPIC} {motion.number}", group.id)
    choices = (
        Choice("yes", Text("choice-yes"), yes),
        Choice("no", Text("choice-no"), no),
    )
    return Reply("notice", tuple(lines), choices=choices, ask=ask, group=group.charter.name)


def _so_far(turn: Turn, group: Group, motion: Motion) -> Text:
    standing = standing_of(turn.state, group, motion.user)
    counting = [one for one in standing.measures if one.counts(turn.now)]
    if not counting:
        return Text("record-none", {"user": motion.user})
    newest = counting[-1]
    return Text("record-newest", {"what": RUNGS[newest.rung], "date": day(newest.at)})


def _armed(turn: Turn, group: Group, motion: Motion) -> Outcome:
    armed = replace(motion, acts=turn.now + UNDO)
    values = _values(group, armed)
    told = Text("motion-armed", values)
    said = turn.answer(notice(told, group=group.charter.name))
    return _replaced(turn, group, armed) + said + to_those_in_charge(turn, group, told)


def _replaced(turn: Turn, group: Group, motion: Motion) -> Outcome:
    motions = motions_of(turn.state, group)
    waiting = tuple(motion if one.number == motion.number else one for one in motions.waiting)
    out = Outcome(puts=(replace(motions, waiting=waiting),))
    return out + waking(group.id, Matter.CONDUCT, motion.acts or turn.now)


def _kept(turn: Turn, group: Group, motions: Motions) -> Outcome:
    return Outcome(puts=(motions,)) + waking(group.id, Matter.CONDUCT, turn.now)


def _values(group: Group, motion: Motion) -> Values:
    return {
        "number": motion.number,
        "what": what_of(motion),
        "user": motion.user,
        "by": motion.by,
        "group": group.charter.name,
        "date": f"{motion.lapses:%Y-%m-%d %H:%M} UTC",
    }
