"""The plainest two choices."""

from appservice.domain.person import Choice
from appservice.domain.types import Text

YES_NO = (
    Choice("yes", Text("choice-yes"), Text("choice-yes-reply")),
    Choice("no", Text("choice-no"), Text("choice-no-reply")),
)
