"""The log: ids are struck out, exceptions lose their words, libraries are heard but not quoted."""

import json
import logging

import pytest
import structlog

from appservice.cli.logs import LEVELS, set_up_logs


@pytest.fixture
def lines(capsys):
    """What the log says from here on, each line parsed."""
    set_up_logs(as_json=True)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], force=True)


@pytest.mark.parametrize(
    "id_",
    [
        "@ada:circle.test",
        "@Ada_Historical!:circle.test",
        "@ada:[::1]:8448",
        "!abcdef:circle.test:8448",
        "!" + "aB3_-" * 8 + "aB3",
        "$" + "aB3_-" * 8 + "aB3",
        "#willow:circle.test",
        "%40ada%3Acircle.test",
    ],
)
def test_ids_are_struck_out_wherever_they_stand(lines, id_):
    log = structlog.get_logger()
    sentence = f"about {id_}, and"
    log.warning(
        sentence,
        room=id_,
        inside={id_: [id_, (f"<{id_}>",)]},
        kind=ValueError(id_),
    )
    (line,) = lines()
    assert id_ not in json.dumps(line)
    assert "ada" not in json.dumps(line).lower()
    assert line["room"] == "[id]"
    assert line["level"] == "warning"


def test_plain_words_stay(lines):
    structlog.get_logger().info("3 rooms at 127.0.0.1:9010, 50 %", size=3, when="12:30", none=None)
    (line,) = lines()
    assert line["event"] == "3 rooms at 127.0.0.1:9010, 50 %"
    assert (line["size"], line["when"], line["none"]) == (3, "12:30", None)


def test_an_exception_keeps_its_kind_and_place_only(lines):
    try:
        raise RuntimeError("canary")  # noqa: TRY301
    except RuntimeError:
        structlog.get_logger().exception("it failed")
    (line,) = lines()
    assert line["fault"].startswith("RuntimeError at test_logs.py:")
    assert "canary" not in json.dumps(line)


def test_libraries_are_heard_but_not_quoted(lines):
    for name in ("aiohttp.server", "sqlalchemy.engine", "nio.client", "asyncio"):
        logging.getLogger(name).error("canary %s", "@ada:circle.test")
        logging.getLogger(name).info("canary")
    said = lines()
    assert len(said) == 3, "nio is silent"
    assert "canary" not in json.dumps(said)
    assert all(line["place"].startswith("test_logs.py:") for line in said)


def test_every_level_can_be_set():
    for level in LEVELS:
        set_up_logs(as_json=False, level=level)
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], force=True)
