"""The steps of all parts of a case; one line for each part."""

from appservice.domain.cases import ending, following, holding, ladder
from appservice.domain.cases.steps import At, Maker, Step
from appservice.domain.team_care import rest

PARTS: tuple[Maker, ...] = (
    holding.steps,
    following.steps,
    ending.steps,
    ladder.steps,
    rest.steps,
)


def due_first(at: At) -> list[Step]:
    """Return what is still to be done about a case, in the order of time."""
    every = [step for part in PARTS for step in part(at) if step.name not in at.case.done]
    return sorted(every, key=lambda step: step.at)
