"""`load_data` run again and again: it writes what changed in the files, never over the work of staff."""

import io
import textwrap

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from records.models import State
from tests.factories import make_indicator_value, make_source
from zones.models import City, Zone

pytestmark = pytest.mark.django_db

FILES = {
    "records/source.yaml": """
        records:
        - {slug: paper, publisher_en: Daily, title: Article, title_lang: en, kind: media}
        - {slug: office, publisher_en: Office, title: Notice, title_lang: en, kind: official}
        """,
    "records/aspect.yaml": """
        records:
        - {key: whole, label_en: Whole, label_zh: 整体, kind: citation, group: identity}
        - {key: area, label_en: Area, label_zh: 面积, kind: number, unit: km2, group: land}
        """,
    "zones/city.yaml": """
        records:
        - {slug: datong, name_en: Datong, name_zh: 大同}
        - {slug: linfen, name_en: Linfen, name_zh: 临汾}
        """,
    "zones/zone.yaml": """
        defaults: {state: published, type: economic, city: datong}
        records:
        - slug: first
          name_en: First zone
          summary_en: As the file says.
          county_en: County
          area_km2: 14
          other_cities: [linfen]
          sources: [paper]
          statements:
          - {aspect: area, number: 14, sources: [paper]}
          parks:
          - {name_en: Park one}
          - {name_en: Park two}
        - slug: second
          name_en: Second zone
        """,
    "business_environment/indicator.yaml": """
        records:
        - slug: starts
          name_en: Starts
          topic: project-starts
          unit: projects
          place_en: Shanxi
          place_zh: 山西
          values:
          - {slug: starts-2020, number: 7200, unit: projects, period: 2020, sources: [paper]}
          - {slug: starts-2021, number: 8000, unit: projects, period: 2021}
        """,
}


@pytest.fixture
def folder(tmp_path):
    """The files of FILES in a folder; `replace` changes the words of one of them."""

    class Folder:
        path = tmp_path

        def write(self, name, text):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")

        def replace(self, name, old, new):
            file = tmp_path / name
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1
            file.write_text(text.replace(old, new), encoding="utf-8")

        def load(self):
            out = io.StringIO()
            call_command("load_data", str(tmp_path), no_progress=True, stdout=out)
            return out.getvalue().splitlines()

    folder = Folder()
    for name, text in FILES.items():
        folder.write(name, text)
    return folder


