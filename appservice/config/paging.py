"""How people are reached outside of Matrix: `paging` in circlekeeper.yaml."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from appservice.config.section import Section
from appservice.config.values import OWN_MACHINE, Beside, SafeAddress
from appservice.domain.paging.addresses import EMAIL, NTFY, WEBHOOK, fits


def _mail(value: str) -> str:
    return _fitting(EMAIL, value, "is not an e-mail address")


def _topic(value: str) -> str:
    return _fitting(NTFY, value, "is not a topic of ntfy")


def _hook(value: str) -> str:
    return _fitting(WEBHOOK, value, "is not a web address, or has a password in it")


def _fitting(way: str, value: str, fault: str) -> str:
    if not fits(way, value):
        raise ValueError(fault)
    return value


Mail = Annotated[str, AfterValidator(_mail)]
Topic = Annotated[str, AfterValidator(_topic)]
Hook = Annotated[str, AfterValidator(_hook)]


class MailServer(Section):
    """Where mail is handed in (RFC 6409), and who writes it."""

    host: str = Field(
        pattern=r"^[A-Za-z0-9.:-]+$",
        description="write the mail server's name, as mail.example.org",
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="write a number, or null for the usual one"
    )
    tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls", description="write starttls, implicit, or on this machine none"
    )
    sender: Mail = Field(description="write the address that mail comes from")
    user: str | None = Field(None, repr=False, description="write your user there, or null")
    password_file: Beside | None = Field(
        None, description="write the path of a file with the password, or null"
    )
    ca_file: Beside | None = Field(
        None, description="write the path of your own authority's certificate, or null"
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.tls == "none" and self.host not in OWN_MACHINE:
            raise ValueError("has tls none, which only a mail server on this machine may have")
        if (self.user is None) != (self.password_file is None):
            raise ValueError("has user without password_file, or the other way round")
        return self


class NtfyServer(Section):
    """A server of ntfy; who knows a topic there reads it."""

    server: SafeAddress = Field(description="write its https address, as https://ntfy.example.org")
    token_file: Beside | None = Field(
        None, description="write the path of a file with an access token, or null"
    )


class Webhooks(Section):
    """Programs of facilitators that we call, each at its own address."""

    secret_file: Beside = Field(
        description="write the path of a file with a secret; who is called can check by it"
    )
    allow_private: bool = Field(
        default=False, description="write true if addresses of your own network may be called"
    )


class OperatorPages(Section):
    """Where you are reached yourself, when nobody else was."""

    email: Mail | None = Field(None, repr=False, description="write an e-mail address, or null")
    ntfy: Topic | None = Field(None, repr=False, description="write a topic, or null")
    webhook: Hook | None = Field(None, repr=False, description="write a web address, or null")


class Paging(Section):
    """The ways that there are; without any nobody is reached outside of Matrix."""

    email: MailServer | None = Field(None, description="write host and sender, or null")
    ntfy: NtfyServer | None = Field(None, description="write server, or null")
    webhook: Webhooks | None = Field(None, description="write secret_file, or null")
    operator: OperatorPages | None = Field(
        None, description="write your address for a way that is set up, or null"
    )

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        missing = [way for way, _ in self.operator_pages if way not in self.ways]
        if missing:
            raise ValueError(f"names {missing[0]} for the operator, which is not set up")
        return self

    @property
    def ways(self) -> frozenset[str]:
        """The names of the ways that are set up."""
        known = {EMAIL: self.email, NTFY: self.ntfy, WEBHOOK: self.webhook}
        return frozenset(way for way, there in known.items() if there is not None)

    @property
    def operator_pages(self) -> tuple[tuple[str, str], ...]:
        """Ways and addresses of the operator."""
        if self.operator is None:
            return ()
        mine = self.operator
        named = ((EMAIL, mine.email), (NTFY, mine.ntfy), (WEBHOOK, mine.webhook))
        return tuple((way, address) for way, address in named if address is not None)

    @property
    def secrets(self) -> tuple[Path, ...]:
        """Files that nobody else may read."""
        named = (
            self.email.password_file if self.email is not None else None,
            self.ntfy.token_file if self.ntfy is not None else None,
            self.webhook.secret_file if self.webhook is not None else None,
        )
        return tuple(path for path in named if path is not None)
