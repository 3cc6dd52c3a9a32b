"""Policies: the list with its filters and its file, and the page of each."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from business_environment.filters import PolicyFilter
from business_environment.models import Policy
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import make_city, make_policy, make_source, make_statement, make_zone

pytestmark = pytest.mark.django_db

LIST = "/en/business-environment/policies/"
Standing = Policy.Standing
TODAY = timezone.localdate()


def partial(text):
    return PartialDate(text) if text else None


def day_in(days):
    """A day some days from today, as a partial date."""
    return PartialDate((TODAY + datetime.timedelta(days=days)).isoformat())


def slugs(query="", queryset=None):
    """Addresses of the policies that the list shows, in its order."""
    rows = Policy.objects.published() if queryset is None else queryset
    filterset = PolicyFilter(data=QueryDict(query), queryset=rows)
    assert filterset.problems() == []
    return [row.slug for row in filterset.sorted_rows()]


def counts(name, query=""):
    """The facet's counts, those above zero."""
    filterset = PolicyFilter(data=QueryDict(query), queryset=Policy.objects.published())
    assert filterset.problems() == []
    found = filterset.facets[name].counts(filterset.rows(leave_out=name))
    return {value: number for value, number in found.items() if number}


def parts(node, tag, css=""):
    """The elements of a kind below another."""
    return [one for one in node.walk() if one.tag == tag and (not css or css in one.get("class", "").split())]


@pytest.fixture
def four():
    """One policy of each standing today."""
    return {
        Standing.IN_FORCE: make_policy(slug="runs", date=day_in(-900), valid_until=day_in(0)),
        Standing.LAPSED: make_policy(slug="over", date=day_in(-900), valid_until=day_in(-1)),
        Standing.NOT_YET: make_policy(slug="to-come", date=day_in(1), valid_until=day_in(900)),
        Standing.NO_END: make_policy(slug="open", date=day_in(0)),
    }


def test_each_standing_is_counted_and_found(four):
    make_policy(state="draft", valid_until=day_in(5))
    assert counts("validity") == dict.fromkeys(Standing, 1)
    for standing, policy in four.items():
        assert slugs(f"validity={standing}") == [policy.slug]
    assert set(slugs("validity=lapsed&validity=not-yet")) == {"over", "to-come"}


def test_list_and_page_say_in_words_where_a_policy_stands(four):
    words = {
        Standing.IN_FORCE: f"In force until {day_in(0)}",
        Standing.LAPSED: f"Lapsed: it was valid until {day_in(-1)}",
        Standing.NOT_YET: f"Not yet in force: from {day_in(1)}",
        Standing.NO_END: "End not stated",
    }
    page = Page(LIST, Client().get(LIST))
    cards = [node for node in page.find("li") if "card" in node.get("class", "").split()]
    listed = {parts(card, "h3")[0].text: parts(card, "span", "status")[0].text for card in cards}
    assert listed == {four[standing].name_en: text for standing, text in words.items()}
    for standing, policy in four.items():
        page = Client().get(policy.get_absolute_url()).content.decode()
        assert words[standing] in page, standing


def test_sorts_put_what_is_not_known_last():
    for slug, date, end in (
        ("a", "2022", "2099"),
        ("b", "2022-04", None),
        ("c", None, "2098-Q1"),
        ("d", "../2006", "2020"),
        ("e", "2023/2024", "2019-05"),
    ):
        make_policy(slug=slug, name_en=slug, date=partial(date), valid_until=partial(end))
    assert slugs() == slugs("sort=latest") == ["e", "b", "a", "d", "c"]
    assert slugs("sort=earliest") == ["d", "a", "b", "e", "c"]
    # What has ended cannot end soon.
    assert slugs("sort=ends-soonest") == ["c", "a", "e", "d", "b"]
    assert slugs("sort=name") == ["a", "b", "c", "d", "e"]


def test_a_place_holds_what_names_the_city_or_a_public_zone_of_it():
    taiyuan, datong = make_city(slug="taiyuan"), make_city(slug="datong")
    make_policy(slug="province")
    make_policy(slug="both", cities=[taiyuan, datong])
    make_policy(slug="zone", zones=[make_zone(city=datong)])
    make_policy(slug="draft-zone", zones=[make_zone(city=datong, state="draft")])
    assert counts("place") == {"taiyuan": 1, "datong": 2, "province": 1}
    assert set(slugs("place=datong")) == {"both", "zone"}
    assert slugs("place=province") == ["province"]
    assert set(slugs("place=taiyuan&place=province")) == {"both", "province"}


def test_topic_and_year_are_counted_with_all_other_filters():
    make_policy(slug="a", topic="trade", date=PartialDate("2021-03"))
    make_policy(slug="b", topic="funds", date=PartialDate("2021-Q4"))
    make_policy(slug="c", topic="funds", date=None)
    assert counts("year") == {"2021": 2, "not-stated": 1}
    assert counts("year", "topic=funds") == {"2021": 1, "not-stated": 1}
    assert counts("topic", "year=2021") == {"trade": 1, "funds": 1}
    assert slugs("year=not-stated") == ["c"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("in_force_on=yesterday", "in_force_on"),
        ("in_force_on=2024-02-30", "in_force_on"),
        ("in_force_on=2024", "in_force_on"),
        ("in_force_on=2024-02-01&in_force_on=2024-02-02", "in_force_on"),
        ("validity=eternal", "validity"),
        ("place=atlantis", "place"),
        ("year=20", "year"),
        ("valid=1", "valid"),
    ],
)
def test_what_is_not_understood_is_named_and_shows_nothing(query, parameter):
    make_policy(name_en="Seen only if asked for")
    page = Client().get(f"{LIST}?{query}")
    assert page.status_code == 400
    assert f"<code>{parameter}</code>" in page.content.decode()
    assert "Seen only if asked for" not in page.content.decode()
    file = Client().get(f"/en/business-environment/policies.csv?{query}")
    assert file.status_code == 400
    assert file.content.decode().splitlines()[1].startswith(f"{parameter}: ")


