"""my data: shows everything that I keep about you, and gives it to you as a file."""

from datetime import datetime

from appservice.domain.conduct.recorded import lines_of
from appservice.domain.conduct.standing import Standing
from appservice.domain.departure import KEPT_FOR
from appservice.domain.effects import OwnData, SayFile
from appservice.domain.flags import listing
from appservice.domain.gate.messages import proof
from appservice.domain.membership import facilitates
from appservice.domain.options import said
from appservice.domain.outcome import Outcome
from appservice.domain.paging.proving import shown
from appservice.domain.records import Consent
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import GroupId, Text, Values

FILE = "my-data.json"


def my_data(turn: Turn, rest: str) -> Outcome | None:
    """Say it in plain words; what programs can read follows as an encrypted file."""
    if rest:
        return None
    own = [c for c in turn.state.consents if c.user == turn.user and c.group in turn.groups]
    lines = [Text("data-title", {"user": turn.user}), _self(turn)]
    if zone := turn.person.zone or turn.person.profile_zone:
        lines.append(Text("data-zone", {"zone": zone}))
    if turn.person.pages:
        lines.append(shown(turn.person.pages))
    lines += [_consent(turn, consent) for consent in own]
    lines += _open(turn) + _standing(turn)
    own_cases = listing.raised_by(turn.user, turn.state.cases or ())
    lines += [listing.told(case) for case in own_cases]
    lines += [Text("data-keys"), Text("data-not-here")]
    file = SayFile(turn.room, FILE, "application/json", OwnData(turn.user), "export")
    return turn.answer(Reply("export", tuple(lines))) + Outcome(effects=(file,))


def _self(turn: Turn) -> Text:
    person = turn.person
    values: Values = {
        "language": person.language or Text("data-unsaid"),
        "country": person.country or Text("data-unsaid"),
    }
    return Text("data-self", values)


def _consent(turn: Turn, consent: Consent) -> Text:
    group = turn.groups[consent.group]
    name: Values = {"group": group.charter.name}
    lines = [
        Text("data-group", name),
        proof("receipt", consent, group),
        Text("data-age", {"age": consent.age_confirmed}),
    ]
    if facilitates(consent.user, group):
        lines.append(Text("data-facilitator", name))
    if consent.withdrawn is not None:
        days: Values = {
            "left": _day(consent.withdrawn),
            "ends": _day(consent.withdrawn + KEPT_FOR),
        }
        lines.append(Text("data-left", days))
    if consent.pauses:
        lines.append(Text("data-paused"))
    lines += [Text("data-option", {"option": said(option)}) for option in consent.options]
    return Text("card", {"lines": tuple(lines)})


def _open(turn: Turn) -> list[Text]:
    """Name what has a day set for it."""
    own = (one for one in turn.state.renewals if one.user == turn.user)
    graces = (one for one in turn.state.graces if one.user == turn.user)
    return [
        *(_until("data-application", turn, a.group, a.expires) for a in turn.applications()),
        *(_until("data-renewal", turn, one.group, one.ends or one.due) for one in own),
        *(_until("data-grace", turn, given.group, given.until) for given in graces),
    ]


def _standing(turn: Turn) -> list[Text]:
    """Name the steps of the ladder that count, of groups that are known."""
    own = [one for one in turn.state.of(Standing) if one.user == turn.user]
    kept = [(one, turn.groups[one.group]) for one in own if one.group in turn.groups]
    return [
        Text("card", {"lines": (Text("data-standing", {"group": group.charter.name}), *counting)})
        for one, group in kept
        if (counting := lines_of(one, turn.now))
    ]


def _until(key: str, turn: Turn, group_id: GroupId, day: datetime) -> Text:
    group = turn.groups.get(group_id)
    name = group.charter.name if group is not None else ""
    return Text(key, {"group": name, "date": _day(day)})


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
