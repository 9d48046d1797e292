"""The numbers of a country that may be said today, and what a person has still to look at."""

from dataclasses import dataclass

from appservice.domain.types import Text


@dataclass(frozen=True)
class Numbers:
    """Of one country. What nobody has confirmed within a year is not among what is shown."""

    shown: tuple[Text, ...] = ()  # emergency first, then people who listen; empty: nothing is
    youth: tuple[Text, ...] = ()  # who listens to young people
    waiting: tuple[str, ...] = ()  # names of what nobody has confirmed, or not within a year
    ageing: tuple[str, ...] = ()  # of what was confirmed more than half a year ago

    @property
    def are_confirmed(self) -> bool:
        """Say whether a person has looked at all of them, so that a group may open."""
        return bool(self.shown) and not self.waiting
