from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from desk import findings, nightly
from desk.checks import CHECKS
from desk.models import Finding
from records import history
from records.checks import Check, Row, Severity
from records.checks.words import number, plain
from records.models import Route
from tests.checking import state
from tests.factories import make_city, make_indicator, make_source, make_zone
from zones.models import Zone

pytestmark = pytest.mark.django_db


def check(name="level-not-stated"):
    return [CHECKS[name]]


def areas_differ(**values):
    """A zone whose area is 12 km² in its column and 13 in its adopted statement."""
    zone = make_zone(level="national", area_km2=Decimal("12"), area_kind="planned", **values)
    state(zone, "level", choice="national")
    state(zone, "area", number=Decimal("13"))
    return zone


def open_findings():
    return [(one.check_name, one.record) for one in Finding.objects.open()]


def look():
    return findings.run(check("column-differs"))


# Running


def test_what_is_found_is_kept_once_and_says_when_it_was_first_and_last_seen():
    zone = areas_differ()
    summary = look()
    first = Finding.objects.get()
    assert (first.record, first.subject, first.severity) == (zone, "area", Severity.ERROR)
    assert (summary.open, summary.new, summary.gone, summary.failed) == (1, 1, 0, {})
    summary = look()
    again = Finding.objects.get()
    assert (again.pk, again.first_seen) == (first.pk, first.first_seen)
    assert again.last_seen > first.last_seen
    assert (summary.open, summary.new, summary.gone) == (1, 0, 0)


def test_what_is_no_longer_so_is_gone_and_comes_back_as_the_same_finding():
    zone = areas_differ()
    look()
    Zone.objects.update(area_km2=Decimal("13"))
    assert (look().gone, open_findings()) == (1, [])
    gone = Finding.objects.get()
    assert gone.gone_at is not None
    Zone.objects.update(area_km2=Decimal("12"))
    assert (look().new, open_findings()) == (1, [("column-differs", zone)])
    assert Finding.objects.get().pk == gone.pk


def test_findings_of_deleted_and_withdrawn_records_and_of_checks_there_are_no_more_are_gone():
    make_zone(state="draft")
    make_zone()
    findings.run(check())
    Zone.objects.filter(state="draft").delete()
    Zone.objects.update(
        state="withdrawn", withdrawn_on=timezone.localdate(), withdrawn_reason_en="It was counted twice."
    )
    assert findings.run(check()).gone == 2
    Finding.objects.update(gone_at=None, check_name="of-old")
    assert findings.run([]).gone == 2
    assert open_findings() == []


def test_another_check_that_was_not_run_keeps_its_findings():
    areas_differ()
    look()
    findings.run(check())
    assert [name for name, _record in open_findings()] == ["column-differs"]


def test_a_check_that_fails_is_named_and_the_others_go_on():
    areas_differ()
    look()

    def fail(rows):
        raise ZeroDivisionError("by nothing")

    failing = Check("column-differs", [Zone], Severity.ERROR, "T", "M", (), fail)
    make_zone()
    summary = findings.run([failing, *check()])
    assert summary.failed == {"column-differs": "by nothing"}
    assert sorted(name for name, _record in open_findings()) == ["column-differs", "level-not-stated"]


def test_a_long_table_costs_as_many_queries_for_three_findings_as_for_one():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            findings.run(check())
        return len(captured)

    make_zone()
    queries()
    one = queries()
    make_zone()
    make_zone()
    queries()
    assert queries() == one


def test_all_checks_run_on_nothing_and_on_every_kind_of_record():
    assert findings.run().failed == {}
    areas_differ()
    make_indicator()
    make_source()
    assert findings.run().failed == {}


# Words and answers


def test_the_message_is_in_the_language_of_whoever_reads_it():
    make_zone()
    findings.run(check())
    finding = Finding.objects.get()
    assert (finding.title, finding.message) == (
        "Level not stated",
        "No source has been found that states its level.",
    )
    with translation.override("zh-hans"):
        assert (finding.title, finding.message) == ("级别未注明", "尚未找到注明其级别的来源。")


