"""The gate is short: seven messages, 450 words of its own, 800 with the example charter."""

import re

import pytest

from appservice.domain.types import Text
from appservice.texts import TextRenderer
from tests.support.story import CODE, MEI, Story, example, words


def count(text: str) -> int:
    return len(re.findall(r"\w+(?:[-'./:@]\w+)*", text))


class Own(TextRenderer):
    """Renders without the words of charter and rules."""

    def body(self, message) -> str:
        kept = [self._own(line) for line in message.lines]
        said = "\n".join(words().say(line, message.language) for line in kept if line is not None)
        labels = [words().say(c.reply, message.language) for c in message.choices]
        return "\n".join([said, *labels])

    def _own(self, text: Text) -> Text | None:
        if text.key == "verbatim":
            return None
        values = {
            name: "" if text.key == "charter-card" else self._value(value)
            for name, value in text.values.items()
        }
        return Text(text.key, values)

    def _value(self, value):
        if isinstance(value, tuple):
            return tuple(own for line in value if (own := self._own(line)) is not None)
        return "" if isinstance(value, Text) and value.key == "verbatim" else value


@pytest.mark.parametrize("size", ["standard", "small"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_word_budget(language, size):
    story = Story()
    story.founds(example(size))
    story.says(MEI, f"language {language}")
    story.heard.clear()
    story.passes_the_gate(MEI)
    assert [h.message.step for h in story.heard] == [f"{step}/7" for step in range(1, 8)]
    own = sum(count(Own(words()).body(heard.message)) for heard in story.heard)
    everything = sum(count(heard.body) for heard in story.heard)
    print(language, size, own, everything)
    assert own <= 450
    assert everything <= 800
    assert everything > own > 200


@pytest.mark.parametrize("language", ["en", "de"])
def test_at_most_three_choices(language):
    story = Story()
    story.founds()
    story.says(MEI, f"language {language}")
    story.passes_the_gate(MEI, CODE)
    assert all(len(heard.message.choices) <= 3 for heard in story.heard)
