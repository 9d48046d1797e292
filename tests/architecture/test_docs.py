"""The documents name what exists, all of it where they promise that, and nothing else."""

import hashlib
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import typer
import yaml
from pydantic import BaseModel

from appservice import charter_file
from appservice.cli.app import app
from appservice.config import Settings
from appservice.domain.commands.table import COMMANDS
from appservice.domain.founding import PLAN_SMALL, PLAN_STANDARD
from appservice.domain.types import Role
from appservice.texts import load

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "deploy").glob("*.md")],
    key=str,
)
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))
MEMBERS = ("docs/members.md", "docs/members-words.md")
FOR_PEOPLE = ("README.md", *MEMBERS, "docs/facilitators.md", "docs/operators.md")
ONE_PAGE = 900  # words
AGPL = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """Return what stands under a heading, up to the next one of its level."""
    level = title.partition(" ")[0]
    _, _, rest = text.partition(f"\n{title}\n")
    assert rest, title
    return rest.split(f"\n{level} ")[0]


def settings(model: type[BaseModel] = Settings, above: str = "") -> Iterator[tuple[str, object]]:
    """Yield every setting with its default, as `section.name`."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}", field.default


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {anchor(heading) for heading in headings}


def anchor(heading: str) -> str:
    """Return what leads to a heading, as in GitHub's pages."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands() -> set[str]:
    """Return every command of `circlekeeper`, as it is typed."""
    top = typer.main.get_command(app)
    found = set()
    for name, command in top.commands.items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {sub}" for sub in inner} if inner else {name}
    return found


def options() -> set[str]:
    """Return every option of any command."""
    top = typer.main.get_command(app)
    every = [top, *top.commands.values()]
    every += [
        sub for one in top.commands.values() for sub in getattr(one, "commands", {}).values()
    ]
    return {name for one in every for parameter in one.params for name in parameter.opts}


def code_lines(page: Path) -> list[str]:
    """Return lines of code, in fences, indented or inside a sentence; continued lines as one."""
    text = page.read_text("utf-8")
    fences = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    indented = re.findall(r"^ {4,}.+$", rest, re.MULTILINE)
    inside = re.findall(r"`([^`\n]+)`", rest)
    joined = "\n".join([*fences, *indented, *inside])
    return [line for line in joined.replace("\\\n", " ").splitlines() if line.strip()]


