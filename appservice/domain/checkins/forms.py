"""In which forms a check-in is asked: a word, the weather, a number, or the group's own."""

from collections.abc import Mapping, Sequence

from appservice.domain.checkins.records import CheckIns
from appservice.domain.group import Group
from appservice.domain.person import Choice
from appservice.domain.state import State
from appservice.domain.totals import Totals, totals
from appservice.domain.types import Text, derive, verbatim

SKIP = "skip"
OWN = "own"
_WORD: Mapping[str, Text] = {
    "light": Text("checkin-light"),
    "calm": Text("checkin-calm"),
    "mixed": Text("checkin-mixed"),
    "tired": Text("checkin-tired"),
    "heavy": Text("checkin-heavy"),
}
_WEATHER: Mapping[str, Text] = {
    "sun": Text("checkin-sun"),
    "clouds": Text("checkin-clouds"),
    "fog": Text("checkin-fog"),
    "rain": Text("checkin-rain"),
    "storm": Text("checkin-storm"),
}
_SCALE: Mapping[str, Text] = {str(number): verbatim(str(number)) for number in range(11)}
FORMS: Mapping[str, Mapping[str, Text]] = {"word": _WORD, "weather": _WEATHER, "scale": _SCALE}
_RANGES: Mapping[str, range] = {"0-3": range(4), "4-6": range(4, 7), "7-10": range(7, 11)}
_ASKS: Mapping[str, Text] = {
    "word": Text("checkin-ask-word"),
    "weather": Text("checkin-ask-weather"),
    "scale": Text("checkin-ask-scale"),
}


def of_group(state: State, group: Group) -> CheckIns:
    """Return how a group asks, and what was answered since the last count."""
    return state.known(CheckIns(group.id))


def form_of(wished: str, kept: CheckIns) -> str:
    """Return the form that a member is asked in: theirs if there is one, else the group's."""
    form = wished or kept.form
    return form if form in FORMS or kept.options else "weather"


def question(form: str, kept: CheckIns) -> Text:
    """Return what is asked."""
    return verbatim(kept.question) if form == OWN else _ASKS[form]


def choices(form: str, kept: CheckIns) -> tuple[Choice, ...]:
    """Return what can be answered; the last one is to skip it."""
    labels = _labels(form, kept)
    skip = Choice(SKIP, Text("choice-checkin-skip"), Text("choice-skip-reply"))
    return (*(Choice(id_, label, label) for id_, label in labels.items()), skip)


def numbers(form: str, kept: CheckIns) -> Text:
    """Say how it is answered without buttons."""
    if form == "scale":
        return Text("checkin-by-scale")
    return Text("checkin-by-number", {"last": len(_labels(form, kept))})


def mark(form: str, kept: CheckIns) -> str:
    """Name the form as it is now: answers to another question of the group's do not count."""
    return derive(kept.question, *kept.options)[:8] if form == OWN else form


def counted(form: str, kept: CheckIns) -> Totals | None:
    """Return what may be told about the answers in a form; numbers of a range stand together."""
    given = [said.choice for said in kept.answers.values() if said.form == mark(form, kept)]
    if form == "scale":
        given = [_range_of(choice) for choice in given]
        return totals(given, tuple(_RANGES))
    return totals(given, tuple(_labels(form, kept)))


def label(form: str, kept: CheckIns, choice: str) -> Text:
    """Say a choice, or a range of numbers."""
    return verbatim(choice) if form == "scale" else _labels(form, kept)[choice]


def same(options: Sequence[str]) -> bool:
    """Say whether an answer stands among them twice."""
    folded = [option.casefold() for option in options]
    return len(set(folded)) < len(folded)


def _labels(form: str, kept: CheckIns) -> Mapping[str, Text]:
    if form == OWN:
        return {str(n): verbatim(option) for n, option in enumerate(kept.options, start=1)}
    return FORMS[form]


def _range_of(choice: str) -> str:
    return next(name for name, numbers_ in _RANGES.items() if int(choice) in numbers_)
