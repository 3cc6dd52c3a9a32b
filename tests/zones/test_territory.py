"""Territories as rows, the places without an editor, and what is said to whoever takes the last one away."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from tests import factories as make
from tests.records.staff import form_data, make_territory, make_user, said
from zones.models import City, Territory
from zones.unattended import left_alone, province_is_unattended, unattended

pytestmark = pytest.mark.django_db


def places():
    return [(one.city, *one.zones) for one in unattended()]


def users_page(user, role="change"):
    return reverse(f"admin:auth_user_{role}", args=[] if role in ("add", "changelist") else [user.pk])


@pytest.mark.parametrize("values", [{}, {"province", "city"}, {"zone", "city"}, {"province", "zone"}])
def test_a_territory_is_one_place(values):
    city = make.make_city()
    all_places = {"province": True, "city": city, "zone": make.make_zone(city=city)}
    territory = Territory(user=make_user("editors", keeps=[]), **{name: all_places[name] for name in values})

    with pytest.raises(ValidationError, match="one of them"):
        territory.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        territory.save()


@pytest.mark.parametrize("kind", ["province", "city", "zone"])
def test_nobody_has_the_same_territory_twice(kind):
    user, place = make_user("editors", keeps=[]), "province"
    if kind != "province":
        place = getattr(make, f"make_{kind}")()
    first = make_territory(user, place)

    with pytest.raises(ValidationError, match="already"):
        Territory(user=user, zone=first.zone, city=first.city, province=first.province).full_clean()
    assert make_territory(make_user("publishers", keeps=[]), place).pk


def test_a_territory_is_called_by_its_place():
    user, city = make_user("editors"), make.make_city()

    assert str(user.territories.get()) == "the whole province"
    assert str(make_territory(user, city)) == city.name_en
    with translation.override("zh-hans"):
        assert [str(one) for one in user.territories.all()] == ["全省", city.name_zh]


def test_a_city_with_public_zones_and_no_active_editor_is_named():
    kept, lone, empty = (make.make_city() for _number in range(3))
    make.make_zone(city=kept)
    first, second = make.make_zone(city=lone), make.make_zone(city=lone)
    make.make_zone(city=empty, state="draft")
    make_user("editors", keeps=[kept, second])
    make_user("publishers", keeps=["province"])

    assert places() == [(lone, first)]
    make_user("editors", keeps=[first], username="another")
    assert places() == [(lone,)]


@pytest.mark.parametrize(
    ("change", "counts"),
    [({}, True), ({"is_active": False}, False), ({"is_staff": False}, False), ({"groups": []}, False)],
)
def test_only_who_can_work_keeps_a_place(change, counts):
    zone, user = make.make_zone(), make_user("editors", keeps=["province"])
    make_territory(user, zone.city)
    if "groups" in change:
        user.groups.clear()
    else:
        User.objects.filter(pk=user.pk).update(**change)

    assert (places() == []) == counts
    assert province_is_unattended() != counts


def test_unattended_places_cost_two_queries(django_assert_num_queries):
    for _number in range(3):
        make.make_zone(city=make.make_city())
        with django_assert_num_queries(2):
            assert unattended()


def test_what_is_left_alone_is_named_once():
    city = make.make_city()
    zone = make.make_zone(city=city)
    user = make_user("editors", keeps=[city, zone])
    before = unattended()
    Territory.objects.filter(user=user, city=city).delete()
    between = unattended()
    Territory.objects.filter(user=user).delete()
    after = unattended()

    assert left_alone(before, between) == [city.name_en]
    assert left_alone(between, after) == [zone.name_en]
    assert left_alone(before, after) == [city.name_en]
    assert left_alone(after, after) == []


# The page of a person


@pytest.fixture
def keeper(client):
    """The last editor of a city, before an administrator who is signed in."""
    client.force_login(make_user(is_superuser=True))
    return make_user("editors", keeps=[make.make_zone().city])


WARNING = "has no editor now. Appoint one."


def test_whoever_deactivates_the_last_editor_of_a_city_is_told(client, keeper):
    city = keeper.territories.get().city
    data = form_data(client.get(users_page(keeper)))
    data.pop("is_active")
    response = client.post(users_page(keeper), data, follow=True)

    assert f"{city.name_en} {WARNING}" in said(response)
    assert not User.objects.get(pk=keeper.pk).is_active


def test_whoever_deletes_the_last_editor_of_the_province_is_told(client, keeper):
    other = make_user("publishers")
    response = client.post(users_page(other, "delete"), {"post": "yes"}, follow=True)

    assert f"the whole province {WARNING}" in said(response)


def test_whoever_deletes_several_in_the_list_is_told(client, keeper):
    data = {"action": "delete_selected", "_selected_action": [keeper.pk], "post": "yes"}
    response = client.post(users_page(keeper, "changelist"), data, follow=True)

    assert f"{City.objects.get()} {WARNING}" in said(response)


def test_nobody_is_told_of_a_place_that_somebody_else_keeps(client, keeper):
    make_user("publishers", keeps=[keeper.territories.get().city])
    response = client.post(users_page(keeper, "delete"), {"post": "yes"}, follow=True)

    assert not [text for text in said(response) if "no editor" in text]


def test_an_editor_saved_without_territory_or_group_is_pointed_out(client, keeper):
    keeper.territories.all().delete()
    keeper.groups.clear()
    data = form_data(client.get(users_page(keeper)))
    response = client.post(users_page(keeper), data, follow=True)

    assert "editors keeps no territory, and so sees and changes nothing." in said(response)
    assert "editors is in no group, and so may do nothing." in said(response)


def test_a_territory_is_given_on_the_page_of_a_person_and_once_only(client, keeper):
    page = client.get(users_page(keeper))
    city = make.make_city()
    data = form_data(page) | {"territories-TOTAL_FORMS": "3"}
    data |= {"territories-1-city": city.pk, "territories-1-user": keeper.pk}
    twice = data | {"territories-2-city": city.pk, "territories-2-user": keeper.pk}

    assert "This person has this territory already." in client.post(users_page(keeper), twice).text
    client.post(users_page(keeper), data)
    assert {row.city for row in keeper.territories.all()} == set(City.objects.all())


def test_the_list_of_people_says_what_they_keep(client, keeper, django_assert_max_num_queries):
    city = keeper.territories.get().city
    make_user("publishers")
    with django_assert_max_num_queries(14):
        response = client.get(users_page(keeper, "changelist"))

    kept = re.findall(r'<td class="field-territory_names">(.*?)</td>', response.text)
    assert kept == [city.name_en, "the whole province", "the whole province"]


def test_a_draft_that_somebody_keeps_is_not_deleted(client):
    zone = make.make_zone(state="draft")
    keeper = make_user("editors", keeps=[zone])
    client.force_login(make_user("editors", keeps=[zone.city], username="other"))
    page = reverse("admin:zones_zone_delete", args=[zone.pk])
    assert "would require deleting the following protected related objects" in client.get(page).text
    client.post(page, {"post": "yes"})
    assert keeper.territories.get().zone == zone
