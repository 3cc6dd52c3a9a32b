"""Figures: which statement is shown, who else says so, who says otherwise, and what is unknown."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from records.dates import PartialDate
from records.figures import Figure
from records.models import Aspect, Source
from tests.factories import make_aspect, make_cost, make_indicator, make_source, make_statement, make_zone
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_aspect(key="area", label_en="Area", label_zh="面积", unit="km2", column="area_km2")


def fresh(zone):
    """The zone as a page reads it: with its statements fetched."""
    return Zone.objects.with_statements().get(pk=zone.pk)


def test_the_adopted_statement_is_shown_with_its_passport(area):
    zone, source = make_zone(), make_source()
    make_statement(
        zone,
        aspect=area,
        source=source,
        number=Decimal("239.4"),
        approximation="about",
        as_of=PartialDate("2020-12"),
        locator="p. 3",
        part_en="the core",
        note_en="As planned.",
        doubt_en="Another page says less.",
        as_of_note_en="end of the year",
    )
    with override("en"):
        figure = fresh(zone).figure("area")
    assert (figure.label, figure.value, figure.as_of, figure.as_of_code) == (
        "Area",
        "about 239.4 km²",
        "December 2020",
        "2020-12",
    )
    assert figure.sources == [source]
    assert (figure.locator, figure.part, figure.note, figure.doubt, figure.as_of_note) == (
        "p. 3",
        "the core",
        "As planned.",
        "Another page says less.",
        "end of the year",
    )
    assert figure.is_known
    assert figure.alternatives == []


def test_a_figure_is_written_in_the_language_of_the_reader(area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=Decimal("239.4"), as_of=PartialDate("2020-12"))
    with override("zh-hans"):
        figure = fresh(zone).figure("area")
        assert (figure.label, figure.value, figure.as_of) == ("面积", "239.4平方公里", "2020年12月")
        assert figure.as_of_phrase == "截至2020年12月"


def test_sources_that_agree_are_further_sources_and_no_alternatives(area):
    zone = make_zone()
    sources = [make_source() for _number in range(3)]
    for number, source in enumerate(sources):
        make_statement(zone, aspect=area, source=source, number=Decimal("14"), adopted=number == 1)
    figure = fresh(zone).figure("area")
    assert figure.first_source == sources[1]
    assert figure.sources == [sources[1], sources[0], sources[2]]
    assert figure.agreeing == 2
    assert figure.alternatives == []


def test_sources_that_disagree_can_be_read_beside_the_adopted_one(area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=Decimal("14"))
    make_statement(zone, aspect=area, number=Decimal("15"), adopted=False)
    make_statement(zone, aspect=area, number=Decimal("14"), number_max=Decimal("16"), adopted=False)
    with override("en"):
        figure = fresh(zone).figure("area")
        others = [other.value for other in figure.alternatives]
    assert figure.value == "14 km²"
    assert figure.agreeing == 0
    assert others == ["15 km²", "14 to 16 km²"]


def test_the_same_number_of_another_part_does_not_agree(area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=Decimal("14"))
    make_statement(zone, aspect=area, number=Decimal("14"), part_en="the core", adopted=False)
    figure = fresh(zone).figure("area")
    assert figure.agreeing == 0
    assert [other.part for other in figure.alternatives] == ["the core"]


def test_what_nobody_states_is_an_unknown_figure_and_never_a_blank(area):
    figure = fresh(make_zone()).figure("area", label="Area")
    assert figure == Figure(label="Area")
    assert not figure.is_known
    assert figure.first_source is None
    assert figure.agreeing == 0


def test_a_statement_without_a_value_is_no_figure_but_a_citation(area):
    zone, source = make_zone(), make_source()
    make_statement(zone, aspect=area, source=source, number=None)
    zone = fresh(zone)
    assert not zone.figure("area").is_known
    assert zone.citations() == [source]
    assert zone.citations("area") == [source]
    assert zone.citations("level") == []


def test_zero_is_a_value_and_not_unknown(area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=Decimal("0"))
    with override("en"):
        figure = fresh(zone).figure("area")
    assert figure.is_known
    assert figure.value == "0 km²"


def test_several_adopted_texts_come_in_their_order():
    remark = make_aspect(key="remark", kind=Aspect.Kind.TEXT)
    zone = make_zone()
    for position in (2, 0, 1):
        make_statement(
            zone, aspect=remark, position=position, text_en=f"Remark {position}", text_zh=f"说明{position}"
        )
    with override("en"):
        assert [str(figure.value) for figure in fresh(zone).remarks] == ["Remark 0", "Remark 1", "Remark 2"]


def test_a_value_from_a_list_is_written_with_the_words_of_its_column():
    level = make_aspect(key="level", kind=Aspect.Kind.CHOICE, column="level")
    zone = make_zone()
    make_statement(zone, aspect=level, choice="provincial")
    with override("en"):
        assert fresh(zone).standing_level.value == "Provincial level"
    with override("zh-hans"):
        assert fresh(zone).standing_level.value == "省级"


def test_a_stated_date_is_a_value_that_holds_for_no_other_date():
    established = make_aspect(key="established", kind=Aspect.Kind.DATE)
    zone = make_zone()
    make_statement(zone, aspect=established, date=PartialDate("2012-08"), as_of=None)
    with override("en"):
        figure = fresh(zone).founding
    assert (figure.value, figure.dated) == ("August 2012", False)


def test_a_number_keeps_the_words_beside_it(area):
    zone = make_zone()
    make_statement(
        zone,
        aspect=area,
        number=Decimal("14"),
        text_en="of which 3 built",
        text_zh="其中3",
        as_stated="十四平方公里",
        as_stated_lang="zh-Hans",
    )
    with override("en"):
        figure = fresh(zone).figure("area")
        assert (figure.words, figure.as_stated, figure.as_stated.lang) == (
            "of which 3 built",
            "十四平方公里",
            "zh-Hans",
        )


def test_a_text_in_one_language_only_is_shown_with_its_language():
    remark = make_aspect(key="remark", kind=Aspect.Kind.TEXT)
    zone = make_zone()
    make_statement(zone, aspect=remark, text_en="", text_zh="说明")
    with override("en"):
        (figure,) = fresh(zone).remarks
        assert (figure.value, figure.value.lang, figure.value.is_fallback) == ("说明", "zh-Hans", True)


def test_figures_come_in_groups_and_the_left_out_stay_out(area):
    zone = make_zone()
    jobs = make_aspect(key="jobs", label_en="Jobs", group=Aspect.Group.OUTPUT, order=2, unit="jobs")
    plot = make_aspect(key="plot", label_en="Plot", group=Aspect.Group.LAND, order=1, unit="m2")
    remark = make_aspect(key="remark", kind=Aspect.Kind.TEXT, group=Aspect.Group.REMARKS, order=3)
    make_statement(zone, aspect=jobs, number=Decimal("300"))
    make_statement(zone, aspect=plot, number=Decimal("5"))
    make_statement(zone, aspect=remark, text_en="Left out", text_zh="略")
    make_statement(zone, aspect=area, number=None)
    with override("en"):
        groups = fresh(zone).figure_groups(leave_out=("remark",))
        shown = [(str(label), [(figure.label, figure.value) for figure in rows]) for label, rows in groups]
    assert shown == [("Land", [("Plot", "5 m²")]), ("Output and jobs", [("Jobs", "300 jobs")])]


def test_where_nothing_is_adopted_the_page_says_unknown_and_all_can_be_read(area):
    zone = make_zone()
    make_statement(zone, aspect=area, number=Decimal("14"), adopted=False)
    make_statement(zone, aspect=area, number=Decimal("15"), adopted=False)
    with override("en"):
        ((_group, (figure,)),) = fresh(zone).figure_groups()
        assert (figure.label, figure.is_known) == ("Area", False)
        assert [other.value for other in figure.alternatives] == ["14 km²", "15 km²"]


def test_sources_are_listed_once_with_all_that_they_bear_out(area):
    level = make_aspect(key="level", label_en="Level", kind=Aspect.Kind.CHOICE, column="level", order=1)
    zone, first, second = make_zone(), make_source(), make_source()
    make_statement(zone, aspect=area, source=first, number=Decimal("14"))
    make_statement(zone, aspect=area, source=second, number=Decimal("14"), adopted=False)
    make_statement(zone, aspect=level, source=first, choice="national")
    with override("en"):
        listed = [(source, list(map(str, labels))) for source, labels in fresh(zone).sources_with_aspects()]
    assert listed == [(first, ["Area", "Level"]), (second, ["Area"])]


def test_a_cost_lends_its_unit_to_a_price_without_one():
    price = make_aspect(key="price", unit="")
    cost = make_cost(unit="yuan-per-kwh")
    make_statement(cost, aspect=price, number=Decimal("0.52"))
    with override("en"):
        assert type(cost).objects.with_statements().get().price.value == "0.52 yuan per kWh"


def test_a_measured_value_has_the_digits_alone_and_the_whole(area):
    values = [{"number": Decimal("7200"), "approximation": "more_than", "period": PartialDate("2020")}]
    indicator = make_indicator(unit="projects", values=values)
    source = make_source()
    make_statement(indicator.values.get(), aspect=make_aspect(key="whole"), source=source, number=None)
    with override("en"):
        passport = indicator.values.with_passports().get().passport
    assert (passport.digits, passport.value, passport.as_of, passport.sources) == (
        "7,200",
        "more than 7,200 projects",
        "2020",
        [source],
    )


def test_figures_cost_no_query_once_the_statements_are_fetched(area, django_assert_num_queries):
    zone = make_zone()
    level = make_aspect(key="level", kind=Aspect.Kind.CHOICE, column="level")
    make_statement(zone, aspect=area, number=Decimal("14"))
    make_statement(zone, aspect=area, number=Decimal("15"), adopted=False)
    make_statement(zone, aspect=level, choice="national")
    # 1 the zone  2 its statements with source and aspect
    with django_assert_num_queries(2):
        zone = fresh(zone)
    with django_assert_num_queries(0):
        assert zone.area.is_known
        assert zone.area.alternatives[0].sources[0].publisher
        assert not zone.founding.is_known
        assert zone.figure_groups()
        assert zone.sources_with_aspects()
        assert zone.citations("area")
        assert zone.remarks == []
        assert zone.conflicts == []


def test_statements_of_many_records_cost_one_query(area, django_assert_num_queries):
    for _number in range(4):
        make_statement(make_zone(), aspect=area, number=Decimal("14"))
    expected = list(Source.objects.order_by("pk"))
    # 1 the zones  2 all their statements
    with django_assert_num_queries(2):
        zones = list(Zone.objects.with_statements().order_by("pk"))
        assert [zone.area.first_source for zone in zones] == expected
