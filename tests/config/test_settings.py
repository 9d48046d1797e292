"""Settings: what may be written, and that every fault is told, at once and without its value."""

from pathlib import Path

import pytest
import yaml

from appservice.bridging import calendar_server
from appservice.config import Address, Registration, Settings
from appservice.config.recovery import RecoveryFile
from appservice.crypto import encode_recovery_key
from appservice.errors import ConfigurationError

LEAST = {"homeserver": {"url": "http://127.0.0.1:8008", "server_name": "circle.test"}}


def written(tmp_path: Path, values: object) -> Path:
    path = tmp_path / "circlekeeper.yaml"
    path.write_text(values if isinstance(values, str) else yaml.safe_dump(values))
    return path


def faults(path: Path, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        Settings.load(path, environment or {})
    return str(error.value).replace(f"{path}: ", "").splitlines()


def test_the_least_that_must_be_written(tmp_path):
    settings = Settings.load(written(tmp_path, LEAST), {})
    assert settings.keeper == "@keeper:circle.test"
    assert settings.steward == "@steward:circle.test"
    assert settings.listen == Address("127.0.0.1", 9010)
    assert settings.reached_at == "http://127.0.0.1:9010"
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/circlekeeper.db"
    assert settings.files.journal == tmp_path / "journal"
    assert settings.private is settings.operator is settings.homeserver.room_version is None


def test_every_fault_is_told_at_once(tmp_path):
    path = written(
        tmp_path,
        {
            "homeserver": {"url": "ftp://x", "room_version": 10, "srver_name": "a"},
            "listen": "1.2.3.4",
            "database": "mysql://user:canary@host/name",
            "operator": "bob",
            "limits": {"late_key_seconds": -1, "steward_watch_seconds": 31},
            "colour": "blue",
        },
    )
    told = faults(path)
    assert [line.partition(": ")[0] for line in told] == [
        "colour",
        "database",
        "homeserver.room_version",
        "homeserver.server_name",
        "homeserver.srver_name",
        "homeserver.url",
        "limits.late_key_seconds",
        "limits.steward_watch_seconds",
        "listen",
        "operator",
    ]
    assert "did you mean server_name?" in told[4]
    assert all(";" in line for line in told), "each says what to do"
    assert "canary" not in "\n".join(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("homeserver: [\n", "line 2 is not YAML"),
        ("- a\n", "is not a list of settings"),
        ("", "homeserver: is missing"),
    ],
)
def test_a_file_that_is_none(tmp_path, text, told):
    assert told in faults(written(tmp_path, text))[0]


def test_a_file_that_is_not_there(tmp_path):
    assert "circlekeeper init" in faults(tmp_path / "none.yaml")[0]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"localparts": {"keeper": "anna", "steward": "anna"}}, "localparts"),
        ({"localparts": {"keeper": "Anna"}}, "localparts.keeper"),
        ({"operator": "@keeper:circle.test"}, "operator"),
        ({"private": "127.0.0.1:9010"}, "private"),
        ({"listen": "localhost:0"}, "listen"),
        ({"listen": "::1:9010"}, "listen"),
        ({"listen": 9010}, "listen"),
        ({"public_url": "circlekeeper:9010"}, "public_url"),
        ({"public_url": "http://[::1"}, "public_url"),
        ({"files": None}, "files"),
        ({"database": "sqlite://"}, "database"),
        ({"language": "English"}, "language"),
        ({"limits": {"transaction_bytes": 1024}}, "limits.transaction_bytes"),
    ],
)
def test_values_that_cannot_be_used(tmp_path, values, field):
    (told,) = faults(written(tmp_path, LEAST | values))
    assert told.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("postgresql://u:p@h/n", "postgresql+asyncpg://u:p@h/n"),
        ("postgres://h/n", "postgresql+asyncpg://h/n"),
        ("postgresql+asyncpg://h/n?ssl=require", "postgresql+asyncpg://h/n?ssl=require"),
        ("sqlite:////var/lib/ck.db", "sqlite+aiosqlite:////var/lib/ck.db"),
    ],
)
def test_databases(tmp_path, url, used):
    settings = Settings.load(written(tmp_path, LEAST | {"database": url}), {})
    assert settings.database == used
    assert used not in repr(settings), "it may hold a password"


@pytest.mark.parametrize(
    ("listen", "reached_at"),
    [
        ("0.0.0.0:9010", "http://127.0.0.1:9010"),
        ("[::]:9010", "http://[::1]:9010"),
        ("localhost:9010", "http://localhost:9010"),
    ],
)
def test_where_the_homeserver_reaches_us(tmp_path, listen, reached_at):
    settings = Settings.load(written(tmp_path, LEAST | {"listen": listen}), {})
    assert settings.reached_at == reached_at
    assert str(settings.listen) == listen


