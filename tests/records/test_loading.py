"""Data files: what is wrong in them is named exactly, and then nothing at all is written."""

import textwrap

import pytest
from django.apps import apps

from records.loading import DataError, read_files
from records.writing import write

pytestmark = pytest.mark.django_db

GOOD = {
    "records/source.yaml": """
        records:
        - {slug: paper, publisher_en: Daily, title: Article, title_lang: en, kind: media, date: 2021-03-26}
        - {slug: office, publisher_en: Office, title: Notice, title_lang: en, kind: official}
        """,
    "records/aspect.yaml": """
        records:
        - {key: whole, label_en: Whole, label_zh: 整体, kind: citation, group: identity}
        - key: area
          label_en: Area
          label_zh: 面积
          kind: number
          unit: km2
          group: land
          applies_to: [zones.zone]
        - {key: remark, label_en: Remark, label_zh: 说明, kind: text, group: remarks}
        - {key: established, label_en: Established, label_zh: 成立, kind: date, group: standing}
        """,
    "zones/city.yaml": """
        records:
        - {slug: datong, name_en: Datong, name_zh: 大同, order: 2}
        - {slug: linfen, name_en: Linfen, name_zh: 临汾, order: 1}
        """,
    "zones/zone/datong.yaml": """
        defaults: {state: published, type: economic, city: datong}
        records:
        - slug: upper
          name_en: Upper zone
          area_km2: 14.5
          established: 2012-08
          other_cities: [linfen]
          sources: [paper]
          statements:
          - {aspect: area, number: 14.5, as_of: 2020, sources: [paper, office]}
          - {aspect: remark, text_en: First, sources: [paper]}
          - {aspect: remark, text_en: Second, sources: [paper]}
          - {aspect: area, number: 15, adopted: false, sources: [office]}
          cites: {established: [office]}
          parks:
          - {name_en: Park one}
          - {name_en: Park two, record: lower}
        - slug: lower
          name_en: Lower zone
          part_of: upper
          state: draft
        """,
}


@pytest.fixture
def load(tmp_path):
    """Write the files of GOOD, with the changes given (None leaves one out), and load them."""

    def load(changes=()):
        for name, text in (GOOD | dict(changes)).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return write(read_files(tmp_path))

    return load


def zone_file(*lines):
    """A file of one zone with these further lines."""
    return "\n".join(
        [
            "defaults: {type: economic, city: datong}",
            "records:",
            "- slug: made-up",
            "  name_en: Made up",
            *lines,
        ]
    )


