"""How long messages stay, as it is written in a charter."""

import pytest
import yaml

from appservice.charter_file import read_charter
from appservice.errors import ConfigurationError
from tests.support.story import EXAMPLES


@pytest.mark.parametrize(
    ("written", "days"), [("off", 0), ("'off'", 0), ("30", 30), ("90", 90), (None, 0)]
)
def test_a_charter_says_off_or_days(tmp_path, written, days):
    text = (EXAMPLES / "small.yaml").read_text()
    if written is not None:
        text += f"\nmessage_lifetime: {written}\n"
    (tmp_path / "charter.yaml").write_text(text)
    assert read_charter(tmp_path / "charter.yaml").message_lifetime == days


@pytest.mark.parametrize("written", [31, "soon", True, -30, [30]])
def test_anything_else_is_told_with_what_to_write(tmp_path, written):
    charter = yaml.safe_load((EXAMPLES / "small.yaml").read_text())
    charter["message_lifetime"] = written
    (tmp_path / "charter.yaml").write_text(yaml.safe_dump(charter))
    with pytest.raises(ConfigurationError, match="off, 30 or 90"):
        read_charter(tmp_path / "charter.yaml")