def test_the_environment_wins(tmp_path):
    settings = Settings.load(
        written(tmp_path, LEAST | {"language": "en", "operator": "@a:b"}),
        {
            "CIRCLEKEEPER__HOMESERVER__URL": "https://matrix.example.org/",
            "CIRCLEKEEPER__HOMESERVER__ROOM_VERSION": "12",
            "CIRCLEKEEPER__LIMITS__LATE_KEY_SECONDS": "7",
            "CIRCLEKEEPER__OPERATOR": "null",
            "CIRCLEKEEPER_CONFIG": "is another matter",
        },
    )
    assert settings.homeserver.url == "https://matrix.example.org"
    assert settings.homeserver.server_name == "circle.test"
    assert settings.homeserver.room_version == "12"
    assert settings.limits.late_key_seconds == 7
    assert settings.operator is None


def test_a_mistyped_variable_is_a_fault(tmp_path):
    told = faults(written(tmp_path, LEAST), {"CIRCLEKEEPER__LISTN": "127.0.0.1:1"})
    assert told == ["listn: is no setting; did you mean listen?"]


def test_settings_stay_as_they_are(tmp_path):
    settings = Settings.load(written(tmp_path, LEAST), {})
    with pytest.raises(ValueError, match="frozen"):
        settings.language = "de"


def test_a_registration_tells_its_faults_and_shows_no_token(tmp_path):
    path = tmp_path / "registration.yaml"
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Registration.read(path)
    path.write_text("id: 5\nurl: http://x\nas_token: canary\n")
    with pytest.raises(ConfigurationError) as error:
        Registration.read(path)
    named = [line.split(": ")[1] for line in str(error.value).splitlines()]
    assert named == ["id", "hs_token", "sender_localpart"]
    assert "canary" not in str(error.value)
    assert "canary" not in repr(Registration("i", "u", "canary", "canary"))


def test_a_recovery_key_is_read_as_people_write_it(tmp_path):
    file = RecoveryFile(tmp_path / "recovery.key")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        file.read()
    secret = bytes(range(32))
    key = encode_recovery_key(secret)
    file.path.write_text(f"# a comment\n\n{key[:20]}\n{key[20:]}\n")
    assert file.read() == secret
    file.path.write_text(key[:-1] + ("a" if key[-1] != "a" else "b"))
    with pytest.raises(ConfigurationError) as error:
        file.read()
    assert key[:9] not in str(error.value)


def test_files_that_others_may_read_are_named(tmp_path):
    settings = Settings.load(written(tmp_path, LEAST), {})
    assert settings.readable_by_others() == ()
    settings.files.registration.touch(mode=0o644)
    settings.files.keys.touch(mode=0o600)
    assert settings.readable_by_others() == (settings.files.registration,)


CALENDAR = {"url": "https://cloud.example.org/dav/c/", "user": "bot", "password_file": "pw"}


def test_a_calendar_and_a_video_server_are_optional_and_their_files_lie_beside(tmp_path):
    assert Settings.load(written(tmp_path, LEAST), {}).calendars == {}
    values = {
        **LEAST,
        "calendars": {"WILLOW": CALENDAR},
        "jitsi": {"domain": "meet.example.org", "app_id": "ck", "secret_file": "js"},
    }
    (tmp_path / "pw").write_text("secret")
    settings = Settings.load(written(tmp_path, values), {})
    assert settings.calendars["WILLOW"].password_file == tmp_path / "pw"
    assert not settings.calendars["WILLOW"].places
    assert settings.jitsi.secret_file == tmp_path / "js"
    assert tmp_path / "pw" in settings.readable_by_others()
    assert "bot" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "http://cloud.example.org/dav/",
        "https://bot:canary@cloud.example.org/dav/",
        "https://cloud.example.org/dav/?canary=1",
        "cloud.example.org",
    ],
)
def test_a_password_goes_to_a_safe_address_only(tmp_path, url):
    values = {**LEAST, "calendars": {"WILLOW": {**CALENDAR, "url": url}}}
    (told,) = faults(written(tmp_path, values))
    assert told.startswith("calendars.WILLOW.url: ")
    assert "canary" not in told


def test_this_machine_needs_no_https(tmp_path):
    for host in ("127.0.0.1", "localhost", "[::1]"):
        url = f"http://{host}:5232/bot/c"
        values = {**LEAST, "calendars": {"WILLOW": {**CALENDAR, "url": url}}}
        assert Settings.load(written(tmp_path, values), {}).calendars["WILLOW"].url == url


def test_a_secret_that_is_missing_or_empty_is_told_at_the_start(tmp_path):
    settings = Settings.load(written(tmp_path, {**LEAST, "calendars": {"W": CALENDAR}}), {})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        calendar_server(settings)
    (tmp_path / "pw").write_text("\n")
    with pytest.raises(ConfigurationError, match="is empty"):
        calendar_server(settings)
    (tmp_path / "pw").write_text("secret\n")
    assert calendar_server(settings) is not None
    assert calendar_server(Settings.load(written(tmp_path, LEAST), {})) is None