def test_every_check_has_its_words_in_chinese():
    with translation.override("zh-hans"):
        left = [one.name for one in CHECKS.values() if str(one.title).isascii() or str(one.message).isascii()]
    # Some messages are nothing but what an editor has written.
    assert set(left) <= {"conflict-noted", "value-doubt", "doubt"}
    with translation.override("zh-hans"):
        assert [one.name for one in CHECKS.values() if str(one.title).isascii()] == []


def test_the_answers_are_those_of_the_check_and_of_what_was_found():
    zone = areas_differ()
    look()
    assert Finding.objects.get().answers == ["dismiss"]
    other = state(zone, "area", number=Decimal("12"), adopted=False)
    look()
    finding = Finding.objects.get()
    assert (finding.answers, finding.other_statement) == (["adopt_other", "dismiss"], other)
    state(make_zone(), "area", doubt_en="Sure?")
    findings.run(check("doubt"))
    assert Finding.objects.get(check_name="doubt").answers == ["still_true", "dismiss"]


def test_a_dismissal_holds_while_the_facts_are_the_same(admin_user):
    areas_differ()
    look()
    findings.dismiss(Finding.objects.get(), by=admin_user, why=" Measured anew. ")
    look()
    finding = Finding.objects.get()
    assert (finding.dismissed_by, finding.dismissed_why, finding.is_open) == (
        admin_user,
        "Measured anew.",
        False,
    )
    assert (open_findings(), list(Finding.objects.dismissed())) == ([], [finding])


def test_a_dismissal_ends_when_the_facts_change(admin_user):
    zone = areas_differ()
    look()
    findings.dismiss(Finding.objects.get(), by=admin_user, why="Measured anew.")
    Zone.objects.update(area_km2=Decimal("12.1"))
    assert (look().new, open_findings()) == (1, [("column-differs", zone)])
    finding = Finding.objects.get()
    assert (finding.dismissed_by, finding.dismissed_at, finding.dismissed_why) == (None, None, "")


def test_a_dismissal_outlives_a_time_in_which_it_was_gone(admin_user):
    areas_differ()
    look()
    findings.dismiss(Finding.objects.get(), by=admin_user, why="Measured anew.")
    for area in ("13", "12"):
        Zone.objects.update(area_km2=Decimal(area))
        look()
    assert open_findings() == []


def test_a_dismissal_can_be_taken_back(admin_user):
    zone = areas_differ()
    look()
    findings.reopen(findings.dismiss(Finding.objects.get(), by=admin_user, why="Oh."))
    assert open_findings() == [("column-differs", zone)]


def test_a_dismissal_needs_a_reason_and_something_to_dismiss(admin_user):
    areas_differ()
    look()
    finding = Finding.objects.get()

    def refusal(finding, why="Right."):
        with pytest.raises(ValidationError) as refused:
            findings.dismiss(finding, by=admin_user, why=why)
        return refused.value.messages

    assert refusal(finding, " ") == ["Say why it is right as it is."]
    assert refusal(finding, "x" * 301) == ["Say it in 300 characters at most."]
    Zone.objects.update(area_km2=Decimal("12.1"))
    look()
    assert refusal(finding) == ["The facts have changed since. Look at it again."]
    Zone.objects.update(area_km2=Decimal("13"))
    look()
    assert refusal(finding) == ["This is no longer found: somebody has put it right."]


def test_it_is_dismissed_once(admin_user):
    areas_differ()
    look()
    finding = Finding.objects.get()
    findings.dismiss(finding, by=admin_user, why="First.")
    with pytest.raises(ValidationError, match="Somebody has dismissed this already"):
        findings.dismiss(finding, by=admin_user, why="Second.")
    assert Finding.objects.get().dismissed_why == "First."


# Saving


def test_saving_looks_at_the_record_alone():
    zone, other = areas_differ(), areas_differ()
    findings.after_saving(zone)
    assert [(name, record) for name, record in open_findings() if name == "column-differs"] == [
        ("column-differs", zone)
    ]
    Zone.objects.filter(pk=zone.pk).update(area_km2=Decimal("13"))
    findings.run()
    findings.after_saving(zone)
    assert ("column-differs", other) in open_findings()