def test_the_day_stands_in_its_box_and_as_a_chip():
    make_policy()
    page = Page(LIST, Client().get(f"{LIST}?in_force_on=2024-05-01"))
    (box,) = [node for node in page.find("input") if node.get("name") == "in_force_on"]
    assert (box.get("type"), box.get("value")) == ("date", "2024-05-01")
    assert [link for link in page.find("a") if "In force on: 2024-05-01" in link.text]


def lines_of(address):
    text = b"".join(Client().get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_tells_all_of_a_policy_and_of_public_zones_only():
    city = make_city(name_en="Datong")
    zones = [make_zone(city=city, name_en="Public"), make_zone(city=city, name_en="Hidden", state="draft")]
    policy = make_policy(
        slug="one",
        topic="trade",
        cities=[city],
        zones=zones,
        date=PartialDate("2021-Q2"),
        valid_until=day_in(-1),
        validity_en="Two years",
        facts_en="Rent is paid.",
        facts_zh="补贴租金。",
    )
    source = make_source(publisher_en="Daily", title="Rent")
    make_statement(policy, source=source)
    make_policy(state="draft")
    (line,) = lines_of("/en/business-environment/policies.csv")
    assert line == {
        "Address": "one",
        "Name (English)": policy.name_en,
        "Name (Chinese)": policy.name_zh,
        "Topic": "Trade",
        "Date of issue": "2021-Q2",
        "Valid until": day_in(-1).text,
        "Validity in words": "Two years",
        "Validity today": "Lapsed",
        "Cities": "Datong",
        "Zones": "Public",
        "Whole province": "no",
        "What it offers (English)": "Rent is paid.",
        "What it offers (Chinese)": "补贴租金。",
        "Sources": str(source),
        "Checked on": "",
    }


def test_the_page_names_places_points_sources_and_what_is_not_stated():
    city = make_city(name_en="Datong")
    zone = make_zone(city=city)
    policy = make_policy(
        slug="one", cities=[city], zones=[zone], facts_en="First point\nSecond point", date=None
    )
    source = make_source()
    make_statement(policy, source=source)
    page = Page(LIST, Client().get("/en/business-environment/policies/one/"))
    links = {url.removeprefix("http://testserver") for url, _fragment, _node in page.links}
    assert {city.get_absolute_url(), zone.get_absolute_url(), source.get_absolute_url()} <= links
    assert [node.text for node in page.find("li") if "point" in node.text] == ["First point", "Second point"]
    text = page.body.text
    assert "Date of issue not stated" in text
    assert "Valid until not stated" in text
    assert "The whole province" not in text


def test_a_policy_of_no_place_is_for_the_whole_province_and_one_of_hidden_zones_is_not():
    make_policy(slug="all")
    hidden = make_zone(state="draft", name_en="Hidden")
    make_policy(slug="some", zones=[hidden])
    all_of_it = Client().get("/en/business-environment/policies/all/").content.decode()
    some = Client().get("/en/business-environment/policies/some/").content.decode()
    assert "The whole province" in all_of_it
    assert "The whole province" not in some
    assert "Place not stated" in Page(LIST, Client().get(f"{LIST}some/")).body.text
    assert "Hidden" not in some


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("in-review", 404), ("withdrawn", 410)])
def test_what_is_not_public_has_no_page_and_stands_in_no_list(state, status):
    policy = make_policy(name_en="Not to be seen", state=state)
    assert Client().get(policy.get_absolute_url()).status_code == status
    assert "Not to be seen" not in Client().get(LIST).content.decode()
    assert lines_of("/en/business-environment/policies.csv") == []


def test_the_shipped_policies_are_all_listed_each_with_its_sources(shipped_data):
    page = Page(LIST, Client().get(LIST))
    cards = [node for node in page.find("li") if "card" in node.get("class", "").split()]
    assert len(cards) == Policy.objects.count() == 12
    for card in cards:
        assert [link for link in parts(card, "a") if "/sources/" in link.get("href")], card.text
        assert parts(card, "span", "status"), card.text


def test_staff_name_the_zones_of_a_policy(admin_client):
    zone = make_zone()
    fields = {"slug": "new", "name_en": "New", "name_zh": "新", "topic": "trade", "zones": [zone.pk]}
    formset = {
        "records-statement-content_type-object_id-TOTAL_FORMS": 0,
        "records-statement-content_type-object_id-INITIAL_FORMS": 0,
    }
    answer = admin_client.post("/admin/business_environment/policy/add/", fields | formset)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert list(Policy.objects.get(slug="new").zones.all()) == [zone]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("policy", {"cities", "zones"}),
        ("reformcase", {"cities", "zones"}),
        (
            "transportlink",
            {
                *("from_city", "from_latitude", "from_longitude"),
                *("to_city", "to_latitude", "to_longitude", "cities"),
            },
        ),
    ],
)
def test_staff_say_of_which_places_a_record_is(admin_client, kind, fields):
    form = admin_client.get(f"/admin/business_environment/{kind}/add/").context["adminform"].form
    assert fields <= set(form.fields)
