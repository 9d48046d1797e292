"""What members may allow beside being in a group: each a consent of its own, and off at first."""

from dataclasses import dataclass

from appservice.domain.types import Text, verbatim


@dataclass(frozen=True)
class Option:
    """Something that is done for a member only if they allow it.

    The name is the word that they write, the subject of its lines in the record of consents, and
    what stands in `Consent.options`. Its spellings in other languages: `synonyms-option-NAME`.
    """

    name: str
    does: Text  # what it does, in a list
    ask: Text  # the question to which they say yes; it is recorded as their statement


OPTIONS = (
    Option("newcomer", Text("option-newcomer"), Text("option-newcomer-ask")),
    Option("missed", Text("option-missed"), Text("option-missed-ask")),
)


def option_of(name: str) -> Option | None:
    """Return the option of that name; None if there is none any more."""
    return next((option for option in OPTIONS if option.name == name), None)


def said(name: str) -> Text:
    """Say what an option does."""
    option = option_of(name)
    return option.does if option is not None else verbatim(name)
