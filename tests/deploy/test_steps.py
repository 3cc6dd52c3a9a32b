"""The steps of docs/deployment.md, without the empty Debian on which `make deployment` runs them."""

import re
import subprocess

import pytest
from django.core.management import get_commands

from tests.deploy.walkthrough import HERE, PAGE, STEP, steps

BLOCKS = {f"{kind}: {name}": block for kind, name, block in STEP.findall(PAGE.read_text(encoding="utf-8"))}


def test_the_page_has_the_steps_that_are_run():
    assert list(steps("step")) == [
        *("names", "packages", "folders", "release", "variables", "database", "service", "nginx", "look"),
    ]
    assert list(steps("upgrade")) == ["prepare", "database", "switch"]
    assert list(steps("rollback")) == ["switch"]


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_step_is_a_script_whose_words_mean_something(block):
    subprocess.run(["sh", "-n"], input=block, text=True, check=True)
    for script in re.findall(r"/(deploy/\w+)(?![\w/])", block):
        assert (HERE / script).is_file(), script
    assert set(re.findall(r"deploy/manage\"? (\w+)", block)) <= get_commands().keys()
    for unit in re.findall(r"[\w-]+\.(?:service|socket|timer)", block):
        assert (HERE / "deploy/systemd" / unit).is_file(), unit


def test_what_is_not_run_says_so():
    """Of the first time and the upgrade only the certificate of an authority, which asks for a real host."""
    text = PAGE.read_text(encoding="utf-8")
    walk = text[text.index("## From an empty Debian") : text.index("## nginx")]
    unmarked = [
        block
        for block in re.findall(r"^```sh\n(.*?)^```$", walk, re.M | re.S)
        if block not in BLOCKS.values()
    ]

    assert len(unmarked) == 1
    assert "certbot certonly" in unmarked[0]
