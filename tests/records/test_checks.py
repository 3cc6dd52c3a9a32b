import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from records.checks import Checks, Row, Severity, columns, sources, statements, translations, words
from records.checks.check import parts_of
from records.dates import PartialDate
from records.models import StaleTranslation
from tests.checking import found, state
from tests.factories import make_cost, make_project, make_source, make_zone
from zones.models import Zone

pytestmark = pytest.mark.django_db


def of_area(area):
    return {"area_km2": Decimal(area), "area_kind": "planned"}


def sourced(name, **values):
    return make_source(publisher_en=name, publisher_zh=f"{name}报", **values)


# Columns


def test_a_column_that_its_adopted_statement_repeats_is_no_finding():
    zone = make_zone(**of_area("12.5"), level="national", established=PartialDate("2012-08"))
    state(zone, "area", number=Decimal("12.500000"))
    state(zone, "level", choice="national")
    state(zone, "established", date=PartialDate("2012-08"))
    project = make_project(investment_yuan=5_000_000_000, investment_basis="total")
    state(project, "investment", number=Decimal("5000000000"))
    state(project, "status", choice="signed")
    assert [found(check) for check in columns.CHECKS.values()] == [[], [], []]


def test_a_column_that_differs_from_its_adopted_statement_is_found_with_the_statement_that_agrees():
    zone = make_zone(slug="differs", **of_area("12.5"))
    adopted = state(zone, "area", number=Decimal("13"), source=sourced("Daily"))
    other = state(zone, "area", number=Decimal("12.5"), adopted=False)
    (row,) = columns.column_differs.everything()
    assert (row.record, row.statement, row.other_statement) == (zone, adopted, other)
    assert found(columns.column_differs) == [
        ("differs", "area, km²: the field says 12.5 km², the adopted statement (Daily) says 13 km².")
    ]


@pytest.mark.parametrize(
    ("held", "stated", "message"),
    [
        ({"level": "national"}, ("level", {"choice": "provincial"}), "National level"),
        ({"established": PartialDate("2012")}, ("established", {"date": PartialDate("2012-08")}), "2012"),
    ],
)
def test_lists_and_dates_are_compared_too_and_told_in_words(held, stated, message):
    zone = make_zone(**held)
    state(zone, stated[0], **stated[1])
    ((_slug, words),) = found(columns.column_differs)
    assert f"the field says {message}," in words


def test_a_column_without_a_statement_has_no_source():
    zone = make_zone(slug="no-statement", **of_area("12.5"))
    state(zone, "area", number=Decimal("12.5"), adopted=False)
    assert found(columns.figure_without_source) == [
        ("no-statement", "area, km² is 12.5 km², and no adopted statement says so.")
    ]
    assert found(columns.column_differs) == found(columns.column_empty) == []


def test_an_adopted_statement_without_its_column_is_found():
    state(make_zone(slug="no-column"), "area", number=Decimal("13"), source=sourced("Daily"))
    assert found(columns.column_empty) == [
        ("no-column", "area, km²: the adopted statement (Daily) says 13 km², and the field is empty.")
    ]
    assert found(columns.column_differs) == found(columns.figure_without_source) == []


def test_a_statement_that_is_not_adopted_is_not_compared_and_a_withdrawn_record_is_left_alone():
    zone = make_zone(**of_area("12.5"))
    state(zone, "area", number=Decimal("12.5"))
    state(zone, "area", number=Decimal("99"), adopted=False)
    state(make_zone(**of_area("1"), state="withdrawn"), "area", number=Decimal("2"))
    assert found(columns.column_differs) == []


def test_the_command_names_each_finding_and_fails():
    make_zone(slug="no-statement", **of_area("12.5"))
    state(make_zone(), "area", number=Decimal("1"), adopted=False)
    output = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("check_records", stdout=output)
    assert output.getvalue() == (
        "zones.Zone no-statement: area: area, km² is 12.5 km², and no adopted statement says so.\n"
    )


