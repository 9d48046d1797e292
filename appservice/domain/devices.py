"""What somebody hears who writes from a device that nobody has vouched for."""

from appservice.domain.commands.join import group_of_code, missed
from appservice.domain.gate import too_young
from appservice.domain.gate.application import kept
from appservice.domain.gate.entry import entered
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Audience, Text


def verify_first(turn: Turn, *, has_signed_device: bool) -> Outcome:
    """Explain, warmly, how to verify the device; keep in mind whoever wanted to join."""
    first = _numbers(turn)
    if has_signed_device:
        return turn.answer(notice(*first, Text("verify-other"), _STEPS, audience=Audience.ALL))
    joining = _waits(turn)
    if joining is None and _tried(turn):
        turn = missed(turn)
    key = "verify-first-join" if joining is not None else "verify-first"
    answer = turn.answer(notice(*first, Text(key), _STEPS, audience=Audience.ALL))
    return answer if joining is None else joining + answer


def _numbers(turn: Turn) -> tuple[Text, ...]:
    """Who wants a human is not told of devices before they have numbers, and the plain truth."""
    command = turn.state.words.command(turn.text, turn.language)
    if command is None or command[0] not in _FOR_A_HUMAN:
        return ()
    groups = (turn.groups[record.group] for record in turn.memberships())
    lines = lines_for(turn.state.house, country_of(turn.person, tuple(groups)))
    return (Text("flag-unverified"), Text("card", {"lines": lines}))


def _tried(turn: Turn) -> bool:
    """Say whether they named a code that opens nothing."""
    command = turn.state.words.command(turn.text, turn.language)
    return command is not None and command[0] == "join" and group_of_code(turn) is None


def _waits(turn: Turn) -> Outcome | None:
    """Keep an application that goes on by itself once there is a cross-signed device."""
    group = group_of_code(turn)
    if group is None or turn.state.consent(turn.user, group.id) is not None:
        return None
    if too_young.refused(turn, group) is not None:
        return None
    application, place = entered(turn, group, step=0)
    return place + kept(application, turn.now)


_STEPS = Text("verify-steps")
_FOR_A_HUMAN = ("flag", "contact", "check")
