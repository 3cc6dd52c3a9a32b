"""Choosing a record: from a list while there are few, by a text where there are many."""

import pytest

from listings.choosing import FEW, SHOWN
from projects.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db

ADDRESS = "/en/shortlist/"


@pytest.fixture
def many():
    """One public project more than a list to choose from holds, and a draft; every tenth is a mine."""
    sector = make.make_industry()
    Project.objects.bulk_create(
        Project(
            slug=f"project-{number}",
            name_en=f"Zinc mine {number}" if number % 10 == 0 else f"Plant {number}",
            sector=sector,
            status="signed",
            state="draft" if number == 10 else "published",
        )
        for number in range(FEW + 2)
    )


def get(client, **query):
    return client.get(ADDRESS, query)


def offered(response):
    return [record.slug for record in response.context["project_choices"].offered]


def test_as_many_as_a_list_holds_are_a_list(client, many):
    Project.objects.filter(slug="project-1").update(state="draft")
    response = get(client)
    assert len(offered(response)) == FEW
    assert '<select id="choose-project"' in response.content.decode()
    assert 'name="find_project"' not in response.content.decode()


def test_one_more_is_a_box_to_search_in(client, many):
    body = get(client).content.decode()
    assert '<select id="choose-project"' not in body
    assert 'name="find_project"' in body
    assert '<select id="choose-zone"' in body
    assert "project-1" not in body


def test_the_best_are_offered_and_how_many_there_are(client, many):
    response = get(client, find_project="mines")
    mines = [f"project-{number}" for number in range(0, FEW + 2, 10) if number != 10]
    assert offered(response) == sorted(mines)[:SHOWN]
    assert f"{len(mines)} found, the best of them here" in response.content.decode()


def test_adding_keeps_the_list_and_the_text(client, many):
    zone = make.make_zone()
    body = get(client, zone=zone.slug, find_project="mine 30").content.decode()
    form = body[body.index('id="find-project-form"') :].partition("</form>")[0]
    assert f'<input type="hidden" name="zone" value="{zone.slug}">' in form
    assert 'name="project" value="project-30"' in form
    added = get(client, zone=zone.slug, find_project="mine 30", project="project-30")
    assert [one.slug for one, _url in added.context["entries"]] == [zone.slug, "project-30"]
    assert "project-30" not in offered(added)
    assert f"{ADDRESS}?zone={zone.slug}&project=project-30" in added.context["address"]


def test_nothing_found_says_so(client, many):
    response = get(client, find_project="nowhere")
    assert response.status_code == 200
    assert "Nothing else is found by this text." in response.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"find_project": "…!"}, "Type a letter or a digit at least."),
        ({"find_project": "x" * 101}, "100"),
        ({"find_project": ["mine", "plant"]}, "This filter takes one value, not several."),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_and_loses_nothing(client, many, query, message):
    zone = make.make_zone()
    response = get(client, zone=zone.slug, **query)
    body = response.content.decode()
    assert response.status_code == 400
    assert message in body[body.index('id="find-project-problem"') :].partition("</p>")[0]
    assert [one.slug for one, _url in response.context["entries"]] == [zone.slug]


def test_the_file_takes_no_text(client, many):
    zone = make.make_zone()
    response = client.get("/en/shortlist.csv", {"zone": zone.slug, "find_project": "mine"})
    assert response.status_code == 400


def test_zones_to_compare_are_found_by_a_text_too(client):
    city, first = make.make_city(), make.make_zone()
    make.Zone.objects.bulk_create(
        make.Zone(
            slug=f"place-{number}", name_en=f"Place {number}", city=city, type="economic", state="published"
        )
        for number in range(FEW)
    )
    response = client.get("/en/zones/compare/", {"zone": first.slug, "find_zone": "place 299"})
    assert [zone.slug for zone in response.context["choices"].offered] == ["place-299"]
    body = response.content.decode()
    assert 'name="zone" value="place-299"' in body
    assert client.get("/en/zones/compare/", {"find_zone": "…"}).status_code == 400
