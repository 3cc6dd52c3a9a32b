"""What lies in whose territory: records, parts and pointers, asked of the database and of one row."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import translation

from business_environment.models import Cost, Indicator, IndicatorValue, Policy, TransportLink
from projects.models import Milestone, Project
from records import territories
from records.models import Source, Statement
from tests import factories as make
from tests.records.staff import make_territory, make_user
from zones.models import City, Park, Region, Zone, ZoneRelation

pytestmark = pytest.mark.django_db


class Ground:
    """Two cities, each with a zone and a project; of these, `north` is somebody's and `south` is not."""

    def __init__(self):
        self.north, self.south = make.make_city(slug="north"), make.make_city(slug="south")
        self.own, self.other = (make.make_zone(city=city) for city in (self.north, self.south))
        self.own_sister = make.make_zone(city=self.north)

    def keeper(self, *places, group="editors"):
        user = make_user(group, keeps=places, username=f"keeper-{User.objects.count()}")
        return User.objects.get(pk=user.pk)


@pytest.fixture
def ground():
    return Ground()


def seen(model, user):
    return set(territories.within(model.objects.all(), user))


def agree(model, user):
    """What `within` gives of what is held, after showing that `holds` says the same of each row."""
    rows = seen(model, user)
    assert {row for row in model.objects.all() if territories.holds(row, user)} == rows
    return rows


def test_a_zone_lies_in_itself_and_in_its_city_and_not_where_it_reaches(ground):
    reaching = make.make_zone(city=ground.south, other_cities=[ground.north])

    assert agree(Zone, ground.keeper(ground.own)) == {ground.own}
    assert agree(Zone, ground.keeper(ground.north)) == {ground.own, ground.own_sister}
    assert agree(Zone, ground.keeper(ground.own, ground.south)) == {ground.own, ground.other, reaching}
    assert agree(Zone, ground.keeper("province")) == set(Zone.objects.all())
    assert agree(Zone, ground.keeper()) == set()


def test_a_project_lies_in_its_zone_its_city_and_the_city_of_its_zone(ground):
    in_zone = make.make_project(zone=ground.own)
    in_city = make.make_project(city=ground.north)
    in_both = make.make_project(city=ground.south, zone=ground.own_sister)
    elsewhere = make.make_project(city=ground.south, zone=ground.other)
    reaching = make.make_project(city=ground.south, other_cities=[ground.north], city_guess=ground.north)
    nowhere = make.make_project()

    assert agree(Project, ground.keeper(ground.own)) == {in_zone}
    assert agree(Project, ground.keeper(ground.north)) == {in_zone, in_city, in_both}
    assert agree(Project, ground.keeper(ground.south)) == {in_both, elsewhere, reaching}
    assert agree(Project, ground.keeper("province")) >= {nowhere, elsewhere}


@pytest.mark.parametrize("factory", [make.make_cost, make.make_indicator, make.make_policy])
def test_what_names_cities_lies_where_all_of_them_are_held(ground, factory):
    inside = factory(cities=[ground.north])
    both = factory(cities=[ground.north, ground.south])
    factory(cities=[ground.south])
    factory()
    model = type(inside)

    assert agree(model, ground.keeper(ground.north)) == {inside}
    assert agree(model, ground.keeper(ground.north, ground.south)) >= {inside, both}
    assert agree(model, ground.keeper(ground.own)) == set()
    assert agree(model, ground.keeper("province")) == set(model.objects.all())


def test_a_policy_for_zones_lies_where_all_of_them_are_held(ground):
    own = make.make_policy(zones=[ground.own])
    of_city = make.make_policy(zones=[ground.own, ground.own_sister])
    mixed = make.make_policy(zones=[ground.own], cities=[ground.north])
    make.make_policy(zones=[ground.own, ground.other])

    assert agree(Policy, ground.keeper(ground.own)) == {own}
    assert agree(Policy, ground.keeper(ground.north)) == {own, of_city, mixed}


