"""Charters and ground rules as YAML files that people edit, read into values."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import available_timezones

import yaml
from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from appservice.domain.charter import CORE, LIFETIMES, Charter, Question, Rule, Rules
from appservice.domain.founding import faults, faults_of_draft
from appservice.domain.known import Known
from appservice.domain.types import Size, Text
from appservice.errors import ConfigurationError

DEFAULTS = Path(__file__).parent / "defaults"
_PRESETS = DEFAULTS / "presets"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_User = Annotated[str, StringConstraints(pattern=r"^@[^:\s]+:\S+$", max_length=255)]


M = TypeVar("M", bound=BaseModel)


def _one_of_the_six(core: str) -> str:
    if core not in CORE:
        raise ValueError(f"should be one of {', '.join(CORE)}")
    return core


def _lifetime(written: object) -> object:
    """Take `off`, which YAML reads as false, and a number of days."""
    days = 0 if written is False or written == "off" else written
    if isinstance(days, bool) or days not in LIFETIMES:
        raise ValueError("should be off, 30 or 90")
    return days


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Question(_Strict):
    ask: _Words
    answers: tuple[_Words, ...]
    right: int = Field(ge=1)  # counts from 1, as the answers are shown
    explain: _Words


class _Rule(_Strict):
    number: int = Field(ge=1)
    title: _Words
    text: _Words
    question: _Question | None = None
    core: Annotated[str, AfterValidator(_one_of_the_six)] | None = None


class _Rules(_Strict):
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    language: _Words
    rules: tuple[_Rule, ...]


class _Preset(_Strict):
    title: _Words
    purpose: _Words
    for_whom: _Words
    not_for_whom: _Words
    what_happens: _Words
    hours: _Words
    minimum_age: int = Field(ge=16, le=99)
    size: Size
    rules: tuple[_Rule, ...]  # beyond the six core rules
    crisis_plan: dict[str, str] = Field(default_factory=dict)  # over the words of all presets


class _Charter(_Strict):
    name: _Words
    title: _Words
    purpose: _Words
    for_whom: _Words
    not_for_whom: _Words
    what_happens: _Words
    hours: _Words
    zone: _Words
    language: _Words
    country: _Words
    minimum_age: int = Field(ge=16, le=99)
    size: Size
    federated: bool
    facilitators: tuple[_User, ...] = ()
    lead: _User | None = None
    greeters: tuple[_User, ...] = ()
    tech_hosts: tuple[_User, ...] = ()
    listed: bool = False
    review: date | None = None
    message_lifetime: Annotated[int, BeforeValidator(_lifetime)] = 0
    approval: bool = False
    questions: tuple[Annotated[_Words, StringConstraints(max_length=300)], ...] = Field(
        (), max_length=3
    )
    capacity: int | None = Field(None, ge=3, le=1000)
    begins: date | None = None
    ends: date | None = None
    late_joins: bool = True
    limits_every: int = Field(8, ge=0, le=52)
    calls: bool = False
    crisis_plan: dict[str, str] = Field(default_factory=dict)
    rules: tuple[Path, ...] = ()  # relative to the charter; none: the shipped ones


def read_charter(path: Path) -> Charter:
    """Read a charter with its rules. Raises ConfigurationError that lists every fault at once."""
    written = _parsed(_Charter, path)
    files = [path.parent / name for name in written.rules] or shipped_rules()
    rules = sorted(
        (read_rules(file) for file in files),
        key=lambda r: (r.language != written.language, r.language),
    )
    values = written.model_dump(exclude={"rules", "crisis_plan", "review"})
    return Charter(
        **values,
        rules=tuple(rules),
        crisis_plan=tuple(written.crisis_plan.items()),
        review=written.review.isoformat() if written.review else "",
    )


def read_rules(path: Path) -> Rules:
    """Read ground rules of one language. Raises ConfigurationError."""
    written = _parsed(_Rules, path)
    in_order = tuple(sorted(map(_rule, written.rules), key=lambda rule: rule.number))
    return Rules(written.version, written.language, in_order)


def presets() -> tuple[str, ...]:
    """Return the names of the presets that come with the program."""
    return tuple(sorted({path.name.split(".")[0] for path in _PRESETS.glob("*.yaml")}))


def read_preset(preset: str, name: str, language: str) -> Charter:
    """Return a charter with starting words; where they have gaps, nobody has filled them yet.

    Its zone and country are empty. Raises ConfigurationError for a preset or language that is not
    shipped.
    """
    if preset not in presets():
        raise ConfigurationError(f"there is no preset {preset}; there are {', '.join(presets())}")
    rules = [_rules_of(preset, read_rules(path)) for path in shipped_rules()]
    if language not in {one.language for one in rules}:
        raise ConfigurationError(f"the presets do not speak the language {language}")
    written = _parsed(_Preset, _PRESETS / f"{preset}.{language}.yaml")
    plan = yaml.safe_load((DEFAULTS / "crisis_plan" / f"{language}.yaml").read_text("utf-8"))
    return Charter(
        name=name,
        zone="",
        language=language,
        country="",
        federated=False,
        facilitators=(),
        lead=None,
        rules=tuple(sorted(rules, key=lambda one: one.language != language)),
        crisis_plan=tuple({**plan, **written.crisis_plan}.items()),
        **written.model_dump(exclude={"rules", "crisis_plan"}),
    )


def shipped_rules() -> list[Path]:
    """Return the files of the rules that come with the program."""
    return sorted((DEFAULTS / "rules").glob("*.yaml"))


def known(today: date | None = None) -> Known:
    """Gather what charters are checked against."""
    terms = [
        yaml.safe_load(path.read_text("utf-8")) for path in (DEFAULTS / "terms").glob("*.yaml")
    ]
    countries = Locale("en").territories
    return Known(
        languages=frozenset(path.stem for path in shipped_rules()),
        zones=frozenset(available_timezones()),
        countries=frozenset(
            str(code) for code in countries if re.fullmatch("[A-Z]{2}", str(code))
        ),
        telling=frozenset(str(term).casefold() for listed in terms for term in listed),
        today=today,
    )


def faults_of(
    charter: Charter, *, force_name: bool = False, draft: bool = False, today: date | None = None
) -> Sequence[Text]:
    """Return what keeps a charter from being founded, as texts for the operator.

    `draft`: it is to be completed in conversation.
    """
    looked_at = faults_of_draft if draft else faults
    return looked_at(charter, known(today), force_name=force_name)


def _rules_of(preset: str, shipped: Rules) -> Rules:
    """Return the six core rules with those of a preset."""
    written = _parsed(_Preset, _PRESETS / f"{preset}.{shipped.language}.yaml")
    core = tuple(rule for rule in shipped.rules if rule.core is not None)
    return replace(shipped, rules=(*core, *map(_rule, written.rules)))


def _rule(rule: _Rule) -> Rule:
    return Rule(rule.number, rule.title, rule.text, _question(rule.question), rule.core)


def _question(written: _Question | None) -> Question | None:
    if written is None:
        return None
    return Question(written.ask, written.answers, written.right - 1, written.explain)


def _parsed(model: type[M], path: Path) -> M:
    try:
        written: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read.") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where is not None else ""
        raise ConfigurationError(f"{path} is not YAML{line}.") from error
    try:
        return model.model_validate(written)
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"{path}: {found}") from error
