"""Charters and ground rules as YAML files that people edit, read into values."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import available_timezones

import yaml
from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from appservice.domain.charter import CORE, Charter, Question, Rule, Rules
from appservice.domain.founding import Known, faults
from appservice.domain.types import Size, Text, UserId
from appservice.errors import ConfigurationError

DEFAULTS = Path(__file__).parent / "defaults"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_User = Annotated[str, StringConstraints(pattern=r"^@[^:\s]+:\S+$", max_length=255)]


M = TypeVar("M", bound=BaseModel)


def _one_of_the_six(core: str) -> str:
    if core not in CORE:
        raise ValueError(f"should be one of {', '.join(CORE)}")
    return core


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
    listed: bool = False
    approval: bool = False
    questions: tuple[Annotated[_Words, StringConstraints(max_length=300)], ...] = Field(
        (), max_length=3
    )
    capacity: int | None = Field(None, ge=3, le=1000)
    begins: date | None = None
    ends: date | None = None
    late_joins: bool = True
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
    values = written.model_dump(exclude={"rules", "crisis_plan", "facilitators", "lead"})
    return Charter(
        **values,
        facilitators=tuple(UserId(user) for user in written.facilitators),
        lead=UserId(written.lead) if written.lead is not None else None,
        rules=tuple(rules),
        crisis_plan=tuple(written.crisis_plan.items()),
    )


def read_rules(path: Path) -> Rules:
    """Read ground rules of one language. Raises ConfigurationError."""
    written = _parsed(_Rules, path)
    rules = [
        Rule(rule.number, rule.title, rule.text, _question(rule.question), rule.core)
        for rule in written.rules
    ]
    in_order = tuple(sorted(rules, key=lambda rule: rule.number))
    return Rules(written.version, written.language, in_order)


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
    charter: Charter, *, force_name: bool = False, today: date | None = None
) -> Sequence[Text]:
    """Return what keeps a charter from being founded, as texts for the operator."""
    return faults(charter, known(today), force_name=force_name)


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
