"""Whatever can happen to a group, as a state machine; and the sequences that it tells.

The machine runs on the rules with records in memory. Every step is written down as a plain value,
so that the very same sequence can happen again beside a stub homeserver and beside Synapse.
"""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.property.rules_town import RulesTown
from tests.property.step import FACILITATORS, KINDS, NAMES, Step

LONG_ENOUGH = 5  # steps
TOLD = 14  # steps at most
USERS = st.sampled_from(NAMES)


class Whatever(RuleBasedStateMachine):
    """People come and go by every door there is, and the add-on falls and rises."""

    def __init__(self) -> None:
        super().__init__()
        self.town = RulesTown()
        self.told: list[Step] = []

    def happens(self, what: str, *who: str, number: int = 0) -> None:
        step = Step(what, *who, number=number)
        self.told.append(step)
        self.town.do(step)

    @rule(name=USERS)
    def walks_through_the_gate(self, name: str) -> None:
        self.happens("walk", name)

    @rule(name=USERS)
    def says_leave(self, name: str) -> None:
        self.happens("say leave", name)

    @rule(name=USERS)
    def leaves_the_rooms(self, name: str) -> None:
        self.happens("leave rooms", name)

    @rule(name=USERS, kind=st.sampled_from(KINDS))
    def is_joined_by_an_admin(self, name: str, kind: str) -> None:
        self.happens("admin join", name, kind)

    @rule(name=USERS, kind=st.sampled_from(KINDS))
    def is_invited_past_the_gate(self, name: str, kind: str) -> None:
        self.happens("invite", name, kind)

    @rule(name=USERS)
    def accepts_every_invitation(self, name: str) -> None:
        self.happens("accept", name)

    @rule(by=st.sampled_from(FACILITATORS), name=USERS)
    def is_banned_by_a_facilitator(self, by: str, name: str) -> None:
        self.happens("ban", name, by)

    @rule(name=USERS)
    def is_given_power(self, name: str) -> None:
        self.happens("power", name)

    @rule()
    def the_addon_is_killed(self) -> None:
        self.happens("restart")

    @precondition(lambda self: self.town.up)
    @rule()
    def an_outage_begins(self) -> None:
        self.happens("down")

    @precondition(lambda self: not self.town.up)
    @rule()
    def the_outage_ends(self) -> None:
        self.happens("up")

    @precondition(lambda self: not self.town.has_backup)
    @rule()
    def a_backup_is_made(self) -> None:
        self.happens("backup")

    @precondition(lambda self: self.town.has_backup)
    @rule()
    def the_backup_is_restored(self) -> None:
        self.happens("restore")

    @rule(days=st.sampled_from((1, 15)))
    def days_pass(self, days: int) -> None:
        self.happens("days", number=days)

    @invariant()
    def nobody_is_in_without_consent(self) -> None:
        if self.town.up:
            self.town.check()

    def teardown(self) -> None:
        if _collected is not None:
            _collected.append(tuple(self.told))


@dataclass(frozen=True)
class Sequence:
    """Steps that the machine told; `number` says which it was."""

    number: int
    steps: tuple[Step, ...]


_collected: list[tuple[Step, ...]] | None = None


def sequences(count: int, *, longest: int = TOLD) -> list[Sequence]:
    """The machine's first sequences that are long enough, the same at each call."""
    global _collected  # noqa: PLW0603  hypothesis makes the machines, so they must find the list
    _collected = []
    try:
        run_state_machine_as_test(
            Whatever,
            settings=settings(
                max_examples=count * 20,
                stateful_step_count=longest,
                derandomize=True,
                database=None,
                deadline=timedelta(seconds=10),
                phases=[Phase.generate],
            ),
        )
        told = list(dict.fromkeys(_collected))
    finally:
        _collected = None
    chosen = [
        steps
        for steps in told
        if len(steps) >= LONG_ENOUGH and {"admin join", "invite"} & {step.what for step in steps}
    ]
    assert len(chosen) >= count, f"only {len(chosen)} of {len(told)} are long enough"
    spread = chosen[:: len(chosen) // count]  # neighbours are often variations of each other
    return [Sequence(number, steps) for number, steps in enumerate(spread[:count])]