def test_a_transport_link_lies_in_the_city_of_either_end(ground):
    begins = make.make_transport_link(from_city=ground.north, to_city=ground.south)
    ends = make.make_transport_link(to_city=ground.north)
    make.make_transport_link(cities=[ground.north])

    assert agree(TransportLink, ground.keeper(ground.north)) == {begins, ends}
    assert agree(TransportLink, ground.keeper(ground.own)) == set()


def test_the_rest_is_the_province(ground):
    make.make_region(cities=[ground.north])
    make.make_reform()
    make.make_prerequisite(make.make_procedure(), make.make_procedure())
    province, city = ground.keeper("province"), ground.keeper(ground.north)
    kinds = {Region, *(type(make.make_reform()), type(make.make_procedure()))}

    for model in kinds:
        assert agree(model, city) == set()
        assert agree(model, province) == set(model.objects.all())


def test_parts_and_statements_lie_where_their_record_lies(ground):
    rows = {}
    for name, city, zone in [("own", ground.north, ground.own), ("other", ground.south, ground.other)]:
        project = make.make_project(zone=zone)
        value = make.make_indicator(cities=[city]).values.get()
        rows[name] = {
            Park: make.make_park(zone),
            Milestone: make.make_milestone(project),
            IndicatorValue: value,
        }
        rows[name][Statement] = {make.make_statement(row) for row in (zone, project, value)}
    make.make_zone_relation(ground.other, ground.own)
    relation = make.make_zone_relation(ground.own, ground.other)
    make.make_statement(ground.north)
    user = ground.keeper(ground.north)

    assert agree(ZoneRelation, user) == {relation}
    assert {model: agree(model, user) for model in (Park, Milestone, IndicatorValue)} == {
        model: {rows["own"][model]} for model in (Park, Milestone, IndicatorValue)
    }
    assert agree(Statement, user) == rows["own"][Statement]
    assert len(agree(Statement, ground.keeper("province"))) == 7


def test_what_points_to_a_record_lies_where_it_lies(ground):
    from records.models import Note

    author = ground.keeper(ground.south)
    notes = [Note.objects.create(record=zone, author=author, text="?") for zone in (ground.own, ground.other)]

    assert agree(Note, ground.keeper(ground.north)) == {notes[0]}


def test_everybody_reads_sources_and_changes_those_cited_in_their_territory_alone(ground):
    own, shared, foreign, uncited = (make.make_source() for _number in range(4))
    make.make_statement(ground.own, source=own)
    make.make_statement(ground.own, source=shared)
    make.make_statement(ground.other, source=shared)
    make.make_statement(make.make_region(state="draft"), source=foreign)
    user = ground.keeper(ground.north)

    assert seen(Source, user) == {own, shared, foreign, uncited}
    assert {row for row in Source.objects.all() if territories.holds(row, user)} == {own, uncited}
    assert territories.may_add(Source, user)
    assert not territories.may_add(Source, ground.keeper())
    assert seen(Source, ground.keeper()) == set()


def test_places_and_words_are_read_by_all_and_changed_by_the_province(ground):
    user = ground.keeper(ground.north)

    assert seen(City, user) == {ground.north, ground.south}
    assert not territories.holds(ground.north, user)
    assert territories.holds(ground.north, ground.keeper("province"))
    assert seen(City, ground.keeper()) == set()


def test_who_holds_everything_and_who_nothing(ground):
    root = User.objects.create_superuser("administrator")
    former = ground.keeper("province")
    User.objects.filter(pk=former.pk).update(is_active=False)
    people = [root, User.objects.get(pk=former.pk), AnonymousUser(), ground.keeper()]

    assert [territories.of(one).everywhere for one in people] == [True, False, False, False]
    assert [territories.of(one).is_empty for one in people] == [False, True, True, True]


def test_who_may_begin_what(ground):
    kinds = [Zone, Project, Policy, Cost, Indicator, TransportLink, Region]

    def begun_by(*places):
        user = ground.keeper(*places)
        return [model for model in kinds if territories.may_add(model, user)]

    assert begun_by(ground.own) == [Project, Policy]
    assert begun_by(ground.north) == kinds[:-1]
    assert begun_by("province") == kinds
    assert begun_by() == []


