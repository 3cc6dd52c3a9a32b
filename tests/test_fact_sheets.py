"""Fact sheets with the data that is shipped: the fullest and the emptiest records, in both languages."""

import pytest
from django.test import Client

from projects.models import Project
from tests.printed import pages_of
from zones.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def extremes(model):
    """The two records of which most is stated, and the one of which least is."""
    records = sorted(
        model.objects.published().with_statements(),
        key=lambda record: (len(record.citations()), len(record.statements.all())),
    )
    return [records[-1], records[-2], records[0]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("model", "folder"), [(Zone, "zones"), (Project, "projects")])
def test_every_sheet_fits_on_two_pages_and_lacks_no_character(
    shipped_data, can_print, caplog, model, folder, language
):
    for record in extremes(model):
        response = Client().get(f"/{language}/{folder}/{record.slug}/fact-sheet/")
        assert 1 <= len(pages_of(response)) <= 2, record.slug
    assert [line.getMessage() for line in caplog.records if line.name == "weasyprint"] == []
