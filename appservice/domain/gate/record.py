"""The lines that a consent and its end leave in the record of consents."""

from datetime import datetime

from appservice.domain.entries import DATA, RULES, Entry
from appservice.domain.records import Consent


def given(consent: Consent) -> tuple[Entry, ...]:
    """Return the lines of a consent: to the rules and to the keeping of data, each by itself."""
    return (
        Entry(
            user=consent.user,
            group=consent.group,
            subject=RULES,
            given=True,
            at=consent.given,
            language=consent.language,
            statement=consent.rules_statement,
            event=consent.rules_event,
            version=consent.rules_version,
            digest=consent.rules_hash,
            age_confirmed=consent.age_confirmed,
        ),
        Entry(
            user=consent.user,
            group=consent.group,
            subject=DATA,
            given=True,
            at=consent.given,
            language=consent.language,
            statement=consent.data_statement,
            event=consent.data_event,
        ),
    )


def taken_back(consent: Consent, now: datetime) -> tuple[Entry, ...]:
    """Return the lines of a consent that was withdrawn."""
    return tuple(
        Entry(consent.user, consent.group, subject, given=False, at=now, language=consent.language)
        for subject in (RULES, DATA, *consent.options)
    )
