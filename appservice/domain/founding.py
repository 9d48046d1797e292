"""How a group begins: what keeps a charter from being founded, and the rooms that are made."""

from dataclasses import replace
from datetime import date

from appservice.domain import readers
from appservice.domain.application import Code
from appservice.domain.cases import side_rooms
from appservice.domain.charter import CORE, Charter, Rule, Rules
from appservice.domain.crisis_plan.review import dated
from appservice.domain.effects import Admit, EmptyRoom, MakeRoom
from appservice.domain.events import GroupAsked, RoomMade
from appservice.domain.gate.codes import fold_code
from appservice.domain.group import Group
from appservice.domain.group_life import upgraded
from appservice.domain.known import Known
from appservice.domain.membership import FACILITATORS, current, facilitators, may_be_in
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Version
from appservice.domain.state import State
from appservice.domain.sweeping import lifetime_set
from appservice.domain.types import RoomKind, Size, Text

QUESTIONS = 3
LONGEST_RULE = 60  # words
MOST_RULES = 12
LONGEST_NAME = 20  # letters
NAME_WORDS = 2
ANSWERS = (2, 3)
YOUNGEST = 16  # years that a group can ask for at least
SHORTEST_TELLING_WORD = 4  # letters; shorter words of a purpose tell nothing

WORDS = ("title", "purpose", "for_whom", "not_for_whom", "what_happens", "hours")
BLANK = "___"  # stands where the words of a preset leave something to be filled in

PLAN_SMALL = (
    "emergency_numbers",
    "reachable_hours",
    "outside_contact",
    "told_to_whom",
    "after_a_crisis",
)
PLAN_STANDARD = (
    "staffed_hours",
    "emergency_numbers",
    "helplines",
    "deputies",
    "outside_contact",
    "duty_to_report",
    "emergency_contacts_kept",
    "lawful_requests",
    "retention",
    "postvention",
    "last_drill",
    "review",
)


def faults(charter: Charter, known: Known, *, force_name: bool = False) -> tuple[Text, ...]:
    """Return everything that keeps this charter from being founded; empty if nothing does."""
    return (
        *_people(charter),
        *_plan(charter),
        *_blanks(charter),
        *_name(charter, known, force=force_name),
        *_place(charter, known),
        *_cohort(charter, known.today),
        *_age(charter),
        *(fault for rules in charter.rules for fault in faults_of_rules(rules)),
        *(() if charter.rules else (Text("fault-no-rules"),)),
    )


def faults_of_draft(
    charter: Charter, known: Known, *, force_name: bool = False
) -> tuple[Text, ...]:
    """Return what keeps this from being a draft; what it lacks is asked for in conversation."""
    return (
        *_people(charter),
        *_name(charter, known, force=force_name),
        *(fault for fault in _place(charter, known) if fault.values["value"]),
        *(fault for rules in charter.rules for fault in faults_of_rules(rules)),
    )


def plan_of(size: Size) -> tuple[str, ...]:
    """Return the fields that a crisis plan must have."""
    return PLAN_SMALL if size is Size.SMALL else PLAN_STANDARD


def is_filled(words: str) -> bool:
    """Say whether somebody has written there all that is to be written."""
    return bool(words.strip()) and BLANK not in words


def founded(state: State, event: GroupAsked) -> Outcome:
    """Keep the group and its code, and have its rooms made."""
    if event.group in state.groups:
        return NOTHING
    stage = "open" if event.open else "draft"
    charter = dated(event.charter, event.at, state.words)
    group = Group(event.group, stage, charter, event.at, split_from=event.split_from)
    code = Code(fold_code(event.code), event.group, event.at, event.code, trusted=True)
    kinds = [RoomKind.CIRCLE]
    if charter.size is Size.STANDARD:
        kinds += [RoomKind.NOTICEBOARD, RoomKind.FACILITATORS]
    made = tuple(MakeRoom(event.group, kind, charter) for kind in kinds)
    rules = charter.rules
    version = Version(event.group, rules[0].version, rules, event.at)
    out = Outcome(puts=(group, version, code), effects=made)
    return out + lifetime_set(group, event.at) if charter.message_lifetime else out


def room_made(state: State, event: RoomMade) -> Outcome:
    """Keep the room; whoever has a consent that opens it is invited."""
    group = state.groups.get(event.group)
    if group is not None and event.number:
        return side_rooms.made(state, group, event)
    if group is None or event.room in (group.rooms.get(event.what), *group.replaced):
        return NOTHING
    if group.stage == "closed":  # it closed while the room was being made
        return readers.made(event) + Outcome(effects=(EmptyRoom(group.id, event.room),))
    with_room = replace(group, rooms={**group.rooms, event.what: event.room})
    admits = tuple(
        Admit(consent.user, group.id, (event.room,))
        for consent in current(state.consents, group)
        if may_be_in(event.what, group, consent)
    )
    kept = readers.made(event) + Outcome(puts=(with_room,), effects=admits)
    return kept + upgraded.moved(state, group, event)


