"""The approvals page with the records of data/: every number is stated with its source, or counted."""

import re

import pytest

from business_environment.models import Procedure, ReformAccount
from tests.business_environment.approvals_page import SECTIONS, groups, has_class, read, steps, within

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]

Fate = Procedure.Fate


def total(client, address):
    return client.get(address).context["listing"].total


def test_every_count_leads_to_as_many_rows(client):
    box = next(node for node in read(client).nodes if has_class(node, "counted"))
    links = [node for node in box.walk() if node.tag == "a" and "?" in node.get("href")]
    for link in links:
        number = next(node for node in link.walk() if node.tag == "b").text
        assert (link.text, int(number)) == (link.text, total(client, link.get("href")))
    assert len(links) == 4 + len(Fate)


def test_what_is_counted_and_what_is_stated_are_told_apart_in_words(client):
    marks = [node.text for node in read(client).nodes if has_class(node, "origin")]
    assert marks == ["Stated by a source", "Stated by a source", "Counted on this site"]


DATES = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:19|20)\d\d\b|\[\d{4}\] No\. \d+|\bNo\. \d+"
)


def numbers(text):
    return set(re.findall(r"\d[\d,.]*\d|\d", DATES.sub(" ", text)))


def cited_block(node):
    """The nearest block that names its own source: an account, a case, an event, a legal text."""
    while node is not None:
        if has_class(node, "account", "claim") or (
            node.tag == "li" and within(node.parent, "stated", "timeline", "sources")
        ):
            return node
        node = node.parent
    return None


def test_every_number_is_stated_with_its_source_or_counted_from_rows(client):
    page = read(client)
    main = page.find("main")[0]
    names = {row.name_en for row in Procedure.objects.published()}
    stated, loose = set(), []
    for node in main.walk():
        own = " ".join(filter(None, [node.element.text, *(child.element.tail for child in node.children)]))
        if not numbers(own) or own in names:
            continue
        if within(node, "counted"):
            assert node.tag == "b"  # its equality with rows is tested above
            continue
        block = cited_block(node)
        if block is None:
            loose.append((own, numbers(own)))
            continue
        links = [one.get("href") for one in block.walk() if one.tag == "a"]
        assert any("/sources/" in link for link in links), own
        stated |= numbers(own)
    # What stands outside (the lede, what is not documented) repeats numbers that are stated with a source.
    assert [(text, more - stated) for text, more in loose if more - stated] == []


def test_numbers_of_accounts_and_their_parts_are_figures_with_passports(client):
    accounts = [node for node in read(client).nodes if has_class(node, "account")]
    published = ReformAccount.objects.published().prefetch_related("parts")
    expected = sum(
        (row.count is not None) + bool(row.days_words_en or row.days) + row.parts.count() for row in published
    )
    figures = [node for one in accounts for node in one.walk() if has_class(node, "figure")]
    assert (len(accounts), len(figures)) == (6, expected)
    for figure in figures:
        passport = next(node for node in figure.walk() if has_class(node, "passport"))
        assert [node for node in passport.walk() if node.tag == "a"] != []
        assert "not stated" not in passport.text


def test_with_the_shipped_data_every_part_is_there(client):
    assert [one for one in read(client).ids if one in SECTIONS] == [*SECTIONS]


def test_all_shipped_steps_are_shown_once(client):
    rows = Procedure.objects.published()
    before = [row.slug for join in steps().joins for row in join.before]
    before += [row.slug for ending in steps().endings for row in ending.before]
    assert sorted(before) == sorted(rows.filter(era="before").values_list("slug", flat=True))
    after = [join.after.slug for join in steps().joins]
    assert sorted(after) == sorted(rows.filter(era="after").values_list("slug", flat=True))
    assert len(groups(client)) == len(steps().joins) + len(steps().endings)
    assert [ending.fate for ending in steps().endings] == [Fate.CANCELLED, Fate.UNKNOWN]
