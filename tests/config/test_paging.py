"""Settings of the ways outside: what may be written, and that every fault is told at once."""

import ssl
from pathlib import Path

import pytest

from appservice.bridging import pagers
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.errors import ConfigurationError
from tests.config.test_settings import LEAST, faults, written
from tests.support.certificates import Authority

MAIL = {"host": "mail.example.org", "sender": "circlekeeper@example.org"}
ALL = {
    "email": {**MAIL, "user": "bot", "password_file": "pw", "ca_file": "ca"},
    "ntfy": {"server": "https://ntfy.example.org/", "token_file": "token"},
    "webhook": {"secret_file": "secret"},
    "operator": {
        "email": "ops@example.org",
        "ntfy": "topic",
        "webhook": "https://ops.example.org",
    },
}


def settings(tmp_path: Path, paging: object) -> Settings:
    return Settings.load(written(tmp_path, {**LEAST, "paging": paging}), {})


def test_nothing_need_be_set(tmp_path):
    least = Settings.load(written(tmp_path, LEAST), {}).paging
    assert (least.ways, least.operator_pages, least.secrets) == (frozenset(), (), ())
    assert pagers(Settings.load(written(tmp_path, LEAST), {}), SystemClock()) == ()


def test_all_of_it(tmp_path):
    read = settings(tmp_path, ALL)
    paging = read.paging
    assert paging.ways == {"email", "ntfy", "webhook"}
    assert paging.operator_pages == (
        ("email", "ops@example.org"),
        ("ntfy", "topic"),
        ("webhook", "https://ops.example.org"),
    )
    assert (paging.email.tls, paging.email.port) == ("starttls", None)
    assert paging.ntfy.server == "https://ntfy.example.org"
    assert not paging.webhook.allow_private
    assert set(paging.secrets) == {tmp_path / name for name in ("pw", "token", "secret")}
    for private in ("ops@", "bot", "topic"):
        assert private not in repr(read)


def test_every_fault_is_told_at_once_and_says_what_to_write(tmp_path):
    paging = {
        "email": {"hots": "x", "sender": "canary", "port": 70000, "tls": "ssl"},
        "ntfy": {"server": "http://ntfy.example.org"},
        "webhook": {"allow_private": "perhaps"},
        "operator": {"email": "canary", "ntfy": "a b", "webhook": "https://u:canary@x.org"},
        "pigeon": {},
    }
    told = faults(written(tmp_path, {**LEAST, "paging": paging}))
    assert [line.partition(": ")[0] for line in told] == [
        "paging.email.host",
        "paging.email.hots",
        "paging.email.port",
        "paging.email.sender",
        "paging.email.tls",
        "paging.ntfy.server",
        "paging.operator.email",
        "paging.operator.ntfy",
        "paging.operator.webhook",
        "paging.pigeon",
        "paging.webhook.allow_private",
        "paging.webhook.secret_file",
    ]
    assert "did you mean host?" in told[1]
    assert "write the mail server's name" in told[0]
    assert "canary" not in "\n".join(told)


@pytest.mark.parametrize(
    ("paging", "said"),
    [
        ({"email": {**MAIL, "tls": "none"}}, "on this machine"),
        ({"email": {**MAIL, "user": "bot"}}, "user without password_file"),
        ({"email": {**MAIL, "password_file": "pw"}}, "user without password_file"),
        ({"operator": {"ntfy": "topic"}}, "names ntfy for the operator"),
    ],
)
def test_what_does_not_fit_together(tmp_path, paging, said):
    (told,) = faults(written(tmp_path, {**LEAST, "paging": paging}))
    assert said in told


def test_in_clear_on_this_machine_only(tmp_path):
    for host in ("localhost", "127.0.0.1", "::1"):
        paging = {"email": {**MAIL, "host": host, "tls": "none", "port": 2525}}
        assert settings(tmp_path, paging).paging.email.host == host


def test_the_environment_can_name_the_files(tmp_path):
    values = {**LEAST, "paging": {"email": MAIL}}
    found = Settings.load(
        written(tmp_path, values),
        {
            "CIRCLEKEEPER__PAGING__EMAIL__USER": "bot",
            "CIRCLEKEEPER__PAGING__EMAIL__PASSWORD_FILE": "/run/secrets/pw",
        },
    )
    assert found.paging.email.password_file == Path("/run/secrets/pw")


def test_secrets_and_certificates_are_read_at_the_start(tmp_path):
    read = settings(tmp_path, ALL)
    for name, text in (("pw", "x"), ("ca", None), ("token", "x"), ("secret", "x")):
        with pytest.raises(ConfigurationError) as error:
            pagers(read, SystemClock())
        assert str(tmp_path / name) in str(error.value)
        if text is not None:
            (tmp_path / name).write_text(text)
        else:
            (tmp_path / name).write_bytes(Authority(tmp_path / "a").file.read_bytes())
    assert [pager.way for pager in pagers(read, SystemClock())] == ["email", "ntfy", "webhook"]
    (tmp_path / "ca").write_text("no certificate")
    with pytest.raises(ConfigurationError, match="no certificate"):
        pagers(read, SystemClock())


def test_others_must_not_read_them(tmp_path):
    (tmp_path / "secret").touch(mode=0o644)
    read = settings(tmp_path, ALL)
    assert read.readable_by_others() == (tmp_path / "secret",)


def test_certificates_of_mail_servers_are_checked(tmp_path):
    (tmp_path / "pw").write_text("x")
    read = settings(tmp_path, {"email": {**MAIL, "user": "b", "password_file": "pw"}})
    (pager,) = pagers(read, SystemClock())
    assert pager._authorities.verify_mode is ssl.CERT_REQUIRED
    assert pager._authorities.check_hostname
    assert "x" not in repr(pager._server).split("=")