# Statements


def test_a_figure_ten_times_another_of_the_same_thing_is_found():
    zone = make_zone(slug="slip", **of_area("24"))
    adopted = state(zone, "area", number=Decimal("24"), source=sourced("Daily"))
    other = state(zone, "area", number=Decimal("240"), adopted=False, source=sourced("Weekly"))
    (row,) = statements.ten_times.everything()
    assert (row.statement, row.other_statement) == (adopted, other)
    assert found(statements.ten_times) == [
        ("slip", f"{adopted.aspect}: 24 km² (Daily) and 240 km² (Weekly), at least ten times as much.")
    ]


def test_less_than_ten_times_or_of_another_part_is_no_slip():
    zone = make_zone(**of_area("24"))
    state(zone, "area", number=Decimal("24"))
    state(zone, "area", number=Decimal("239.999999"), adopted=False)
    state(zone, "area", number=Decimal("2"), part_en="first phase", part_zh="一期", adopted=False)
    state(zone, "area-inside", number=Decimal("1"))
    state(make_zone(), "area", number=Decimal("0"), adopted=False)
    assert found(statements.ten_times) == []


def test_the_unit_of_a_cost_is_that_of_the_cost():
    cost = make_cost(slug="power", unit="yuan-per-kwh")
    state(cost, "price", number=Decimal("0.5"), source=sourced("Daily"))
    state(cost, "price", number=Decimal("5"), adopted=False, source=sourced("Weekly"))
    assert "0.5 yuan per kWh (Daily) and 5 yuan per kWh (Weekly)" in found(statements.ten_times)[0][1]


def test_sources_disagree_where_they_speak_of_the_same_time_or_of_none():
    zone = make_zone(slug="disputed")
    year = {"as_of": PartialDate("2020")}
    state(zone, "area", number=Decimal("10"), source=sourced("Daily"), **year)
    same_time = state(zone, "area", number=Decimal("11"), adopted=False, source=sourced("Weekly"), **year)
    undated = state(zone, "area", number=Decimal("12"), adopted=False, as_of=None)
    state(zone, "area", number=Decimal("13"), adopted=False, as_of=PartialDate("2010"))
    state(zone, "area", number=Decimal("10"), adopted=False, as_of=None)
    rows = list(statements.sources_disagree.everything())
    assert {row.other_statement for row in rows} == {same_time, undated}
    assert found(statements.sources_disagree)[0][1].endswith(
        "Daily says 10 km², which is adopted; Weekly says 11 km²."
    )


def test_dates_of_what_happened_once_disagree_whatever_time_they_were_given_for():
    zone = make_zone(established=PartialDate("2017"))
    state(zone, "established", date=PartialDate("2017"), as_of=PartialDate("2020"))
    state(zone, "established", date=PartialDate("2010"), adopted=False, as_of=PartialDate("2023"))
    assert len(found(statements.sources_disagree)) == 1


def test_a_conflict_in_words_is_told_once_and_in_the_readers_language():
    zone = make_zone(slug="noted")
    for position in range(2):
        state(zone, "conflict", text_en="Two areas.", text_zh="两个面积。", position=position)
    assert found(statements.conflict_noted) == [("noted", "Two areas.")]
    with translation.override("zh-hans"):
        assert found(statements.conflict_noted) == [("noted", "两个面积。")]


def test_a_doubt_is_found_while_the_statement_is_adopted():
    zone = make_zone(slug="doubted")
    state(zone, "area", doubt_en="Too much?", doubt_zh="过大？")
    state(zone, "area", doubt_en="Too little?", adopted=False)
    state(zone, "level", choice="national")
    assert [(slug, words.partition(": ")[2]) for slug, words in found(statements.doubted)] == [
        ("doubted", "Too much?")
    ]


# Sources


