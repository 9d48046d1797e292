"""What a rule answers: records to keep or drop, and effects to carry out, in order."""

from dataclasses import dataclass, replace

from appservice.domain.effects import Effect
from appservice.domain.state import Record


@dataclass(frozen=True)
class Outcome:
    """Everything in it is written down in one transaction with the end of the event's row."""

    puts: tuple[Record, ...] = ()
    drops: tuple[Record, ...] = ()
    effects: tuple[Effect, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Do the one, then the other."""
        return replace(
            self,
            puts=self.puts + other.puts,
            drops=self.drops + other.drops,
            effects=self.effects + other.effects,
        )


NOTHING = Outcome()
