"""The whole of a record as one value: taken, compared and put back."""

import copy
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from business_environment.models import IndicatorValue, ReformAccount
from records.dates import PartialDate
from records.models import Aspect, Source, State, Statement, record_models
from records.snapshots import differences, fingerprint, put_back, taken, taken_all, whole, without_new_keys
from tests import factories as make
from tests.records.staff import by_name, make_row
from zones.models import Industry, Park, Zone

pytestmark = pytest.mark.django_db

KINDS = [*record_models(), Source, Aspect, Industry]
kinds = pytest.mark.parametrize("model", KINDS, ids=by_name)


def through_json(snapshot):
    return json.loads(json.dumps(snapshot))


def told(model, old, new):
    return [(one.kind, one.label, one.old, one.new) for one in differences(model, old, new)]


@pytest.fixture
def zone():
    """A zone with a figure that two sources give, a park, industries and numbers of every kind."""
    city = make.make_city(name_en="Changzhi", name_zh="长治市")
    zone = make.make_zone(
        city=city,
        area_km2="37.5",
        area_kind="planned",
        established=PartialDate("2001-03"),
        industries=[make.make_industry(name_en="Steel", name_zh="钢铁")],
    )
    area = make.make_aspect(key="area", label_en="Area", unit="km2", column="area_km2")
    paper, office = (make.make_source(publisher_en=name, title="Zones") for name in ("Paper", "Office"))
    make.make_statement(zone, aspect=area, source=paper, number="37.5")
    make.make_statement(zone, aspect=area, source=office, number=239, adopted=False, as_of=None)
    make.make_park(zone, name_en="North park")
    return zone


@kinds
def test_a_snapshot_is_json_and_putting_it_back_changes_nothing(model):
    row = make_row(model)
    if model in record_models():
        make.make_statement(row, number=5)
    before = through_json(taken(row))
    put_back(row, before)
    assert taken(row) == before
    assert differences(model, before, taken(row)) == []


def test_a_snapshot_holds_parts_of_parts_with_their_statements():
    reform = make.make_reform()
    account = reform.accounts.get()
    statement = make.make_statement(account)
    snapshot = taken(reform)
    (row,) = snapshot["children"]["accounts"]
    assert row["pk"] == account.pk
    assert [part["fields"]["label_en"] for part in row["children"]["parts"]] == [
        part.label_en for part in account.parts.all()
    ]
    assert statement.pk in [one["pk"] for one in row["children"]["statements"]]
    assert whole(statement) == whole(account.parts.first()) == reform


def test_many_snapshots_cost_as_many_queries_as_one(zone):
    others = [make.make_zone(city=zone.city, industries=[make.make_industry()]) for _time in range(3)]
    for one in others:
        make.make_park(one), make.make_zone_relation(one, zone), make.make_statement(one)
    make.make_zone_relation(zone, others[0])
    taken(zone)
    with CaptureQueriesContext(connection) as one:
        taken(zone)
    with CaptureQueriesContext(connection) as many:
        taken_all(Zone, [zone.pk, *(other.pk for other in others)])
    assert len(one) == len(many) == 11


def test_what_the_instance_holds_unsaved_is_not_taken(zone):
    zone.area_km2 = 5
    assert taken(zone)["fields"]["area_km2"] == "37.500000"


def test_names_do_not_count_in_the_fingerprint_and_everything_else_does(zone):
    before = taken(zone)
    Source.objects.update(title="Renamed")
    assert fingerprint(taken(zone)) == fingerprint(before)
    assert taken(zone)["names"] != before["names"]
    zone.parks.update(name_en="South park")
    assert fingerprint(taken(zone)) != fingerprint(before)
    assert fingerprint({}) == ""


def test_differences_are_told_in_the_words_of_the_form(zone):
    before = taken(zone)
    paper, office = zone.statements.order_by("pk")
    zone.statements.filter(pk=paper.pk).update(number=239)
    office.delete()
    zone.parks.update(name_en="South park")
    zone.industries.add(make.make_industry(name_en="Coal", name_zh="煤炭"))
    Zone.objects.update(established=None, area_kind="approved")
    after = taken(zone)
    assert told(Zone, before, after) == [
        ("changed", "established", "March 2001", "not stated"),
        ("changed", "kind of area", "planned", "approved"),
        ("changed", "leading industries", "Steel", "Steel, Coal"),
        ("changed", "Park “South park”: name (English)", "North park", "South park"),
        ("changed", "Statement “Area” of Paper: Zones: number", "37.5", "239"),
        (
            "removed",
            "Statement “Area” of Office: Zones",
            "aspect: Area; source: Office: Zones; number: 239",
            "",
        ),
    ]
    keys = [row["pk"] for row in before["children"]["statements"]]
    paths = [one.path for one in differences(Zone, before, after)]
    assert paths[-2:] == [f"statements/{keys[0]}/number", f"statements/{keys[1]}"]
    with override("zh-hans"):
        assert told(Zone, before, after)[2] == ("changed", "主导产业", "钢铁", "钢铁, 煤炭")


def test_a_row_made_anew_with_the_same_words_is_no_difference(zone):
    before = taken(zone)
    park = zone.parks.get()
    Park.objects.filter(pk=park.pk).delete()
    park.pk = None
    park.save()
    after = taken(zone)
    assert fingerprint(after) != fingerprint(before)
    assert differences(Zone, before, after) == []