def test_figures_that_only_copies_bear_out_are_found_together():
    zone = make_zone(slug="copied")
    mirror, graded_c = sourced("Copy", kind="mirror"), sourced("Listing", reliability="C")
    area = state(zone, "area", number=Decimal("5"), source=mirror)
    level = state(zone, "level", choice="national", source=graded_c)
    state(zone, "conflict", text_en="Words count for nothing.", source=mirror)
    labels = ", ".join(
        str(one.aspect.label) for one in sorted((area, level), key=lambda one: one.aspect.order)
    )
    ((slug, message),) = found(sources.mirror_only)
    assert slug == "copied"
    assert (
        message
        == f"Only copies on other sites or sources graded C bear out: {labels}. Look for the originals."
    )


def test_a_copy_beside_a_sound_source_that_says_the_same_is_no_finding():
    zone = make_zone()
    state(zone, "area", number=Decimal("5"), source=sourced("Copy", kind="mirror"))
    state(zone, "area", number=Decimal("5"), adopted=False)
    assert found(sources.mirror_only) == []
    other = make_zone(slug="not-the-same")
    state(other, "area", number=Decimal("5"), source=sourced("Copy", kind="mirror"))
    state(other, "area", number=Decimal("6"), adopted=False)
    assert [slug for slug, _message in found(sources.mirror_only)] == ["not-the-same"]


# Translations


def test_a_text_that_is_behind_its_translation_is_found():
    zone = make_zone(slug="behind", summary_en="Old.", summary_zh="新。")
    kind = ContentType.objects.get_for_model(Zone)
    StaleTranslation.objects.create(
        content_type=kind,
        object_id=zone.pk,
        part_type=kind,
        part_id=zone.pk,
        field="summary",
        language="en",
        since=datetime.datetime(2026, 3, 6, 4, tzinfo=datetime.UTC),
    )
    assert found(translations.translation_behind) == [
        (
            "behind",
            "summary (English): the other language was changed on 6 March 2026, this one (English) was not.",
        )
    ]


# What a check is


def test_a_whole_table_is_looked_at_in_parts():
    zones = [make_zone() for _number in range(5)]
    sizes = [list(part.values_list("pk", flat=True)) for part in parts_of(Zone, size=2)]
    assert sizes == [[zones[0].pk, zones[1].pk], [zones[2].pk, zones[3].pk], [zones[4].pk]]


def test_no_rows_are_no_parts():
    assert list(parts_of(Zone)) == []


@pytest.mark.parametrize(
    "check", [*columns.CHECKS.values(), *statements.CHECKS.values(), *sources.CHECKS.values()]
)
def test_the_number_of_queries_does_not_grow_with_what_is_found(check):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            check.rows(Zone.objects.order_by("pk"))
        return len(captured)

    def bad_zone():
        zone = make_zone(**of_area("3"), level="national")
        state(zone, "area", number=Decimal("4"), doubt_en="?", source=sourced("Copy", kind="mirror"))
        state(zone, "area", number=Decimal("40"), adopted=False)
        state(zone, "established", date=PartialDate("2012"))
        state(zone, "conflict", text_en="Both.")

    bad_zone()
    queries()
    one = queries()
    bad_zone()
    bad_zone()
    assert queries() == one


def test_two_checks_of_one_name_are_refused():
    checks = Checks()
    options = {"of": [Zone], "severity": Severity.NOTE, "title": "T", "message": "M"}
    checks.add("twice", **options)(lambda rows: [])
    with pytest.raises(ValueError, match="two checks named twice"):
        checks.add("twice", **options)(lambda rows: [])


def test_another_name_is_no_other_fact_and_another_number_is():
    zone = make_zone(name_en="Old name")

    def row(number=1):
        return Row(zone, {"other": words.name(zone), "number": words.number(number)})

    before = row().fingerprint
    zone.name_en = "New name"
    assert row().fingerprint == before != row(2).fingerprint
