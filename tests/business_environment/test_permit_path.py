"""The permit path worked out by hand from made-up rules: steps, order, working days and dates."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from business_environment.models import Prerequisite
from business_environment.permit_path import Span, find_path, path_procedures
from records.models import Aspect
from tests import factories as make

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


def state_days(procedure, number=None, key="working-days", **values):
    """A statement about how long a procedure takes."""
    aspect = Aspect.objects.filter(key=key).first() or make.make_aspect(key=key, unit="working-days")
    numbers = {"number": Decimal(number)} if number is not None else {}
    return make.make_statement(procedure, aspect=aspect, **numbers, **values)


def make_step(slug, days=None, after=(), answers=(), **values):
    """A procedure that is a step: always, or where one of the answers is given."""
    procedure = make.make_procedure(slug=slug, name_en=slug, **values)
    make.make_procedure_rule(procedure, *answers)
    if days is not None:
        state_days(procedure, days)
    for needs in after:
        make.make_prerequisite(procedure, needs)
    return procedure


def path_of(*answers, start=None):
    return find_path(path_procedures(), answers, start and day(start))


def ends(path):
    """[(round, address, earliest and latest working day)] of every step, in order."""
    return [
        (
            step.round,
            step.procedure.slug,
            step.finish and (step.finish.earliest, step.finish.latest),
        )
        for step in path.steps
    ]


def dates(path):
    return {
        step.procedure.slug: (step.earliest_on and str(step.earliest_on), str(step.latest_on or "") or None)
        for step in path.steps
    }


def before(path):
    """{address of a step: ordinals of the steps right before it}."""
    return {step.procedure.slug: [link.step.ordinal for link in step.after] for step in path.steps}


# Made-up rules


def test_steps_that_wait_for_none_of_each_other_run_side_by_side():
    a = make_step("a", 2)
    b = make_step("b", 3, [a], order=1)
    c = make_step("c", after=[a], order=2)
    state_days(c, 5, number_max=8)
    make_step("d", 1, [b, c])
    path = path_of(start="2026-03-09")
    assert ends(path) == [(1, "a", (2, 2)), (2, "b", (5, 5)), (2, "c", (7, 10)), (3, "d", (8, 11))]
    assert before(path) == {"a": [], "b": [1], "c": [1], "d": [2, 3]}
    assert dates(path) == {
        "a": ("2026-03-11", "2026-03-11"),
        "b": ("2026-03-16", "2026-03-16"),
        "c": ("2026-03-18", "2026-03-23"),
        "d": ("2026-03-19", "2026-03-24"),
    }
    assert path.finish == Span(Decimal(8), Decimal(11))
    assert path.finish.words == "8 to 11 working days"
    assert (path.finish_earliest_on, path.finish_latest_on) == (day("2026-03-19"), day("2026-03-24"))
    assert [step.procedure.slug for step in path.chain] == ["a", "c", "d"]
    assert path.because == []


def test_what_waits_for_unknown_days_is_unknown_and_says_why():
    a = make_step("a", 1)
    b = make_step("b", None, [a])
    make_step("c", 3, [b])
    make_step("d", 2, order=9)
    path = path_of(start="2026-03-09")
    assert ends(path) == [(1, "a", (1, 1)), (1, "d", (2, 2)), (2, "b", None), (3, "c", None)]
    assert dates(path)["c"] == (None, None)
    assert path.finish is None
    assert path.because == ["the days of step 3 are not stated"]
    assert path.steps[2].begins_on == day("2026-03-10")
    # The days that are known: one of a, three of c, one after the other.
    assert [step.ordinal for step in path.chain] == [1, 4]
    assert path.least.words == "at least 4 working days"
    assert path.least_figure.note == "Added up by this site from the days of steps 1, 4."


def test_across_spring_festival_holidays_are_skipped_and_make_up_days_counted():
    # 2026: 15 to 23 February off; Saturdays 14 and 28 February worked.
    a = make_step("a", 2)
    b = make_step("b", 3, [a])
    make_step("c", 4, [b])
    path = path_of(start="2026-02-11")
    assert ends(path) == [(1, "a", (2, 2)), (2, "b", (5, 5)), (3, "c", (9, 9))]
    assert dates(path) == {
        "a": ("2026-02-13", "2026-02-13"),
        "b": ("2026-02-25", "2026-02-25"),
        "c": ("2026-03-02", "2026-03-02"),
    }


def test_papers_handed_in_on_a_holiday_are_taken_on_the_next_working_day():
    make_step("a", 1)
    path = path_of(start="2026-02-16")
    assert path.taken_on == day("2026-02-24")
    assert dates(path) == {"a": ("2026-02-25", "2026-02-25")}


def test_a_step_that_does_not_apply_is_seen_through():
    new, rented = make.make_path_answer(), make.make_path_answer()
    a = make_step("a", 1)
    b = make_step("b", 5, [a], answers=[new])
    c = make_step("c", 2, [b])
    assert ends(path_of(new)) == [(1, "a", (1, 1)), (2, "b", (6, 6)), (3, "c", (8, 8))]
    path = path_of(rented)
    assert ends(path) == [(1, "a", (1, 1)), (2, "c", (3, 3))]
    assert not path.steps[1].after[0].is_direct
    # Work of the enterprise on the way to a step that does not apply still lies between.
    Prerequisite.objects.filter(procedure=b).update(work_between=True)
    path = path_of(rented)
    assert ends(path) == [(1, "a", (1, 1)), (2, "c", None)]
    assert path.because == ["how long your own work after step 1 takes is not known"]
    # What another link says already is not said again.
    make.make_prerequisite(c, make_step("d", 1, [a]))
    Prerequisite.objects.filter(procedure=b).update(work_between=False)
    assert before(path_of(rented)) == {"a": [], "d": [1], "c": [2]}


def test_waiting_time_comes_before_the_time_itself():
    a = make_step("a", 3)
    state_days(a, 2, key="queue-days")
    state_days(a, 9, key="limit-days")
    state_days(a, 7, key="days-elsewhere")
    path = path_of()
    assert ends(path) == [(1, "a", (5, 5))]
    assert [figure.value for figure in path.steps[0].stated_besides] == ["9 working days", "7 working days"]


@pytest.mark.parametrize(
    ("values", "span", "words"),
    [
        ({"number": 4}, Span(Decimal(4), Decimal(4)), "4 working days"),
        ({"number": 4, "number_max": 6}, Span(Decimal(4), Decimal(6)), "4 to 6 working days"),
        ({"number": 4, "approximation": "at_least"}, Span(Decimal(4), None), "at least 4 working days"),
        ({"number": 4, "approximation": "more_than"}, Span(Decimal(4), None), "at least 4 working days"),
        ({"number": 4, "approximation": "less_than"}, Span(Decimal(0), Decimal(4)), "0 to 4 working days"),
        (
            {"number": 4, "approximation": "about"},
            Span(Decimal(4), Decimal(4), is_rough=True),
            "about 4 working days",
        ),
        (
            {"number": 4, "approximation": "nearly"},
            Span(Decimal(4), Decimal(4), is_rough=True),
            "about 4 working days",
        ),
    ],
)
def test_hedges_are_kept(values, span, words):
    state_days(make_step("a"), **values)
    path = path_of()
    assert path.steps[0].duration == path.finish == span
    assert path.finish.words == words


def test_without_an_upper_end_the_latest_finish_of_what_follows_is_unknown():
    a = make_step("a")
    state_days(a, 2, approximation="at_least")
    make_step("b", 3, [a])
    path = path_of(start="2026-03-09")
    assert ends(path) == [(1, "a", (2, None)), (2, "b", (5, None))]
    assert dates(path)["b"] == ("2026-03-16", None)
    assert path.because == ["for step 1 no upper end is stated"]


def test_a_text_in_place_of_a_number_is_not_counted_as_none():
    aspect = make.make_aspect(key="working-days", unit="working-days")
    make.make_statement(make_step("a"), aspect=aspect, text_en="No uniform limit", text_zh="无统一时限")
    path = path_of()
    assert ends(path) == [(1, "a", None)]
    assert [figure.value for figure in path.steps[0].own_days] == ["No uniform limit"]


def test_beyond_the_announced_holidays_days_stay_and_dates_are_unknown():
    make_step("b", 3, [make_step("a", 1)])
    path = path_of(start="2026-12-30")
    assert ends(path) == [(1, "a", (1, 1)), (2, "b", (4, 4))]
    assert dates(path) == {"a": ("2026-12-31", "2026-12-31"), "b": (None, None)}
    assert path.finish_latest_on is None


def test_what_is_not_public_is_no_step_and_holds_nothing_up():
    a = make_step("a", 1)
    hidden = make_step("hidden", 5, [a], state="draft")
    make_step("b", 2, [hidden])
    path = path_of()
    assert ends(path) == [(1, "a", (1, 1)), (1, "b", (2, 2))]


def test_one_answer_of_each_question_that_a_rule_names_is_needed():
    kind, site = make.make_path_question(), make.make_path_question(takes_several=True)
    new, old = make.make_path_answer(kind), make.make_path_answer(kind)
    relics, water = make.make_path_answer(site), make.make_path_answer(site)
    procedure = make.make_procedure(slug="p")
    make.make_procedure_rule(procedure, new, old, relics)
    assert path_of(new).steps == []
    assert path_of(relics).steps == []
    assert [step.procedure.slug for step in path_of(old, relics, water).steps] == ["p"]
    # Of several rules one is enough, and only those that hold are given as reasons.
    make.make_procedure_rule(procedure, water, reason_en="Near water.")
    assert [str(rule.reason) for rule in path_of(new, water).steps[0].rules] == ["Near water."]


def test_rules_in_a_circle_do_not_stop_the_path_and_are_named():
    a, b = make_step("a", 1), make_step("b", 1)
    make.make_prerequisite(a, b)
    closing = make.make_prerequisite(b, a)
    path = path_of()
    assert ends(path) == [(1, "b", (1, 1)), (2, "a", (2, 2))]
    assert path.left_out == [closing]


def test_papers_stand_once_with_all_steps_that_ask_for_them():
    one = make_step("one", order=1, papers_en="Letter\nSite  plan\nLETTER;", papers_zh="申请函")
    make_step("two", order=2, papers_en="site plan.\nLicence", papers_of_en="Shanghai’s list")
    make_step("three", order=3)
    path = path_of()
    groups = [([step.procedure.slug for step in group.steps], group.texts) for group in path.papers]
    assert groups == [(["one"], ["Letter"]), (["one", "two"], ["Site  plan"]), (["two"], ["Licence"])]
    assert [step.procedure.slug for step in path.without_papers] == ["three"]
    with translation.override("zh-hans"):
        assert [(text, text.is_fallback) for group in path_of().papers for text in group.texts] == [
            ("申请函", False),
            ("site plan.", True),
            ("Licence", True),
        ]
    assert one.papers_en.count("\n") == 2


def test_what_only_guides_to_china_name_may_apply_too():
    make.make_procedure(slug="asked", scope="china", fate="not-known")
    make.make_procedure(slug="gone", scope="china", fate="cancelled")
    make.make_procedure(slug="of-shanxi", scope="shanxi", fate="not-known")
    make.make_procedure(slug="draft", scope="china", fate="not-known", state="draft")
    today = make_step("today", era="after")
    make.make_procedure(slug="today-another", scope="china", fate="not-known", became=today)
    assert [procedure.slug for procedure in path_of().not_placed] == ["asked"]


def test_a_path_takes_as_many_queries_for_one_step_as_for_many():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            path = path_of()
            for step in path.steps:
                assert step.rules[0].citations() == []
            assert path.papers is not None
        return len(context)

    last = make_step("first", 1)
    make.make_prerequisite(last, make_step("zeroth", 1))
    few = queries()
    for number in range(3):
        last = make_step(f"more-{number}", 1, [last])
    assert queries() == few <= 7