def all_rows():
    """The number of rows of every table."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def refusal(load, changes):
    """What a load says that is refused, and the proof that it wrote nothing."""
    before = all_rows()
    with pytest.raises(DataError) as refused:
        load(changes)
    assert all_rows() == before
    return [str(problem) for problem in refused.value.problems]


def zone(slug):
    return apps.get_model("zones.Zone").objects.get(slug=slug)


def test_good_files_are_written_whole(load):
    report = load()
    assert (report.created, report.changed, report.unchanged, report.kept, report.missing) == (
        10,
        0,
        0,
        [],
        [],
    )
    upper, lower = zone("upper"), zone("lower")
    assert (upper.name_en, upper.city.slug, upper.state, str(upper.area_km2)) == (
        "Upper zone",
        "datong",
        "published",
        "14.500000",
    )
    assert upper.established.text == "2012-08"
    assert [city.slug for city in upper.other_cities.all()] == ["linfen"]
    assert [(park.name_en, park.record) for park in upper.parks.all()] == [
        ("Park one", None),
        ("Park two", lower),
    ]
    assert (lower.part_of, lower.state, lower.city.slug) == (upper, "draft", "datong")


def test_shorthands_become_one_statement_for_each_source(load):
    load()
    rows = [
        (
            row.aspect.key,
            row.source.slug,
            row.number and float(row.number),
            row.text_en,
            row.adopted,
            row.position,
        )
        for row in zone("upper").statements.order_by("pk")
    ]
    assert rows == [
        ("area", "paper", 14.5, "", True, 0),
        ("area", "office", 14.5, "", False, 0),
        ("remark", "paper", None, "First", True, 0),
        ("remark", "paper", None, "Second", True, 1),
        ("area", "office", 15.0, "", False, 1),
        ("whole", "paper", None, "", False, 0),
        ("established", "office", None, "", False, 0),
    ]


def test_a_file_may_stand_for_the_whole_model(load):
    load({"zones/zone/datong.yaml": None, "zones/zone.yaml": GOOD["zones/zone/datong.yaml"]})
    assert zone("upper").name_en == "Upper zone"


def test_texts_are_kept_as_they_stand_and_never_read_as_something_else(load):
    load({"zones/zone/more.yaml": zone_file('  name_zh: "1.10"', "  nbs_code: 0140371", "  summary_en: yes")})
    made = zone("made-up")
    assert (made.name_zh, made.nbs_code, made.summary_en) == ("1.10", "0140371", "yes")


WRONG = {
    "unknown field": (["  colour: red"], ["made-up: colour: there is no such field"]),
    "unknown city": (["  city: atlantis"], ["made-up: city: there is no city “atlantis”"]),
    "unknown other city": (["  other_cities: [linfen, x]"], ["made-up: other_cities: there is no city “x”"]),
    "no list of cities": (["  other_cities: linfen"], ["made-up: other_cities: is not a list"]),
    "unknown zone": (["  part_of: nowhere"], ["made-up: part_of: there is no zone “nowhere”"]),
    "wrong choice": (["  level: royal"], ["made-up: level: Value 'royal' is not a valid choice."]),
    "wrong state": (["  state: hidden"], ["made-up: state: Value 'hidden' is not a valid choice."]),
    "number where a date stands": (
        ["  established: 20120801"],
        [
            "made-up: established: “20120801” is no date. Write 2021, 2021-03, 2021-03-06, 2022-Q3, 2022-H2, "
            "2020-01/2020-04, ../2006 or 2018~."
        ],
    ),
    "word where a number stands": (
        ["  area_km2: large"],
        ["made-up: area_km2: “large” value must be a decimal number."],
    ),
    "zero where unknown is meant": (
        ["  area_km2: 0"],
        ["made-up: An unknown area is left empty, never zero."],
    ),
    "list where a text stands": (["  summary_en: [a, b]"], ["made-up: summary_en: is not a single value"]),
    "neither true nor false": (
        ["  name_en_translated: perhaps"],
        ["made-up: name_en_translated: “perhaps” is neither true nor false"],
    ),
    "primary key": (["  id: 7"], ["made-up: id: cannot be set by a file"]),
    "who made it": (["  created_at: 2020-01-01"], ["made-up: created_at: cannot be set by a file"]),
    "text too long": (
        ["  county_en: " + "x" * 81],
        ["made-up: county_en: Ensure this value has at most 80 characters (it has 81)."],
    ),
    "statement without source": (
        ["  statements:", "  - {aspect: area, number: 3}"],
        ["made-up: statements[1].sources: a statement needs a list of sources"],
    ),
    "statement with no sources": (
        ["  statements:", "  - {aspect: area, number: 3, sources: []}"],
        ["made-up: statements[1].sources: a statement needs a list of sources"],
    ),
    "statement with unknown source": (
        ["  statements:", "  - {aspect: area, number: 3, sources: [gossip]}"],
        ["made-up: statements[1].source: there is no source “gossip”"],
    ),
    "statement with unknown aspect": (
        ["  statements:", "  - {aspect: weight, number: 3, sources: [paper]}"],
        ["made-up: statements[1].aspect: there is no aspect “weight”"],
    ),
    "statement without aspect": (
        ["  statements:", "  - {number: 3, sources: [paper]}"],
        ["made-up: statements[1].aspect: is missing"],
    ),
    "statement of a wrong kind": (
        ["  statements:", "  - {aspect: remark, number: 3, sources: [paper]}"],
        ["made-up: statements[1].number: This aspect takes no number."],
    ),
    "statement with a date of a number": (
        ["  statements:", "  - {aspect: area, date: 2021, sources: [paper]}"],
        ["made-up: statements[1].date: This aspect takes no date."],
    ),
    "cited unknown source": (
        ["  sources: [gossip]"],
        ["made-up: cites.whole.source: there is no source “gossip”"],
    ),
    "sources that are no list": (["  sources: paper"], ["made-up: sources: is not a list of sources"]),
    "cites of an unknown aspect": (
        ["  cites: {weight: [paper]}"],
        ["made-up: cites.weight.aspect: there is no aspect “weight”"],
    ),
    "unknown field of a child": (
        ["  parks:", "  - {name_en: Fine}", "  - {name_en: Park, colour: red}"],
        ["made-up: parks[2].colour: there is no such field"],
    ),
    "child that is no mapping": (["  parks: [Park]"], ["made-up: parks[1]: is not a mapping"]),
    "children that are no list": (["  parks: Park"], ["made-up: parks: is not a list"]),
    "coordinates by half": (
        ["  latitude: 37.5"],
        ["made-up: Give latitude, longitude and what they are of, or none of them."],
    ),
}


@pytest.mark.parametrize(("lines", "reasons"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_and_nothing_is_written(load, lines, reasons):
    found = refusal(load, {"zones/zone/more.yaml": zone_file(*lines)})
    assert found == [f"zones/zone/more.yaml: {reason}" for reason in reasons]


@pytest.mark.parametrize(("lines", "reasons"), WRONG.values(), ids=WRONG)
def test_what_becomes_wrong_later_is_named_and_nothing_is_changed(load, lines, reasons):
    load({"zones/zone/more.yaml": zone_file()})
    found = refusal(load, {"zones/zone/more.yaml": zone_file(*lines)})
    assert found == [f"zones/zone/more.yaml: {reason}" for reason in reasons]


def test_a_missing_required_reference_is_named(load):
    text = "records: [{slug: made-up, name_en: Made up, type: economic}]"
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: made-up: city: is missing"
    ]


def test_a_missing_required_value_is_named(load):
    text = "records: [{slug: made-up, name_en: Made up, city: datong}]"
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: made-up: type: This field cannot be blank."
    ]


def test_a_record_without_a_name_is_named_by_its_address(load):
    text = "records: [{slug: made-up, type: economic, city: datong}]"
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: made-up: Give a name in at least one language."
    ]


def test_a_record_without_an_address_is_named_by_its_number(load):
    text = "records: [{slug: fine, name_en: Fine, type: economic, city: datong}, {name_en: Made up}, word]"
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: record 2: slug: is missing",
        "zones/zone/more.yaml: record 3: slug: is missing",
    ]


def test_an_address_that_is_none_is_named(load):
    text = 'records: [{slug: "made up", name_en: Made up, type: economic, city: datong}]'
    found = refusal(load, {"zones/zone/more.yaml": text})
    assert found[0].startswith("zones/zone/more.yaml: made up: slug: Enter a valid “slug”")


def test_malformed_yaml_is_named_with_its_line(load):
    (found,) = refusal(load, {"zones/zone/more.yaml": "records:\n- slug: a\n b: [\n"})
    assert found.startswith("zones/zone/more.yaml: ")
    assert "line 3" in found


def test_a_file_that_is_no_utf_8_is_named(load):
    (found,) = refusal(load, {"zones/zone/more.yaml": "records: [大]".encode("gb18030")})
    assert found.startswith("zones/zone/more.yaml: ")
    assert "utf-8" in found


@pytest.mark.parametrize("text", ["", "- slug: a", "records: {a: b}", "records: []\nother: 1", "just words"])
def test_a_file_of_another_shape_is_named(load, text):
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: a file is a mapping with “records”, a list, and perhaps “defaults”"
    ]


def test_a_key_given_twice_is_named(load):
    (found,) = refusal(load, {"zones/zone/more.yaml": zone_file("  name_en: Another")})
    assert found.startswith("zones/zone/more.yaml: ")
    assert "the key “name_en” is given twice" in found


def test_a_record_given_twice_is_named_with_both_files(load):
    text = "records: [{slug: upper, name_en: Again, type: economic, city: datong}]"
    assert refusal(load, {"zones/zone/more.yaml": text}) == [
        "zones/zone/more.yaml: upper: slug: is given already in zones/zone/datong.yaml"
    ]


@pytest.mark.parametrize("name", ["zones/castle.yaml", "castles/zone.yaml", "zone.yaml"])
def test_a_path_that_names_no_model_is_named(load, name):
    assert refusal(load, {name: "records: []"}) == [
        f"{name}: the path names no model; it is <app>/<model>.yaml or <app>/<model>/<name>.yaml"
    ]


def test_every_problem_of_every_file_is_named_at_once(load):
    found = refusal(
        load,
        {
            "zones/zone/more.yaml": zone_file("  colour: red", "  level: royal"),
            "zones/city.yaml": GOOD["zones/city.yaml"].replace("order: 2", "order: second"),
        },
    )
    assert found == [
        "zones/city.yaml: datong: order: “second” value must be an integer.",
        "zones/zone/more.yaml: made-up: colour: there is no such field",
        "zones/zone/more.yaml: made-up: level: Value 'royal' is not a valid choice.",
    ]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="no data files here"):
        read_files(tmp_path)


def test_when_the_last_record_fails_none_is_written(load):
    # Only the database can tell that a zone is part of itself by way of another.
    circle = """
        defaults: {type: economic, city: datong}
        records:
        - {slug: first, name_en: First}
        - {slug: second, name_en: Second, part_of: third}
        - {slug: third, name_en: Third, part_of: second}
        """
    found = refusal(load, {"zones/zone/more.yaml": circle})
    assert found
    assert {problem.partition(":")[0] for problem in found} == {"zones/zone/more.yaml"}
    assert all("part_of: A zone cannot be part of itself." in problem for problem in found)
    assert set(all_rows_of_files().values()) == {0}


def all_rows_of_files():
    names = ("records.Source", "records.Aspect", "zones.City", "zones.Zone", "records.LoadedRecord")
    return {name: apps.get_model(name).objects.count() for name in names}