def test_a_field_that_a_snapshot_does_not_know_is_no_difference_and_stays(zone):
    old = taken(zone)
    del old["fields"]["website"], old["children"]["parks"]
    Zone.objects.update(website="https://example.org", area_km2=5)
    new = taken(zone)
    assert [one.path for one in differences(Zone, old, new)] == ["area_km2"]
    put_back(zone, old)
    assert (zone.website, zone.area_km2, zone.parks.count()) == ("https://example.org", 37.5, 1)


def test_put_back_restores_rows_with_their_keys_and_leaves_the_state_alone(zone):
    before = taken(zone)
    first, second = zone.statements.order_by("pk")
    # The other statement is adopted, so each wants the place of the other on the way back.
    Statement.objects.filter(pk=first.pk).update(adopted=False)
    Statement.objects.filter(pk=second.pk).update(adopted=True)
    make.make_statement(zone, aspect=make.make_aspect(), number=5)
    zone.parks.all().delete()
    zone.industries.clear()
    Zone.objects.update(state=State.PUBLISHED, area_km2=239, established=None)
    put_back(zone, before)
    after = taken(zone)
    assert after["fields"].pop("state") == State.PUBLISHED
    before["fields"].pop("state")
    assert after == before
    assert zone.area_km2 == 37.5


def test_a_deleted_statement_comes_back_under_its_key_while_that_is_free(zone):
    before = taken(zone)
    keys = [row["pk"] for row in before["children"]["statements"]]
    zone.statements.all().delete()
    other = make.make_zone()
    Statement.objects.create(
        pk=keys[0], record=other, aspect=make.make_aspect(), source=make.make_source(), number=1
    )
    put_back(zone, before)
    new, old = sorted(zone.statements.values_list("pk", flat=True), reverse=True)
    assert old == keys[1]
    assert new not in keys
    assert list(other.statements.values_list("pk", flat=True)) == [keys[0]]
    assert differences(Zone, before, taken(zone)) == []


def test_rows_of_a_wish_that_was_rolled_back_are_made_under_new_keys(zone):
    base = taken(zone)
    wanted = copy.deepcopy(base)
    wanted["children"]["parks"].append({**wanted["children"]["parks"][0], "pk": 999})
    wanted["children"]["parks"][1]["fields"] = {**wanted["children"]["parks"][0]["fields"], "name_en": "East"}
    wanted = without_new_keys(wanted, base)
    assert [row["pk"] for row in wanted["children"]["parks"]] == [base["children"]["parks"][0]["pk"], -1]
    put_back(zone, wanted)
    assert list(zone.parks.order_by("pk").values_list("name_en", flat=True)) == ["North park", "East"]
    assert all(pk > 0 for pk in zone.parks.values_list("pk", flat=True))


def test_what_is_gone_is_named_and_nothing_is_written(zone):
    before = taken(zone)
    paper = zone.statements.get(adopted=True).source
    zone.statements.filter(source=paper).delete()
    paper.delete()
    Zone.objects.update(area_km2=5)
    zone.industries.all().delete()
    now = taken(zone)
    with pytest.raises(ValidationError) as caught:
        put_back(zone, before)
    assert caught.value.messages == [
        "Leading industries: “Steel” is not there any more.",
        "Source: “Paper: Zones” is not there any more.",
    ]
    assert taken(zone) == now


def test_a_deleted_user_does_not_stop_it(zone, django_user_model):
    user = django_user_model.objects.create_user("li")
    zone.statements.update(checked_by=user)
    before = taken(zone)
    user.delete()
    put_back(zone, before)
    assert set(zone.statements.values_list("checked_by", flat=True)) == {None}


def test_every_rule_that_it_breaks_is_named_and_nothing_is_written(zone):
    wrong = taken(zone)
    wrong["fields"] |= {"name_en": "", "name_zh": "", "area_km2": "0"}
    wrong["children"]["statements"][0]["fields"]["number_max"] = "1"
    now = taken(zone)
    with pytest.raises(ValidationError) as caught:
        put_back(zone, wrong)
    assert caught.value.messages == [
        "Give a name in at least one language.",
        "An unknown area is left empty, never zero.",
        "Statement “Area” of Paper: Zones: The upper end lies below the lower one.",
    ]
    assert taken(zone) == now


def test_a_row_that_another_record_needs_is_not_removed():
    indicator = make.make_indicator(values=1)
    before = taken(indicator)
    value = make.make_indicator(values=1).values.get()
    IndicatorValue.objects.filter(pk=value.pk).update(indicator=indicator)
    reform = make.make_reform(claim_before=value, claim_after=value)
    with pytest.raises(ValidationError) as caught:
        put_back(indicator, before)
    assert caught.value.messages == [f"Value: it cannot be removed, as {reform} refers to it."]


def test_a_snapshot_of_another_record_is_refused(zone):
    with pytest.raises(ValidationError):
        put_back(make.make_zone(), taken(zone))


def test_the_account_of_a_reform_keeps_its_key_when_it_comes_back():
    reform = make.make_reform()
    before, key = taken(reform), reform.accounts.get().pk
    ReformAccount.objects.all().delete()
    put_back(reform, before)
    assert reform.accounts.get().pk == key
    assert taken(reform) == before