def everything():
    """All rows of all tables, with their ids and times of change."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()
    }


def first():
    return Zone.objects.get(slug="first")


def test_a_first_load_says_how_many_records_are_new(folder):
    assert folder.load() == ["Data: 9 new, 0 changed, 0 unchanged."]
    assert Zone.objects.count() == 2


def test_a_second_load_changes_nothing(folder):
    folder.load()
    before = everything()
    assert folder.load() == ["Data: 0 new, 0 changed, 9 unchanged."]
    assert everything() == before


def test_a_changed_file_changes_that_field_and_no_other(folder):
    folder.load()
    before = everything()
    folder.replace("zones/zone.yaml", "County", "District")
    assert folder.load() == ["Data: 0 new, 1 changed, 8 unchanged."]
    after = everything()
    ours, theirs = before["zones.Zone"][0], after["zones.Zone"][0]
    assert {name for name in ours if ours[name] != theirs[name]} == {"county_en", "changed_at"}
    assert theirs["county_en"] == "District"
    assert before["zones.Zone"][1] == after["zones.Zone"][1]
    changed = {name for name in before if before[name] != after[name]}
    # The count of changes: SQLite counts at once, PostgreSQL when the test would commit.
    expected = {"zones.Zone", "records.LoadedRecord", "records.Version"}
    assert changed - {"listings.DataVersion"} == expected


def test_a_field_taken_out_of_the_file_goes_back_to_its_default(folder):
    folder.load()
    folder.replace("zones/zone.yaml", "  county_en: County\n", "")
    folder.replace("zones/zone.yaml", "  area_km2: 14\n", "")
    folder.replace("zones/zone.yaml", "  other_cities: [linfen]\n", "")
    folder.load()
    zone = first()
    assert (zone.county_en, zone.area_km2, list(zone.other_cities.all())) == ("", None, [])
    assert zone.summary_en == "As the file says."


def test_statements_and_children_taken_out_of_the_file_go(folder):
    folder.load()
    folder.replace("zones/zone.yaml", "  - {name_en: Park two}\n", "")
    folder.replace("zones/zone.yaml", "  sources: [paper]\n", "")
    folder.load()
    assert [park.name_en for park in first().parks.all()] == ["Park one"]
    assert [row.aspect.key for row in first().statements.all()] == ["area"]


def test_a_changed_statement_is_changed(folder):
    folder.load()
    folder.replace("zones/zone.yaml", "number: 14", "number: 15")
    folder.load()
    assert [float(row.number) for row in first().statements.filter(aspect__key="area")] == [15]


def test_children_with_a_key_keep_their_row(folder):
    folder.load()
    indicator = apps.get_model("business_environment.Indicator").objects.get()
    before = dict(indicator.values.values_list("slug", "pk"))
    folder.replace("business_environment/indicator.yaml", "number: 8000", "number: 8001")
    folder.load()
    assert dict(indicator.values.values_list("slug", "pk")) == before
    assert {row.slug: float(row.number) for row in indicator.values.all()} == {
        "starts-2020": 7200,
        "starts-2021": 8001,
    }
    assert indicator.values.get(slug="starts-2020").statements.count() == 1


def test_what_staff_changed_survives_and_is_reported(folder):
    folder.load()
    Zone.objects.filter(slug="first").update(summary_en="As staff say.")
    folder.replace("zones/zone.yaml", "As the file says.", "As the file says now.")
    folder.replace("zones/zone.yaml", "County", "District")
    assert folder.load() == [
        "Kept, changed by staff: zones.Zone first: summary_en",
        "Data: 0 new, 1 changed, 8 unchanged.",
    ]
    assert (first().summary_en, first().county_en) == ("As staff say.", "District")


def test_what_staff_changed_survives_every_later_load(folder):
    folder.load()
    Zone.objects.filter(slug="first").update(summary_en="As staff say.")
    for old, new in [("As the file says.", "Once."), ("Once.", "Twice."), ("Twice.", "Thrice.")]:
        folder.replace("zones/zone.yaml", old, new)
        assert "Kept, changed by staff: zones.Zone first: summary_en" in folder.load()
        assert first().summary_en == "As staff say."


def test_what_staff_changed_is_left_alone_while_the_file_stays_the_same(folder):
    folder.load()
    Zone.objects.filter(slug="first").update(summary_en="As staff say.")
    assert folder.load() == ["Data: 0 new, 0 changed, 9 unchanged."]
    assert first().summary_en == "As staff say."


def test_a_field_that_staff_changed_survives_its_removal_from_the_file(folder):
    folder.load()
    Zone.objects.filter(slug="first").update(county_en="Staff county")
    folder.replace("zones/zone.yaml", "  county_en: County\n", "")
    assert "Kept, changed by staff: zones.Zone first: county_en" in folder.load()
    assert first().county_en == "Staff county"


def test_links_that_staff_changed_survive(folder):
    folder.load()
    first().other_cities.clear()
    Zone.objects.filter(slug="first").update(city=City.objects.get(slug="linfen"))
    folder.replace("zones/zone.yaml", "other_cities: [linfen]", "other_cities: [linfen, datong]")
    folder.replace("zones/zone.yaml", "  county_en: County", "  city: datong\n  county_en: District")
    lines = folder.load()
    assert "Kept, changed by staff: zones.Zone first: other_cities" in lines
    assert (first().city.slug, first().county_en, list(first().other_cities.all())) == (
        "linfen",
        "District",
        [],
    )


def test_statements_that_staff_changed_survive(folder):
    folder.load()
    row = first().statements.get(aspect__key="area")
    row.doubt_en = "Staff doubt it."
    row.save()
    folder.replace("zones/zone.yaml", "number: 14", "number: 15")
    folder.replace("zones/zone.yaml", "County", "District")
    assert folder.load() == [
        "Kept, changed by staff: zones.Zone first: statements",
        "Data: 0 new, 1 changed, 8 unchanged.",
    ]
    kept = first().statements.get(aspect__key="area")
    assert (kept.pk, float(kept.number), kept.doubt_en) == (row.pk, 14, "Staff doubt it.")
    assert first().county_en == "District"


def test_statements_that_staff_added_survive(folder):
    folder.load()
    area = apps.get_model("records.Aspect").objects.get(key="area")
    first().statements.create(aspect=area, source=make_source(slug="staff"), number=16)
    folder.replace("zones/zone.yaml", "number: 14", "number: 15")
    folder.load()
    found = first().statements.filter(aspect=area).order_by("pk")
    assert [float(row.number) for row in found] == [14, 16]


def test_children_that_staff_changed_survive(folder):
    folder.load()
    first().parks.filter(name_en="Park one").update(note_en="Staff note")
    folder.replace("zones/zone.yaml", "Park two", "Park 2")
    assert "Kept, changed by staff: zones.Zone first: parks" in folder.load()
    assert [(park.name_en, park.note_en) for park in first().parks.all()] == [
        ("Park one", "Staff note"),
        ("Park two", ""),
    ]


def test_values_that_staff_added_survive(folder):
    folder.load()
    indicator = apps.get_model("business_environment.Indicator").objects.get()
    make_indicator_value(indicator, slug="starts-staff")
    folder.replace("business_environment/indicator.yaml", "number: 8000", "number: 8001")
    assert "Kept, changed by staff: business_environment.Indicator starts: values" in folder.load()
    assert indicator.values.filter(slug="starts-staff").exists()
    assert float(indicator.values.get(slug="starts-2021").number) == 8000


def test_a_record_that_staff_deleted_stays_deleted(folder):
    folder.load()
    Zone.objects.filter(slug="second").update(state=State.DRAFT)
    Zone.objects.get(slug="second").delete()
    assert folder.load() == ["Data: 0 new, 0 changed, 9 unchanged."]
    folder.replace("zones/zone.yaml", "Second zone", "Second zone again")
    assert folder.load()[0] == "Kept, changed by staff: zones.Zone second: deleted by staff"
    assert [zone.slug for zone in Zone.objects.all()] == ["first"]


def test_a_record_that_staff_made_is_never_taken_over(folder):
    folder.load()
    Zone.objects.create(
        slug="third", name_en="Staff zone", type="other", city=City.objects.get(slug="datong")
    )
    folder.replace("zones/zone.yaml", "- slug: second", "- {slug: third, name_en: File zone}\n- slug: second")
    for _time in range(2):
        assert folder.load()[0] == "Kept, changed by staff: zones.Zone third: made by staff"
        assert (Zone.objects.get(slug="third").name_en, Zone.objects.count()) == ("Staff zone", 3)


def test_a_withdrawal_by_staff_survives(folder):
    folder.load()
    Zone.objects.filter(slug="first").update(
        state=State.WITHDRAWN, withdrawn_on=timezone.localdate(), withdrawn_reason_en="Counted twice."
    )
    folder.replace("zones/zone.yaml", "County", "District")
    folder.load()
    assert (first().state, first().county_en) == (State.WITHDRAWN, "District")


def test_a_record_taken_out_of_the_files_stays_and_is_named(folder):
    folder.load()
    folder.replace("zones/zone.yaml", "- slug: second\n  name_en: Second zone\n", "")
    assert folder.load() == [
        "No longer in the files, left as it is: zones.zone second",
        "Data: 0 new, 0 changed, 8 unchanged.",
    ]
    assert Zone.objects.count() == 2


def test_a_refused_load_leaves_every_row_as_it_was(folder):
    folder.load()
    before = everything()
    folder.replace("zones/zone.yaml", "County", "District")
    folder.replace("business_environment/indicator.yaml", "number: 8000", "number: many")
    with pytest.raises(CommandError) as refused:
        folder.load()
    where = "business_environment/indicator.yaml: starts: values[2].number"
    assert str(refused.value).splitlines() == [
        "Nothing was written.",
        f"{where}: “many” value must be a decimal number.",
        f"{where}: This field cannot be null.",
    ]
    assert everything() == before


def test_a_long_list_of_problems_is_cut_and_says_so(folder):
    rows = "".join(f"- {{slug: zone-{number}, name_en: Zone, colour: red}}\n" for number in range(60))
    folder.write("zones/zone.yaml", f"defaults: {{type: economic, city: datong}}\nrecords:\n{rows}")
    with pytest.raises(CommandError) as refused:
        folder.load()
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (52, "Nothing was written.", "… and 10 more")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="there is no such directory"):
        call_command("load_data", str(tmp_path / "nowhere"))
