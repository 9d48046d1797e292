"""What can happen in one step, as a value."""

from typing import Self

NAMES = ("ada", "ben", "mei", "zoe")
FACILITATORS = ("mei", "zoe")
KINDS = ("circle", "noticeboard", "facilitators")


class Step(tuple[str, ...]):
    """`what`, to whom, and what else: `Step("ban", "ada", "mei")`."""

    __slots__ = ()

    def __new__(cls, what: str, *who: str, number: int = 0) -> Self:
        return super().__new__(cls, (what, *who, *((str(number),) if number else ())))

    @property
    def what(self) -> str:
        return self[0]

    @property
    def name(self) -> str:
        """The localpart of whom it happens to."""
        return self[1]

    @property
    def more(self) -> str:
        """The room, or who does it."""
        return self[2]

    @property
    def days(self) -> int:
        return int(self[1])

    def __str__(self) -> str:
        return " ".join(self)
