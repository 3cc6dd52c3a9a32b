"""The forms and pages of the administration end at the territory of whoever uses them."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from projects.models import Project
from records.models import Source, State
from tests import factories as make
from tests.records.staff import act, form_data, make_user, page, said
from zones.models import Zone

pytestmark = pytest.mark.django_db

NOT_YOURS = "This is not in your territory, or is not there any more."


@pytest.fixture
def places():
    """Two cities with a zone each; the editor who is signed in by `keeping` has the first of them."""
    cities = make.make_city(name_en="Northtown"), make.make_city(name_en="Southtown")
    return [(city, make.make_zone(city=city)) for city in cities]


def keeping(client, *kept, group="editors"):
    user = make_user(group, keeps=kept)
    client.force_login(user)
    return User.objects.get(pk=user.pk)


def errors(response, field):
    return list(response.context["adminform"].form.errors.get(field, []))


def new_zone(client, city):
    data = form_data(client.get(page(Zone, "add")))
    names = {"name_en": "New zone", "name_zh": "新开发区", "slug": "new-zone", "type": "other"}
    return client.post(page(Zone, "add"), data | names | {"city": city.pk})


def test_an_editor_of_a_city_adds_zones_there_and_nowhere_else(client, places):
    (city, _zone), (other, _other_zone) = places
    keeping(client, city)

    refused = new_zone(client, other)
    assert errors(refused, "city") == [NOT_YOURS]
    assert 'value="New zone"' in refused.text
    assert new_zone(client, city).status_code == 302
    assert Zone.objects.get(slug="new-zone").city == city


def test_an_editor_of_a_zone_adds_no_zones(client, places):
    keeping(client, places[0][1])

    assert client.get(page(Zone, "add")).status_code == 403


def test_a_project_stays_where_its_editor_can_follow(client, places):
    (city, zone), (other, other_zone) = places
    project = make.make_project(city=city, state=State.DRAFT)
    keeping(client, city)
    data = form_data(client.get(page(project, "change")))

    def moved(**values):
        return client.post(page(project, "change"), data | values)

    assert errors(moved(zone=other_zone.pk), "zone") == [NOT_YOURS]
    assert errors(moved(city=other.pk), "city") == [NOT_YOURS]
    assert errors(moved(city=""), "city") == ["It would not lie in your territory: Northtown."]
    assert Project.objects.get().city == city
    assert moved(zone=zone.pk, city="").status_code == 302
    assert Project.objects.get().zone == zone


def test_what_somebody_else_put_there_is_not_taken_away(client, places):
    (city, _zone), (_other, other_zone) = places
    project = make.make_project(city=city, zone=other_zone, state=State.DRAFT)
    keeping(client, city)
    data = form_data(client.get(page(project, "change")))

    kept = client.post(page(project, "change"), data | {"company_en": "A company"})
    refused = client.post(page(project, "change"), data | {"zone": ""})

    assert kept.status_code == 302
    words = f"{other_zone} is not in your territory. Ask somebody who keeps both places to change this."
    assert errors(refused, "zone") == [words]
    assert Project.objects.get().zone == other_zone
    assert Project.objects.get().company_en == "A company"


def test_cities_of_a_policy_end_at_the_territory(client, places):
    (city, zone), (other, _other_zone) = places
    policy = make.make_policy(cities=[city], state=State.DRAFT)
    keeping(client, city)
    data = form_data(client.get(page(policy, "change")))

    def sent(**values):
        return client.post(page(policy, "change"), data | values)

    assert errors(sent(cities=[city.pk, other.pk]), "cities") == [NOT_YOURS]
    assert errors(sent(cities=[]), "cities") == ["It would not lie in your territory: Northtown."]
    assert sent(cities=[], zones=[zone.pk]).status_code == 302
    assert set(policy.zones.all()) == {zone}


def test_other_fields_name_what_lies_inside_or_was_named_before(client, places):
    (city, zone), (_other, other_zone) = places
    strange = make.make_zone(city=places[1][0], state=State.DRAFT)
    zone.part_of = other_zone
    zone.state = State.DRAFT
    zone.save()
    keeping(client, city)
    data = form_data(client.get(page(zone, "change")))

    assert client.post(page(zone, "change"), data).status_code == 302
    refused = client.post(page(zone, "change"), data | {"part_of": strange.pk})
    assert errors(refused, "part_of") == [NOT_YOURS]


def test_the_address_of_an_add_page_names_no_draft_of_another_territory(client, places):
    (city, zone), (other, _other_zone) = places
    strange = make.make_zone(city=other, name_en="Secret plan", state=State.DRAFT)
    keeping(client, city)

    for model, field in ((Zone, "part_of"), (Project, "zone")):
        for named, is_there in ((zone, True), (strange, False)):
            html = client.get(page(model, "add"), {field: named.pk}).text
            assert (str(named) in html) == is_there
    html = client.get(reverse("admin:zones_park_add"), {"zone": strange.pk}).text
    assert "Secret plan" not in html


def test_a_part_is_added_to_what_is_kept_alone(client, places):
    (_city, zone), (_other, other_zone) = places
    keeping(client, zone)
    add = reverse("admin:zones_park_add")
    data = {"name_en": "A park", "name_zh": "园区"}

    assert errors(client.post(add, data | {"zone": other_zone.pk}), "zone") == [NOT_YOURS]
    assert other_zone.parks.count() == 0


def test_an_action_leaves_alone_what_lies_outside(client, places):
    (city, _zone), (other, _other_zone) = places
    own, strange = (make.make_project(city=one, state=State.DRAFT) for one in (city, other))
    keeping(client, city)
    response = act(client, "submit_for_review", own, strange)

    assert said(response) == ["1 record is in review."]
    assert Project.objects.get(pk=strange.pk).state == State.DRAFT


def test_what_lies_outside_answers_as_what_does_not_exist(client, places):
    (city, _zone), (_other, other_zone) = places
    keeping(client, city)

    def answer(key):
        texts = []
        for role in ("change", "history", "delete"):
            response = client.get(reverse(f"admin:zones_zone_{role}", args=[key]), follow=True)
            texts.append([text.replace(str(key), "KEY") for text in said(response)])
        return texts

    assert answer(other_zone.pk) == answer(987654)
    assert "doesn’t exist" in answer(other_zone.pk)[0][0]


def test_a_source_names_no_draft_of_another_territory(client, places):
    (city, zone), (other, _other_zone) = places
    secret = make.make_zone(city=other, name_en="Secret zone", state=State.DRAFT)
    source = make.make_source()
    make.make_statement(zone, source=source)
    make.make_statement(secret, source=source)
    keeping(client, city)
    response = client.get(page(source, "change"))

    assert zone.name_en in response.text
    assert "Secret zone" not in response.text
    assert client.post(page(source, "change"), {"title": "Mine"}).status_code == 403
    assert Source.objects.get(pk=source.pk).title == source.title


def test_no_list_names_a_draft_in_its_filters(client, places):
    reform = make.make_reform(state=State.DRAFT, name_en="Secret reform")
    keeping(client, places[0][0])

    for rows in ("reformaccount", "accountpart", "reformevent", "legaltext", "reformcase"):
        response = client.get(reverse(f"admin:business_environment_{rows}_changelist"))
        assert response.status_code == 200
        assert reform.name_en not in response.text


def test_a_person_without_a_territory_finds_every_list_empty_and_adds_nothing(client, places):
    make.make_statement(places[0][1])
    make.make_project(city=places[0][0])
    keeping(client, group="publishers")

    for name in ("zones_zone", "projects_project", "records_source", "records_statement", "zones_city"):
        response = client.get(reverse(f"admin:{name}_changelist"))
        assert list(response.context["cl"].result_list) == []
        assert client.get(reverse(f"admin:{name}_add")).status_code == 403


def test_the_territory_costs_a_form_one_query(client, places, django_assert_max_num_queries):
    (city, _zone), _others = places
    project = make.make_project(city=city, state=State.DRAFT)
    counts = {}
    for kept in (["province"], [city]):
        user = make_user("editors", keeps=kept, username=f"of-{kept}"[:20])
        client.force_login(user)
        client.get(page(project, "change"))
        with django_assert_max_num_queries(80) as queries:
            assert client.get(page(project, "change")).status_code == 200
        counts[str(kept)] = len(queries)

    assert max(counts.values()) - min(counts.values()) <= 8


def test_the_address_of_a_new_row_names_nothing_of_others(client, places):
    (city, _zone), (other, _other_zone) = places
    strange = make.make_zone(city=other, state=State.DRAFT, name_en="Secret Valley")
    keeping(client, city)
    for model, field in [(Project, "zone"), (Zone, "part_of")]:
        assert "Secret Valley" not in client.get(f"{page(model, 'add')}?{field}={strange.pk}").text
