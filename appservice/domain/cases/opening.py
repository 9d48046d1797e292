"""How a case begins: under the next number of the house, and with its first step at once."""

from dataclasses import dataclass, replace

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case, For, Noted, Track
from appservice.domain.cases.clock import kept
from appservice.domain.group import Group
from appservice.domain.membership import facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import UserId


@dataclass(frozen=True)
class Raised:
    """What somebody raises, as they put it themselves."""

    about: About
    urgent: bool = False
    visible: For = For.FACILITATORS
    excerpt: tuple[EventIn, ...] = ()

    @property
    def track(self) -> Track:
        return Track.CONDUCT if self.about is About.BEHAVIOUR else Track.CARE


def opened(turn: Turn, group: Group, raised: Raised) -> tuple[Case, Outcome]:
    """Return a new case, and what keeps it. Who raises it about themselves is named in it."""
    numbering = turn.state.numbering
    number = numbering.last + 1
    case = Case(
        group.id,
        number,
        raised.track,
        raised.about,
        opened=turn.now,
        since=turn.now,
        reporter=turn.user,
        urgent=raised.urgent,
        visible=raised.visible,
        excerpt=raised.excerpt,
        named=(turn.user,) if raised.about is About.ME else (),
        kept_from=_kept_from(group, raised.visible),
        log=(Noted("received", turn.now),),
    )
    counted = Outcome(puts=(replace(numbering, last=number),))
    return case, counted + kept(turn, group, None, case)


def _kept_from(group: Group, visible: For) -> tuple[UserId, ...]:
    """Return who may be the one it is about: whoever gets or lays down a role sees no more of it.

    About a facilitator: all of them, save the lead, whom it is raised for.
    """
    lead = group.charter.lead
    if visible is For.BUT_LEAD:
        return (lead,) if lead is not None else ()
    meant = facilitators(group.charter) if visible is For.LEAD else ()
    return tuple(user for user in meant if user != lead)
