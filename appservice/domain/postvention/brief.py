"""What facilitators get after a death: what to do when, safe words, a card for the circle."""

from appservice.domain.group import Group, Postvention
from appservice.domain.helplines import lines_for
from appservice.domain.state import State
from appservice.domain.turn import Reply, notice
from appservice.domain.types import Text, Values


def brief(group: Group, one: Postvention) -> Reply:
    """Say what has stopped, and what helps today, tomorrow and this week."""
    values: Values = {"group": group.charter.name, "user": one.user, "by": one.by}
    lines = (
        Text("postvention-told", values),
        Text("postvention-stopped", values),
        Text("postvention-today"),
        Text("postvention-tomorrow"),
        Text("postvention-week"),
        Text("postvention-wording"),
        Text("postvention-yourselves"),
        Text("postvention-how-on", values),
    )
    return notice(*lines, group=group.charter.name)


def card(state: State, group: Group) -> Reply:
    """Give words for the circle, which the keeper cannot enter, with numbers to call."""
    numbers = lines_for(state.house, group.charter.country)
    lines = (Text("postvention-card"), Text("card", {"lines": (Text("loss-numbers"), *numbers)}))
    return notice(*lines, group=group.charter.name)
