"""All that data/ holds of the business environment is on the site, in both languages, each with its sources.

The files are read here anew, so that a loader that drops a record, and a page that does, are both found out.
"""

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]

DATA = Path(settings.BASE_DIR) / "data" / "business_environment"
LANGUAGES = {"en": "en", "zh-hans": "zh"}
FOLDERS = {
    # kind of record: the folder of its pages, how many there are
    "procedure": ("approvals", 30),
    "policy": ("policies", 12),
    "transportlink": ("transport", 9),
    "cost": ("costs", 7),
}
PARTS = {
    # part of the reform: how many there are, the text that tells each
    "accounts": (6, "text"),
    "events": (9, "text"),
    "legal_texts": (7, "title"),
    "cases": (8, "text"),
}


def records(kind):
    text = (DATA / f"{kind}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)["records"]  # noqa: S506 (it makes texts only)


@cache
def page(address):
    """(the words, the sources that it links to, the ids) of the main part of a page."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
    sources = re.findall(r'href="/[^/"]+/sources/([^/"]+)/"', main)
    return words, sources, re.findall(r' id="([^"]+)"', main)


def cited(record):
    """Sources of a record of a file, of its statements and of its rules."""
    found = {*record.get("sources", [])}
    for name in ("statements", "rules", "prerequisites"):
        for part in record.get(name, []):
            found |= {*part.get("sources", [])}
    return found


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FOLDERS)
def test_every_record_has_a_page_with_its_name_and_its_sources(kind, language):
    folder, number = FOLDERS[kind]
    found = records(kind)
    assert len(found) == number
    for record in found:
        words, sources, _ids = page(f"/{language}/business-environment/{folder}/{record['slug']}/")
        assert record[f"name_{LANGUAGES[language]}"] in words, record["slug"]
        assert cited(record), record["slug"]
        assert cited(record) - set(sources) == set(), record["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_every_indicator_has_its_row_with_its_sources(language):
    found = records("indicator")
    assert sum(len(record["values"]) for record in found) == 58
    for record in found:
        address = f"/{language}/business-environment/indicators/{record['slug']}/"
        words, sources, ids = page(address)
        assert record[f"name_{LANGUAGES[language]}"] in words
        for value in record["values"]:
            assert ids.count(f"value-{value['slug']}") == 1
            assert set(value["sources"]) - set(sources) == set(), value["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_reform_is_on_the_approvals_page_with_its_sources(part, language):
    (reform,) = records("reform")
    number, name = PARTS[part]
    words, sources, _ids = page(f"/{language}/business-environment/approvals/")
    assert len(reform[part]) == number
    for entry in reform[part]:
        assert plain(entry[f"{name}_{LANGUAGES[language]}"]) in words
        assert set(entry["sources"]) - set(sources) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_procedure_is_on_its_page(language):
    ending = f"_{LANGUAGES[language]}"
    told = (
        "office",
        "papers",
        "papers_of",
        "law",
        "after_reform",
        "replaces",
        "notes",
        "scope_words",
        "result",
    )
    lines = 0
    for record in records("procedure"):
        words, _sources, _ids = page(f"/{language}/business-environment/approvals/{record['slug']}/")
        for name in told:
            for line in record.get(name + ending, "").splitlines():
                assert plain(line) in words, (record["slug"], name)
                lines += 1
    assert lines > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_policy_is_on_its_page(language):
    ending = f"_{LANGUAGES[language]}"
    lines = 0
    for record in records("policy"):
        words, _sources, _ids = page(f"/{language}/business-environment/policies/{record['slug']}/")
        for line in record.get("facts" + ending, "").splitlines():
            assert plain(line) in words, record["slug"]
            lines += 1
    assert lines > 15
