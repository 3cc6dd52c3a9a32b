"""Whatever changes a record: the index says what the plain path says."""

import pytest
from django.db.models import F

from listings.index import building, memory
from projects.models import Project
from tests import factories as make
from tests.listings import indexing
from tests.listings.index_rows import NAMES, SUMMARIES, WITHDRAWN, make_projects, seeded, shape
from tests.listings.indexing import QUERIES, assert_exact, build, by_index, plainly, sql
from zones.models import City, Industry, Zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def projects():
    """The rows of `index_rows`, and their index."""
    rows = make_projects()
    build()
    return rows


@pytest.fixture
def graceless(monkeypatch):
    """Old builds go at once."""
    monkeypatch.setattr(building, "GRACE", 0)


def test_as_it_was_built(projects):
    assert_exact(QUERIES)
    public = [row for row in projects if row.state == "published"]
    assert by_index("sort=name")["total"] == (len(public), len(public))


CHANGES = {
    "save": lambda row: Project(**fields_of(row) | {"name_en": "A new name", "investment_yuan": None}).save(),
    "create": lambda row: make.make_project(name_en="zinc", city=row.city, sector=row.sector),
    "publish": lambda row: publish(Project.objects.filter(state="draft").first()),
    "withdraw": lambda row: withdraw(row),
    "unpublish": lambda row: Project.objects.filter(pk=row.pk).update(state="draft"),
    "delete a draft": lambda row: Project.objects.filter(state="draft").first().delete(),
    "delete drafts": lambda row: Project.objects.filter(state="draft").delete(),
    "delete a public one past the rules": lambda row: sql(
        "DELETE FROM projects_project WHERE id = %s", row.pk
    ),
    "bulk_create": lambda row: Project.objects.bulk_create(
        Project(**fields_of(row) | {"id": None, "slug": f"copy-{number}"}) for number in range(5)
    ),
    "bulk_update": lambda row: bulk_update(),
    "update": lambda row: Project.objects.filter(status="signed").update(status="operational"),
    "update by an expression": lambda row: Project.objects.filter(investment_yuan__gt=1).update(
        investment_yuan=F("investment_yuan") - 1
    ),
    "raw SQL": lambda row: sql("UPDATE projects_project SET status_on = '2025' WHERE id % 3 = 0"),
    "another key": lambda row: sql("UPDATE projects_project SET id = 100000 WHERE id = %s", row.pk),
    "a city renamed": lambda row: City.objects.filter(slug="taiyuan").update(
        name_en="Zincville", name_zh="锌城"
    ),
    "a city spelt in another way": lambda row: City.objects.update(other_spellings="Steelton"),
    "a city with another address": lambda row: City.objects.filter(slug="taiyuan").update(slug="t-yuan"),
    "a sector renamed": lambda row: Industry.objects.filter(slug="coal").update(
        name_en="Mining", name_zh="采矿"
    ),
    "a zone withdrawn": lambda row: withdraw(row.zone),
    "a zone published": lambda row: Zone.objects.update(state="published"),
    "a zone left by its last project": lambda row: Project.objects.filter(zone=row.zone).update(zone=None),
    "nothing": lambda row: Project.objects.update(name_en=F("name_en")),
    "all gone": lambda row: Project.objects.update(state="draft"),
}


def fields_of(row):
    """The values of its columns."""
    return {field.attname: getattr(row, field.attname) for field in Project._meta.concrete_fields}


def publish(row):
    row.state = "published"
    row.save()


def withdraw(row):
    for name, value in WITHDRAWN.items():
        setattr(row, name, value)
    row.save()


def bulk_update():
    rows = list(Project.objects.order_by("pk")[:20])
    for row, other in zip(rows, reversed(rows), strict=True):
        row.investment_yuan, row.investment_basis = other.investment_yuan, other.investment_basis
    Project.objects.bulk_update(rows, ["investment_yuan", "investment_basis"])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_way_of_changing_a_record_is_followed(projects, change):
    # The process holds the state before.
    # Where the city has another address, or nothing has a year, that is no value any more.
    queries = [query for query in QUERIES if "city=taiyuan" not in query and "year" not in query]
    before = plainly("")
    assert by_index("") == before
    row = next(row for row in projects if row.state == "published" and row.zone and row.zone.is_public)
    change(row)
    assert_exact(queries)
    # So does one that begins now.
    memory.forget()
    assert_exact(queries[::4])


def test_a_withdrawn_zone_is_not_stated(projects):
    zone = next(row.zone for row in projects if row.state == "published" and row.zone and row.zone.is_public)
    before = by_index("")["counts"]["zone"]
    withdraw(zone)
    after = by_index("")["counts"]["zone"]
    assert zone.slug not in after
    assert after["not-stated"] == before["not-stated"] + before[zone.slug]
    assert indexing.filterset(f"zone={zone.slug}").problems() != []


# Many changes


def steps(rows):
    """Changes to choose from, each of a few records at random."""

    def some(chance):
        return Project.objects.filter(pk__in=chance.sample(rows, chance.choice([1, 1, 2, 9])))

    return [
        lambda chance: some(chance).update(**shape(chance)),
        lambda chance: some(chance).update(name_en=chance.choice(NAMES), name_zh="锌矿"),
        lambda chance: some(chance).update(summary_zh=chance.choice(SUMMARIES)),
        lambda chance: some(chance).update(city=chance.choice([*City.objects.all(), None])),
        lambda chance: some(chance).update(zone=chance.choice([*Zone.objects.all(), None])),
        lambda chance: some(chance).update(state="published"),
        lambda chance: some(chance).update(**WITHDRAWN),
        lambda chance: some(chance).filter(state="draft").delete(),
        lambda chance: some(chance).update(state="draft"),
        lambda chance: make.make_project(sector=chance.choice(Industry.objects.all()), **shape(chance)),
        lambda chance: City.objects.filter(slug="datong").update(name_en=chance.choice(NAMES)),
        lambda chance: Zone.objects.update(state=chance.choice(["draft", "published"])),
    ]


def test_after_two_hundred_changes_in_a_row_it_is_still_exact(projects, graceless):
    chance = seeded(11)
    changes = steps([row.pk for row in projects])
    for step in range(200):
        chance.choice(changes)(chance)
        if step % 3 == 0:
            query = chance.choice(QUERIES)
            assert by_index(query) == plainly(query), (step, query)
        if step == 120:
            build()
    assert_exact(QUERIES)
