"""What members read about a session before they agree to it, and after."""

from dataclasses import dataclass

from appservice.domain.gate.messages import HASH_SHOWN
from appservice.domain.gate.rules_text import rule_lines
from appservice.domain.group import Group, Session
from appservice.domain.joint.merging import new_rules
from appservice.domain.joint.times import closes
from appservice.domain.person import Choice
from appservice.domain.records import Consent
from appservice.domain.turn import Ask, Reply
from appservice.domain.types import Moment, Text, Values, verbatim

TOPIC = "joint"


@dataclass(frozen=True)
class Asking:
    """Who is asked about which session."""

    session: Group
    about: Session
    own: Group  # whose member is asked
    other: str  # the name of the group that it meets
    zone: str  # on whose clocks the times are told
    language: str


def question(asking: Asking) -> Reply:
    """Ask a member of one group for their consent to meet the other."""
    session, about, own, other = asking.session, asking.about, asking.own, asking.other
    values: Values = {
        "group": own.charter.name,
        "other": other,
        "when": Moment(about.starts, asking.zone),
        "minutes": int((about.ends - about.starts).total_seconds()) // 60,
        "closes": Moment(closes(about), asking.zone, short=True),
    }
    charter = session.charter
    lines = [Text("joint-ask", values), Text("joint-who", values), Text("joint-room", values)]
    if days := charter.message_lifetime:
        lines.append(Text("joint-lifetime", {"days": days}))
    if rules := new_rules(own.charter, charter, asking.language):
        new = Text("joint-new-rules", values)
        lines.append(Text("card", {"lines": (new, rule_lines(rules))}))
    else:
        lines.append(Text("joint-same-rules", values))
    statement = statement_of(session, other)
    lines.append(Text("joint-agree-ask"))
    choices = (
        Choice("agree", statement, statement),
        Choice("no", Text("choice-joint-no"), Text("choice-no-reply")),
    )
    ask = Ask(TOPIC, session.id)
    parts = ("rule", "statement")
    return Reply("statement", tuple(lines), parts, choices, ask, group=own.charter.name)


def statement_of(session: Group, other: str) -> Text:
    """Return the sentence that is a consent to a session; it names the age that is asked for."""
    return Text("statement-joint", {"other": other, "age": session.charter.minimum_age})


def receipt(consent: Consent, session: Group, about: Session) -> Reply:
    """Say what somebody agreed to, that they are invited, and how they get out again."""
    name = session.charter.name
    values: Values = {
        "name": name,
        "hash": consent.rules_hash[:HASH_SHOWN],
        "time": f"{consent.given:%Y-%m-%d %H:%M} UTC",
        "statement": verbatim(consent.rules_statement),
        "closes": Moment(closes(about), session.charter.zone),
    }
    lines = (Text("joint-receipt", values), Text("joint-invited", values))
    return Reply("receipt", lines, ("receipt", "invited"), group=name)