def _people(charter: Charter) -> list[Text]:
    count = len(facilitators(charter))
    if count >= FACILITATORS:
        return []
    return [Text("fault-facilitators", {"count": count, "needed": FACILITATORS})]


def _plan(charter: Charter) -> list[Text]:
    filled = {field for field, words in charter.crisis_plan if is_filled(words)}
    missing = [field for field in plan_of(charter.size) if field not in filled]
    return [Text("fault-crisis-plan", {"fields": ", ".join(missing)})] if missing else []


def _blanks(charter: Charter) -> list[Text]:
    left = [name for name in WORDS if not is_filled(getattr(charter, name))]
    return [Text("fault-blank", {"fields": ", ".join(left)})] if left else []


def _name(charter: Charter, known: Known, *, force: bool) -> list[Text]:
    words = charter.name.split(" ")
    formed = 1 <= len(words) <= NAME_WORDS and all(word.isalpha() for word in words)
    found = []
    if not formed or len(charter.name) > LONGEST_NAME:
        found.append(Text("fault-name-form", {"letters": LONGEST_NAME}))
    if not force and (word := telling_word(charter, known.telling)):
        found.append(Text("fault-name-tells", {"word": word}))
    return found


def telling_word(charter: Charter, telling: frozenset[str]) -> str | None:
    """Return the word of the visible name that gives the group's purpose away, if one does."""
    about = f"{charter.title} {charter.purpose} {charter.for_whom}".casefold()
    own = {word.strip(".,;:!?()\"'") for word in about.replace("-", " ").split()}
    for word in charter.name.casefold().split():
        if any(term in word for term in telling):
            return word
        if len(word) >= SHORTEST_TELLING_WORD and word in own:
            return word
    return None


def _place(charter: Charter, known: Known) -> list[Text]:
    checks = (
        ("fault-zone", charter.zone, known.zones),
        ("fault-language", charter.language, known.languages),
        ("fault-country", charter.country, known.countries),
    )
    return [Text(key, {"value": value}) for key, value, good in checks if value not in good]


def _cohort(charter: Charter, today: date | None) -> list[Text]:
    found = []
    if charter.begins is not None and charter.ends is not None and charter.begins > charter.ends:
        found.append(Text("fault-cohort"))
    if today is not None and charter.ends is not None and charter.ends < today:
        found.append(Text("fault-cohort-over", {"date": f"{charter.ends:%Y-%m-%d}"}))
    return found


def _age(charter: Charter) -> list[Text]:
    """Groups for children need other people and other rules than these: none is founded here."""
    if charter.minimum_age >= YOUNGEST:
        return []
    return [Text("fault-age", {"age": charter.minimum_age, "youngest": YOUNGEST})]


def faults_of_rules(rules: Rules) -> tuple[Text, ...]:
    """Return everything that keeps these from being a group's ground rules in one language."""
    found: list[Text] = []
    where: dict[str, str | int | Text | tuple[Text, ...]] = {"language": rules.language}
    core = [rule.core for rule in rules.rules if rule.core is not None]
    if missing := [name for name in CORE if name not in core]:
        found.append(Text("fault-core-missing", {**where, "missing": ", ".join(missing)}))
    found += [Text("fault-core-twice", {**where, "core": x}) for x in CORE if core.count(x) > 1]
    if len(rules.asked) != QUESTIONS or any(rule.core is None for rule in rules.asked):
        found.append(Text("fault-questions", {**where, "needed": QUESTIONS}))
    numbers = [rule.number for rule in rules.rules]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    found += [Text("fault-rule-twice", {**where, "number": number}) for number in twice]
    found += [
        Text("fault-rule-long", {**where, "number": rule.number, "words": LONGEST_RULE})
        for rule in rules.rules
        if len(rule.text.split()) > LONGEST_RULE
    ]
    if len(rules.rules) > MOST_RULES:
        found.append(Text("fault-rules-many", {**where, "most": MOST_RULES}))
    found += [fault for rule in rules.asked for fault in _question(rule, rules.language)]
    return tuple(found)


def _question(rule: Rule, language: str) -> list[Text]:
    asked = rule.question
    if asked is None or (len(asked.answers) in ANSWERS and 0 <= asked.right < len(asked.answers)):
        return []
    return [Text("fault-question", {"language": language, "number": rule.number})]
