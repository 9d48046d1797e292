"""What is said of each way outside, by the keys of the sentences."""

from collections.abc import Mapping
from typing import NamedTuple

from appservice.domain.paging.addresses import EMAIL, NTFY, WEBHOOK


class Spoken(NamedTuple):
    """A way's name, how to ask for it, and what may be amiss."""

    name: str
    how: str
    missing: str  # this server does not have it
    form: str  # the address has another form
    not_sent: str


SPOKEN: Mapping[str, Spoken] = {
    EMAIL: Spoken(
        "paging-way-email",
        "paging-how-email",
        "paging-no-email",
        "paging-form-email",
        "paging-not-sent-email",
    ),
    NTFY: Spoken(
        "paging-way-ntfy",
        "paging-how-ntfy",
        "paging-no-ntfy",
        "paging-form-ntfy",
        "paging-not-sent-ntfy",
    ),
    WEBHOOK: Spoken(
        "paging-way-webhook",
        "paging-how-webhook",
        "paging-no-webhook",
        "paging-form-webhook",
        "paging-not-sent-webhook",
    ),
}
