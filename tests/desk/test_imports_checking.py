"""What a check says of each row: new, changed, unchanged or wrong, and everything that is wrong at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from desk.imports.checking import Check
from desk.imports.kinds import SHEETS
from desk.imports.reading import read_table
from records.dates import PartialDate
from tests import factories
from tests.desk.spreadsheets import delimited, person, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return person(None, is_superuser=True)


def check(user, kind, *rows):
    return Check(SHEETS[kind](user), read_table(workbook(*rows)), user)


def outcomes(user, kind, *rows):
    checked = check(user, kind, *rows)
    assert checked.problems == []
    return [one for some in checked.outcomes() for one in some]


def wrong(found):
    return [(one.row, one.column, one.heading, one.message) for outcome in found for one in outcome.problems]


# Headings


def test_headings_are_read_in_either_language_and_by_the_names_of_fields(root):
    city = factories.make_city(slug="taiyuan", name_zh="太原市")
    zone = factories.make_zone(slug="a", city=city, area_km2=5, name_zh="甲")
    [one] = outcomes(root, "zones", ["网址标识", " area,  KM² ", "name_zh", "城市"], ["a", 6, "甲", "太原市"])
    assert (one.result, one.target, one.changes) == ("changed", zone.pk, [["Area, km²", "5", "6"]])


def test_headings_that_mean_nothing_are_named_with_the_nearest_that_do(root):
    found = check(root, "zones", ["Adress", "Rainfall", "网址标识", "Slug", "Website"], ["a", 1, 2, 3, 4, 5])
    assert [(one.row, one.column, one.message) for one in found.problems] == [
        (0, "A", "There is no column “Adress”. Do you mean “Address”?"),
        (0, "B", "There is no column “Rainfall”."),
        (0, "D", "This column stands in the file twice, as columns C and D."),
        (2, "F", "This column has no heading, and its cells are not empty."),
    ]


def test_a_table_without_its_key_or_without_rows_is_refused(root):
    assert [one.message for one in check(root, "values", ["Number"], [1]).problems] == [
        "The column “Key” is missing."
    ]
    assert [one.message for one in check(root, "zones", ["Address"]).problems] == [
        "The file holds no rows under its headings."
    ]


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_two_columns_can_be_taken_for_each_other(kind, language):
    with translation.override(language):
        columns = SHEETS[kind](None).columns.values()
        headings = [name for column in columns for name in {one.casefold() for one in column.headings}]
    assert len(headings) == len(set(headings))


# Rows


def test_a_row_is_new_changed_or_unchanged(root):
    city = factories.make_city(slug="taiyuan")
    factories.make_zone(slug="a", city=city, name_en="A", name_zh="")
    factories.make_zone(slug="b", city=city, name_en="B", name_zh="乙")
    head = ["Address", "Name (English)", "Name (Chinese)", "City", "Type"]
    kind = "Economic and technological development zone"
    found = outcomes(
        root,
        "zones",
        head,
        ["a", "A", None, "taiyuan", kind],
        ["b", "B", None, "taiyuan", kind],
        ["c", "C", None, "taiyuan", kind],
    )
    assert [(one.number, one.result, one.name, one.changes) for one in found] == [
        (2, "unchanged", "A", []),
        (3, "changed", "B", [["Name (Chinese)", "乙", ""]]),
        (4, "new", "C", found[2].changes),
    ]
    assert sorted(found[2].changes) == [
        ["Address", "", "c"],
        ["City", "", "taiyuan"],
        ["Name (English)", "", "C"],
        ["Type", "", kind],
    ]


def test_everything_that_is_wrong_is_named_at_once_by_row_and_column(root):
    city = factories.make_city(slug="taiyuan")
    factories.make_zone(slug="there", city=city)
    head = [
        *("Address", "Name (English)", "City", "Type", "Area, km²", "Established", "Latitude"),
        *("Leading industries", "State", "Checked on"),
    ]
    ok = ["Zone", "taiyuan", "economic"]
    found = outcomes(
        root,
        "zones",
        head,
        ["ok", *ok, 5, "2021", None, None, None, None],
        ["bad area", *ok, "12亩", "last year", 95, "steel; tea", None, None],
        ["no-name", None, "nowhere", "nice", 0, None, None, None, None, "2021-02-30"],
        [None, *ok],
        ["ok", *ok],
        ["there", *ok, "5%", None, None, None, "Draft", None],
        ["new-public", *ok, None, None, None, None, "published", None],
    )
    assert [one.result for one in found] == ["new", *["wrong"] * 6]
    partial = "Write 2021, 2021-03, 2021-03-06, 2022-Q3, 2022-H2, 2020-01/2020-04, ../2006 or 2018~."
    kinds = ", ".join(str(label) for label in SHEETS["zones"](None).model.Type.labels)
    assert sorted(wrong(found)) == sorted(
        [
            (
                3,
                "A",
                "Address",
                "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
            ),
            (3, "E", "Area, km²", "“12亩” is no number. Write it in full, without words: 1200000000."),
            (3, "F", "Established", f"“last year” is no date. {partial}"),
            (3, "G", "Latitude", "Ensure this value is less than or equal to 90."),
            (3, "H", "Leading industries", "There is no industry “steel”."),
            (4, "C", "City", "There is no city “nowhere”."),
            (4, "D", "Type", f"“nice” is not among: {kinds}."),
            (4, "J", "Checked on", f"“2021-02-30” is no date. {partial}"),
            (4, "", "", "Give a name in at least one language."),
            (4, "", "", "An unknown area is left empty, never zero."),
            (5, "A", "Address", "This field is required."),
            (6, "A", "Address", "Row 2 is about the same."),
            (7, "E", "Area, km²", "“5%” is a percentage; a plain number belongs here."),
            (7, "I", "State", "The state is not changed by an import. It is “Published”."),
            (8, "I", "State", "The state is not changed by an import. It is “Draft”."),
        ]
    )


def test_errors_are_in_the_language_of_the_editor(root):
    factories.make_zone(slug="a")
    with translation.override("zh-hans"):
        assert wrong(outcomes(root, "zones", ["网址标识", "面积(平方公里)"], ["a", "很大"]))[0][3] == (
            "“很大”不是数字。请写出完整数字，不带单位：1200000000。"
        )


def test_a_slice_of_rows_takes_as_many_queries_as_one(root):
    zones = [factories.make_zone() for _n in range(3)]
    head = ["Address", "City", "Leading industries", "Part of"]
    rows = [[zone.slug, zone.city.slug, None, None] for zone in zones]
    asked = []
    for some in (rows[:1], rows):
        checked = check(root, "zones", head, *some)
        with CaptureQueriesContext(connection) as queries:
            found = [one.result for part in checked.outcomes() for one in part]
        assert found == ["unchanged"] * len(some)
        asked.append(len(queries))
    assert asked[0] == asked[1]


# Rights and territories


def test_rows_outside_the_territory_are_wrong_and_nothing_moves_out_of_it():
    inside, outside = factories.make_city(slug="inside"), factories.make_city(slug="outside")
    editor = person("editors", cities=[inside])
    factories.make_zone(slug="mine", city=inside, name_en="Mine")
    factories.make_zone(slug="theirs", city=outside, name_en="Theirs")
    kind = "economic"
    found = outcomes(
        editor,
        "zones",
        ["Address", "Name (English)", "City", "Type"],
        ["mine", "New name", "inside", kind],
        ["theirs", "New name", "outside", kind],
        ["made-in", "Zone", "inside", kind],
        ["made-out", "Zone", "outside", kind],
    )
    assert [(one.number, one.result) for one in found] == [
        (2, "changed"),
        (3, "wrong"),
        (4, "new"),
        (5, "wrong"),
    ]
    assert wrong(found)[0] == (3, "A", "Address", "“theirs” does not lie in your territory.")
    [moved] = outcomes(editor, "zones", ["Address", "City"], ["mine", "outside"])
    assert (moved.result, [one.column for one in moved.problems]) == ("wrong", ["B"])


def test_a_row_names_no_draft_that_lies_elsewhere():
    inside, outside = factories.make_city(), factories.make_city()
    editor = person("editors", cities=[inside])
    factories.make_zone(slug="secret", city=outside, state="draft")
    factories.make_zone(slug="mine", city=inside)
    [row] = outcomes(editor, "zones", ["Address", "Part of"], ["mine", "secret"])
    assert wrong([row]) == [(2, "B", "Part of", "There is no zone “secret”.")]


def test_whoever_lacks_the_right_is_told_so():
    reader = person(None, province=True)
    factories.make_zone(slug="a")
    [row] = outcomes(reader, "zones", ["Address", "Website"], ["a", "https://a.example"])
    assert wrong([row]) == [(2, "A", "Address", "You may not change zones.")]


def test_what_an_editor_changes_of_a_public_record_waits_for_approval():
    city = factories.make_city()
    editor, publisher = (person(group, cities=[city]) for group in ("editors", "publishers"))
    factories.make_zone(slug="public", city=city)
    factories.make_zone(slug="draft", city=city, state="draft")
    rows = ["Address", "Website"], ["public", "https://a.example"], ["draft", "https://b.example"]
    assert [(one.is_public, one.is_pending) for one in outcomes(editor, "zones", *rows)] == [
        (True, True),
        (False, False),
    ]
    assert [(one.is_public, one.is_pending) for one in outcomes(publisher, "zones", *rows)] == [
        (True, False),
        (False, False),
    ]


# Statements and values

STATED = [
    "ID",
    "Kind of record",
    "Address of the record",
    "Aspect",
    "Source",
    "Number",
    "Holds for",
    "Adopted",
]


def test_a_statement_is_found_by_its_id_or_by_what_it_says_of_whom(root):
    zone, source, aspect = (
        factories.make_zone(slug="a"),
        factories.make_source(slug="s"),
        factories.make_aspect(key="k"),
    )
    one = factories.make_statement(zone, aspect=aspect, source=source, number=5, as_of=PartialDate("2021"))
    rows = [
        [one.pk, "zone", "a", "k", "s", 6, "2022", "yes"],
        [None, "开发区", "a", "k", "s", 5, "2023", "no"],
    ]
    found = outcomes(root, "statements", STATED, *rows)
    assert [(row.result, row.target) for row in found] == [("changed", one.pk), ("new", None)]
    [same] = outcomes(root, "statements", STATED, [None, "zone", "a", "k", "s", 7, "2021", "yes"])
    assert (same.target, same.changes) == (one.pk, [["Number", "5", "7"]])


def test_what_is_wrong_with_statements_is_named(root):
    zone, aspect = factories.make_zone(slug="a"), factories.make_aspect(key="k", kind="date")
    rate = factories.make_aspect(key="rate", unit="percent")
    factories.make_source(slug="s")
    one = factories.make_statement(zone, aspect=aspect)
    twice = factories.make_statement(zone, aspect=rate, as_of=None)
    factories.make_statement(zone, aspect=rate, source=twice.source, as_of=None, adopted=False)
    city = factories.make_city(slug="c")
    found = outcomes(
        root,
        "statements",
        STATED,
        [999, "zone", "a", "k", "s", None, None, "no"],
        [None, "zone", "b", "k", "s", None, None, "no"],
        [None, "zone", "a", "k", "s", 5, None, "no"],
        [None, "city", city.slug, "k", "s", None, None, "no"],
        [one.pk, "zone", "b", "k", one.source.slug, None, "2021-03", "yes"],
        [None, "zone", "a", "rate", twice.source.slug, 4, None, "no"],
        [None, "zone", "a", "rate", "s", "5%", "2020", "no"],
    )
    text = "Several statements say this of it: give the ID ({}), or another position."
    assert wrong(found) == [
        (2, "A", "ID", "There is no statement 999."),
        (3, "C", "Address of the record", "There is no zone “b”."),
        (4, "F", "Number", "This aspect takes no number."),
        (5, "B", "Kind of record", "Statements about cities are kept on their pages, not by import."),
        (6, "C", "Address of the record", "This cannot be changed by an import. It is “a”."),
        (7, "C", "Address of the record", text.format(f"{twice.pk}, {twice.pk + 1}")),
    ]
    assert ["Number", "", "5"] in found[-1].changes


def test_one_statement_is_adopted_in_a_place_whatever_the_order_of_the_rows(root):
    zone, aspect = factories.make_zone(slug="a"), factories.make_aspect(key="k")
    old = factories.make_statement(zone, aspect=aspect)
    new = factories.make_statement(zone, aspect=aspect, adopted=False)

    def row(one, adopted):
        return [one.pk, "zone", "a", "k", one.source.slug, 42, "2021-03", adopted]

    swapped = check(root, "statements", STATED, row(new, "yes"), row(old, "no"))
    assert [one.result for some in swapped.outcomes() for one in some] == ["changed", "changed"]
    assert swapped.late_problems() == []
    both = check(root, "statements", STATED, row(new, "yes"))
    list(both.outcomes())
    assert [(one.row, one.column, one.message) for one in both.late_problems()] == [
        (2, "H", "Another statement on this aspect is adopted already.")
    ]


def test_a_value_stays_with_its_indicator_and_keeps_its_unit(root):
    indicator = factories.make_indicator(slug="i", unit="percent", values=[{"slug": "v", "number": 5}])
    factories.make_indicator(slug="other")
    head = ["Key", "Indicator", "Period", "Number", "Unit"]
    found = outcomes(
        root,
        "values",
        head,
        ["v", "i", "2020", "6%", "per cent"],
        ["w", "i", 2021, 0.5, "percent"],
        ["x", "i", "2021", 1, "yuan"],
    )
    assert [(one.result, one.changes[0] if one.result == "changed" else None) for one in found] == [
        ("changed", ["Number", "5", "6"]),
        ("new", None),
        ("wrong", None),
    ]
    assert wrong(found) == [(4, "E", "Unit", "The indicator is in per cent.")]
    [moved] = outcomes(root, "values", head[:2], ["v", "other"])
    assert wrong([moved]) == [(2, "B", "Indicator", "This cannot be changed by an import. It is “i”.")]
    assert indicator.values.count() == 1


def test_the_same_file_as_csv_says_the_same(root):
    factories.make_zone(slug="a", area_km2=5)
    table = read_table(delimited(["网址标识", "面积（平方公里）"], ["a", "1,234.5"], encoding="gb18030"))
    [one] = [one for some in Check(SHEETS["zones"](root), table, root).outcomes() for one in some]
    assert one.changes == [["Area, km²", "5", "1234.5"]]