def table(text: str) -> dict[str, str]:
    """Return rows of tables: what stands in the first cell as code -> the second cell."""
    rows = re.findall(r"^\| (`.+?`) \| (.+?) \|", text, re.MULTILINE)
    return {name: second for first, second in rows for name in re.findall(r"`([^`]+)`", first)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert ROOT in (there, *there.parents), target
        assert not anchor or anchor in anchors(there), target


def test_operators_find_every_setting_and_no_other() -> None:
    told = table(section(read("docs/operators.md"), "## Settings"))
    assert set(told) == {name for name, _ in settings()}


def test_operators_find_the_right_defaults() -> None:
    told = table(section(read("docs/operators.md"), "## Settings"))
    for name, default in settings():
        if default is not None and not repr(default).startswith("Pydantic"):
            assert f"`{default}`" in told[name], name


def test_operators_find_every_field_of_a_charter() -> None:
    told = table(section(read("docs/operators.md"), "## Found a group"))
    assert set(told) == set(charter_file._Charter.model_fields)


def test_operators_find_every_question_of_the_crisis_plan() -> None:
    text = section(read("docs/operators.md"), "## Found a group")
    for name in (*PLAN_SMALL, *PLAN_STANDARD):
        assert f"`{name}`" in text


def test_operators_find_all_that_the_log_tells_them() -> None:
    told = table(section(read("docs/operators.md"), "## What the log tells you"))
    assert set(told) == {key for key in load().sentences["en"] if key.startswith("operator-")}


@pytest.mark.parametrize("name", sorted(commands()))
def test_operators_find_every_command(name: str) -> None:
    assert f"circlekeeper {name}" in read("docs/operators.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_command_or_option_is_told_that_does_not_exist(page: Path) -> None:
    for line in code_lines(page):
        words = line.split()
        for at, word in enumerate(words[:-1]):
            program = word == "circlekeeper" or word.endswith("/bin/circlekeeper")
            if not program or words[0] == "sudo":
                continue
            called = words[at + 1 :]
            if called[0] == "circlekeeper":
                continue
            assert {called[0], " ".join(called[:2])} & commands(), line
            assert {option for option in called if option.startswith("--")} <= options(), line


@pytest.mark.parametrize(
    ("pages", "role"),
    [(MEMBERS, Role.MEMBER), (("docs/facilitators.md",), Role.FACILITATOR)],
    ids=["members", "facilitators"],
)
def test_people_find_every_word_that_they_can_write(pages: Sequence[str], role: Role) -> None:
    told = {word.split()[0] for page in pages for word in table(read(page))}
    assert told >= {command.id for command in COMMANDS.values() if command.role is role}


def test_members_have_one_page_and_are_led_to_the_rest() -> None:
    page = read(MEMBERS[0])
    assert len(page.split()) <= ONE_PAGE
    assert "(members-words.md)" in page


@pytest.mark.parametrize("name", ["docs/members-words.md", "docs/facilitators.md"])
def test_the_contents_on_top_lead_to_every_chapter(name: str) -> None:
    contents, _, chapters = read(name).partition("\n## ")
    there = {target for target in LINK.findall(contents) if target.startswith("#")}
    headings = re.findall(r"^#{2,3} (.+)$", f"## {chapters}", re.MULTILINE)
    assert {f"#{anchor(heading)}" for heading in headings} <= there


def test_the_readme_begins_with_the_two_commands() -> None:
    commands_first = [line for line in read("README.md").splitlines() if line][1:4]
    assert [line.partition("#")[0].strip() for line in commands_first[1:]] == [
        "make demo",
        "make test",
    ]


def test_the_promise_stands_with_its_limits() -> None:
    promise = section(read("README.md"), "## The promise").replace("\n", " ")
    assert (
        "The add-on as released holds no key to a circle. It cannot read your group, and you can"
        " check that in your own client." in promise
    )
    for word in ("not promised", "could add a device", "silently", "private chats, noticeboards"):
        assert word in promise


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "docs/facilitators.md", "docs/operators.md"]
)
def test_it_says_that_it_is_not_for_real_groups_yet(name: str) -> None:
    assert "not for real groups yet" in read(name)[:2500].lower()


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_nobody_is_shouted_at(name: str) -> None:
    text = re.sub(r"!\[[^]]*\]", "", CODE.sub("", read(name)))
    assert "!" not in text


def test_the_picture_is_whole_and_has_words_for_who_cannot_see_it() -> None:
    root = ET.parse(DOCS / "rooms.svg").getroot()
    names = {child.tag.rpartition("}")[2] for child in root}
    assert {"title", "desc", "style"} <= names
    styled = root.find("{*}style").text
    light, _, dark = styled.partition("@media (prefers-color-scheme: dark)")
    used = {element.get("class") for element in root.iter() if element.get("class")}
    for name in used:
        assert f".{name} " in light, name
        assert f".{name} " in dark, name


def test_the_list_of_decisions_is_whole() -> None:
    listed = LINK.findall(read("docs/adr/README.md"))
    assert listed == [path.name for path in ADRS]
    assert [path.name[:4] for path in ADRS] == [f"{n:04}" for n in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_its_form(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Status", "Context", "Decision", "Consequences"]
    assert re.match(
        r"(Accepted|Superseded by .+), \d{4}-\d\d-\d\d\.", section(text, "## Status").strip()
    )


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    needed = {re.match(r"[a-z0-9-]+", line)[0] for line in project["dependencies"]}
    rows = re.findall(r"^\| ([a-z0-9-]+) \|", read("docs/adr/0012-dependencies.md"), re.MULTILINE)
    assert sorted(set(rows) - {"library", "---"}) == sorted(needed)


def test_the_licence_is_the_whole_standard_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL


def test_example_charters_are_named_where_operators_look() -> None:
    text = read("docs/operators.md")
    for path in (ROOT / "config" / "examples").glob("*.yaml"):
        assert path.name in text
        assert yaml.safe_load(path.read_text("utf-8"))["size"] in ("small", "standard")
