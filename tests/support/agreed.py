"""A consent that counts, where a test does not ask what was agreed to."""

from datetime import datetime

from appservice.domain.records import Consent
from appservice.domain.types import EventId, GroupId, UserId


def agreed(user: UserId, group: GroupId, at: datetime, *, admitted: bool = False) -> Consent:
    """Return the consent of an adult, given in English; `admitted`: they have entered."""
    return Consent(
        user=user,
        group=group,
        given=at,
        language="en",
        rules_version="1.0.0",
        rules_hash="",
        rules_statement="",
        rules_event=EventId("$rules"),
        data_statement="",
        data_event=EventId("$data"),
        age_confirmed=18,
        admitted=admitted,
    )
