"""`group new` up to the inbox: how charter and options come together, and what is refused."""

import pytest

from appservice.charter_file import presets, read_charter
from appservice.cli.group_new import _completed
from appservice.domain.types import Size
from appservice.errors import CirclekeeperError, ConfigurationError
from tests.cli.conftest import HERE

EXAMPLES = sorted((HERE / "config" / "examples").glob("*.yaml"))
TWO = ("--facilitator", "@a:circle.test", "--facilitator", "@b:circle.test")


@pytest.fixture
def new(command, config):
    command("migrate", "--config", str(config))
    return lambda *options: command(
        "group", "new", "--config", str(config), "--wait", "0", *options
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_can_be_founded_as_it_is(new, path):
    with pytest.raises(CirclekeeperError, match="is not running"):
        new("--charter", str(path), "--open", "--json")


def test_two_examples_are_there():
    assert {"standard.yaml", "small.yaml"} <= {path.name for path in EXAMPLES}


def test_a_name_and_two_facilitators_are_enough(new):
    for name, size in (("WILLOW", "small"), ("OLD OAK", "standard")):
        with pytest.raises(CirclekeeperError, match="is not running"):
            new("--name", name, *TWO, "--size", size, "--open")


def test_asking_twice_while_nothing_runs_makes_one_group(new):
    with pytest.raises(CirclekeeperError, match="is not running"):
        new("--name", "WILLOW", *TWO, "--open")
    with pytest.raises(CirclekeeperError, match="asked for already"):
        new("--name", "Willow", *TWO, "--open")


def test_options_win_over_the_charter():
    charter = read_charter(HERE / "config" / "examples" / "standard.yaml")
    as_it_is = _completed(charter, None, [], None, None)
    changed = _completed(charter, "Oak", ["@x:y", "@z:y"], "@l:y", Size.SMALL)
    assert (as_it_is.name, as_it_is.size) == ("Willow", Size.STANDARD)
    assert (changed.name, changed.facilitators) == ("Oak", ("@x:y", "@z:y"))
    assert (changed.lead, changed.size) == ("@l:y", Size.SMALL)
    assert changed.rules == as_it_is.rules


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--name", "WILLOW", *TWO[:2]), "2"),
        (("--name", "Grief", *TWO), "--force-name"),
        (("--name", "W1", *TWO), "letters"),
        (("--charter", "/nowhere.yaml"), "/nowhere.yaml"),
    ],
)
def test_what_cannot_be_founded_is_refused_with_the_reason(new, options, reason):
    with pytest.raises(ConfigurationError, match=reason):
        new(*options, "--open")


def test_an_unfilled_crisis_plan_is_refused(new, tmp_path):
    text = (HERE / "config" / "examples" / "small.yaml").read_text()
    path = tmp_path / "charter.yaml"
    path.write_text(text.replace("outside_contact:", "deputies:"))
    with pytest.raises(ConfigurationError, match="outside_contact"):
        new("--charter", str(path), "--open")


def test_the_operator_may_insist_on_a_name(new):
    with pytest.raises(CirclekeeperError, match="is not running"):
        new("--name", "Grief", *TWO, "--open", "--force-name")


@pytest.mark.parametrize("options", [(), ("--name", "WILLOW", "--facilitator", "bob")])
def test_wrong_usage(new, options):
    assert new(*options).code == 2


@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_preset_makes_a_draft_in_each_language(new, preset, language):
    with pytest.raises(CirclekeeperError, match="is not running"):
        new("--name", "Willow", "--preset", preset, "--language", language, *TWO)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--preset", "gardening"), "bereavement"),
        (("--preset", "recovery", "--open"), "not filled in"),
        (("--preset", "recovery", "--language", "fr"), "fr"),
        (("--preset", "recovery", "--zone", "Europe/Atlantis"), "Atlantis"),
        (("--preset", "recovery", "--country", "QQ"), "QQ"),
        (("--preset", "recovery", "--name", "Sober"), "--force-name"),
    ],
)
def test_a_preset_is_looked_at_as_far_as_it_goes(new, options, reason):
    with pytest.raises(ConfigurationError, match=reason):
        new("--name", "Willow", *TWO, *options)
