"""!confirm-ban @NAME rule 3: says that a ban of one of you was right; the place ends by it."""

from appservice.domain.conduct import bans
from appservice.domain.conduct.asking import confirmed_by_two
from appservice.domain.conduct.ladder import member_in, refused
from appservice.domain.conduct.motion import Motion
from appservice.domain.conduct.reading import rule_in
from appservice.domain.conduct.standing import Rung
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def confirm_ban(turn: Turn, rest: str) -> Outcome:
    """Take the second person's word, with the rule that it is about."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, _ = found
    user = member_in(turn, group)
    ban = bans.of(group, user) if user is not None else None
    if user is None or ban is None:
        return refused(turn, group, Text("ban-none"))
    rule = rule_in(turn, group)
    if rule is None:
        return refused(turn, group, Text("conduct-which-rule"))
    motion = Motion(
        number=0,
        what=Rung.REMOVAL,
        user=user,
        by=ban.by,
        room=turn.room,
        asked=turn.now,
        rule=rule.number,
        serious=True,
    )
    return confirmed_by_two(turn, group, motion)