def test_a_new_record_is_held_where_it_would_lie(ground):
    city, zone = ground.keeper(ground.north), ground.keeper(ground.own)

    assert territories.holds(Zone(city=ground.north), city)
    assert not territories.holds(Zone(city=ground.south), city)
    assert not territories.holds(Zone(city=ground.north), zone)
    assert territories.holds(Project(zone=ground.own), zone)
    assert not territories.holds(Project(), city)
    assert territories.holds(Milestone(project=make.make_project(zone=ground.own)), zone)
    assert not territories.holds(Park(zone=ground.other), city)
    assert territories.holds(Statement(record=ground.own), zone)
    assert not territories.holds(Statement(record=ground.other), zone)


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ({"city": "north"}, {"city": "south"}, {"city"}),
        ({"city": "north"}, {"city": None}, {"city"}),
        ({"city": "north"}, {"zone": "own"}, set()),
        ({"city": "north", "zone": "other"}, {"zone": "own"}, {"zone"}),
        ({"city": "south", "zone": "own"}, {"city": "north"}, {"city"}),
        ({"city": "north"}, {"zone": "other"}, {"zone"}),
        ({}, {"city": "north"}, set()),
    ],
)
def test_a_move_needs_both_territories(ground, before, after, refused):
    def places(names):
        return {field: name and getattr(ground, name) for field, name in names.items()}

    project = make.make_project(**places(before))
    user = ground.keeper(ground.north)

    assert set(territories.refusals(project, user, places(after))) == refused
    assert territories.refusals(project, ground.keeper(ground.north, ground.south), places(after)) == {} or (
        after == {"city": None}
    )
    assert territories.refusals(project, ground.keeper("province"), places(after)) == {}


def test_a_keeper_of_a_zone_names_its_city_and_moves_the_zone_nowhere(ground):
    user = ground.keeper(ground.own, ground.other)
    project = make.make_project(zone=ground.own)

    assert territories.refusals(project, user, {"city": ground.north}) == {}
    assert set(territories.refusals(project, user, {"zone": ground.own_sister})) == {"zone"}
    assert set(territories.refusals(ground.own, user, {"city": ground.south})) == {"city"}
    assert territories.refusals(ground.own, user, {"city": ground.north}) == {}


def test_places_of_many_are_refused_one_by_one(ground):
    policy = make.make_policy(cities=[ground.north], zones=[ground.other])
    user = ground.keeper(ground.north)

    assert set(territories.refusals(policy, user, {"cities": [ground.north], "zones": []})) == {"zones"}
    policy.zones.clear()
    assert territories.refusals(policy, user, {"cities": [ground.north], "zones": [ground.own]}) == {}
    assert set(territories.refusals(policy, user, {"cities": [], "zones": []})) == {"cities"}
    assert set(territories.refusals(Policy(), user, {"cities": [ground.south]})) == {"cities"}


def test_one_end_of_a_link_is_enough_and_a_foreign_end_stays(ground):
    user, east = ground.keeper(ground.north), make.make_city()
    link = make.make_transport_link(from_city=ground.north, to_city=ground.south)

    assert territories.refusals(TransportLink(), user, {"from_city": ground.north, "to_city": east}) == {}
    assert set(territories.refusals(link, user, {"to_city": east})) == {"to_city"}
    assert set(territories.refusals(TransportLink(), user, {"to_city": east})) == {"from_city"}


def test_a_refusal_names_the_territory_in_the_language_of_the_reader(ground):
    user = ground.keeper(ground.north)
    make_territory(user, ground.other)

    with translation.override("zh-hans"):
        words = territories.refusals(Project(), user, {})["city"]

    assert words == f"它不在您的负责范围内：{ground.north.name_zh}、{ground.other.name_zh}。"


def test_a_territory_is_read_once_and_costs_one_query_a_list(ground, django_assert_num_queries):
    user = ground.keeper(ground.north, ground.other)
    with django_assert_num_queries(1):
        territories.of(user)
        territories.of(user)
    for model in (Zone, Project, Policy, Milestone, Source):
        with django_assert_num_queries(1):
            list(territories.within(model.objects.all(), user))
