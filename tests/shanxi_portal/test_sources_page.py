"""The page of a source that bears out more than a page can hold."""

import pytest
from django.contrib.contenttypes.models import ContentType

from projects.models import Project
from records.models import Statement
from shanxi_portal.views.sources import MOST_STATEMENTS
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """A source that bears out one draft, and one public project less than the page reads statements."""
    sector, aspect, source = make.make_industry(), make.make_aspect(unit="yuan"), make.make_source(slug="big")
    projects = Project.objects.bulk_create(
        Project(
            slug=f"project-{number}",
            name_en=f"Project {number}",
            sector=sector,
            status="signed",
            state="published" if number else "draft",
        )
        for number in range(MOST_STATEMENTS)
    )
    kind = ContentType.objects.get_for_model(Project)
    Statement.objects.bulk_create(
        Statement(content_type=kind, object_id=row.pk, aspect=aspect, source=source, number=1, adopted=True)
        for row in projects
    )
    return source


def shown(client):
    response = client.get("/en/sources/big/")
    return {record.slug for record, _labels in response.context["supported"]}, response.content.decode()


def test_as_many_as_the_page_reads_are_all_shown(client, source):
    make.make_statement(make.make_project(slug="last"), source=source)
    slugs, body = shown(client)
    assert slugs == {"last", *(f"project-{number}" for number in range(1, MOST_STATEMENTS))}
    assert "too many to list here" not in body


def test_of_more_those_entered_first_are_shown_and_the_page_says_so(client, source):
    for slug in ("last", "beyond"):
        make.make_statement(make.make_project(slug=slug), source=source)
    slugs, body = shown(client)
    assert slugs == {"last", *(f"project-{number}" for number in range(1, MOST_STATEMENTS))}
    assert f"It bears out more than these {MOST_STATEMENTS} records: too many to list here." in body