def test_saving_a_statement_or_a_value_looks_at_its_record_and_all_its_figures():
    zone = areas_differ()
    findings.after_saving(zone.statements.get(aspect__key="area"))
    assert ("column-differs", zone) in open_findings()
    value = make_indicator().values.get()
    findings.after_saving(value)
    assert ("value-without-source", value) in open_findings()


def test_putting_one_of_two_records_right_settles_what_was_told_of_the_other():
    city = make_city()
    earlier = make_zone(city=city, name_zh="清徐经济开发区")
    later = make_zone(city=city, name_zh="清徐经济技术开发区")
    findings.run(check("zone-twice"))
    assert open_findings() == [("zone-twice", later)]
    Zone.objects.filter(pk=earlier.pk).update(name_zh="阳曲经济开发区")
    findings.after_saving(earlier)
    assert "zone-twice" not in [name for name, _record in open_findings()]


@pytest.mark.parametrize(
    ("route", "is_seen"), [(Route.ADMIN, True), (Route.PENDING, True), (Route.LOAD, False)]
)
def test_a_change_by_hand_is_looked_at_when_it_is_committed(
    admin_user, django_capture_on_commit_callbacks, route, is_seen
):
    zone = areas_differ()
    with django_capture_on_commit_callbacks(execute=True), history.keeping(zone, by=admin_user, route=route):
        Zone.objects.update(area_km2=Decimal("14"))
    assert (("column-differs", zone) in open_findings()) is is_seen


def test_a_change_that_is_taken_back_is_not_looked_at(admin_user, django_capture_on_commit_callbacks):
    zone = areas_differ()
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        with history.keeping(zone, by=admin_user, route=Route.ADMIN):
            Zone.objects.update(area_km2=Decimal("14"))
        transaction.set_rollback(True)
    assert (callbacks, open_findings()) == ([], [])


def test_more_than_can_be_looked_at_in_passing_is_left_to_the_night():
    zones = [make_zone() for _number in range(3)]
    findings.after_changes(Zone, [one.pk for one in zones] * 20)
    assert open_findings() == []
    findings.after_changes(Zone, [one.pk for one in zones])
    assert {record for _name, record in open_findings()} == set(zones)


# Commands


def test_the_command_runs_the_checks_named_and_refuses_others():
    areas_differ()
    output = StringIO()
    call_command("run_checks", "column-differs", stdout=output)
    assert output.getvalue() == "1 findings, 1 of them new; 0 gone.\n"
    with pytest.raises(CommandError, match="There is no check nonsense. There are: "):
        call_command("run_checks", "nonsense")


def test_a_part_of_the_night_that_fails_stops_no_other():
    def fail():
        raise OSError("no disk")

    parts = [("one", lambda: "done"), ("two", fail), ("three", lambda: "done too")]
    assert list(nightly.run(parts)) == [
        ("one", "done", False),
        ("two", "no disk", True),
        ("three", "done too", False),
    ]


def test_the_night_does_everything_and_says_so():
    areas_differ()
    output = StringIO()
    call_command("nightly", "--without", "links", stdout=output)
    lines = dict(line.split(": ", 1) for line in output.getvalue().splitlines())
    assert list(lines) == [name for name, _part in nightly.PARTS if name != "links"]
    assert Finding.objects.open().exists()


def test_what_has_been_gone_for_a_year_is_deleted():
    def finding(subject, gone_days):
        now = timezone.now()
        return Finding.objects.create(
            check_name="level-not-stated",
            record=zone,
            subject=subject,
            severity=3,
            what={"x": number(1), "y": plain("z")},
            fingerprint=Row(zone).fingerprint,
            first_seen=now,
            last_seen=now,
            gone_at=gone_days and now - timedelta(days=gone_days),
        )

    zone = make_zone()
    kept = [finding("open", None), finding("lately", 364)]
    finding("long ago", 366)
    assert findings.clear_old() == 1
    assert set(Finding.objects.all()) == set(kept)
