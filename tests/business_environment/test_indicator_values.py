"""Values and their indicator are in one unit: what is refused, by staff pages and by the loader, and why."""

import io
import textwrap
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from business_environment.models import Indicator, IndicatorValue
from tests.factories import make_indicator, make_indicator_value
from tests.records.staff import form_data, make_user, page

pytestmark = pytest.mark.django_db

IN_PER_CENT = "The indicator is in per cent."
SAME_IN_PER_CENT = "The indicator is in per cent, and this is a number of the same."


@pytest.fixture
def staff(client):
    client.force_login(make_user(is_superuser=True))
    return client


def row_errors(response):
    """Errors of the value rows below the indicator, by field."""
    for one in response.context["inline_admin_formsets"]:
        if one.formset.model is IndicatorValue:
            return [
                {name: list(messages) for name, messages in errors.items()} for errors in one.formset.errors
            ]
    return []


def value_data(number, **fields):
    """A row of values as the form posts it."""
    values = {"slug": f"new-{number}", "number": "5", "unit": "percent", "period": "2020"} | fields
    return {f"values-{number}-{name}": value for name, value in values.items()}


def with_rows(data, *rows):
    """The data of a page with rows more."""
    start = int(data["values-INITIAL_FORMS"])
    for number, row in enumerate(rows, start=start):
        data |= value_data(number, **row)
    return data | {"values-TOTAL_FORMS": str(start + len(rows))}


# On the page of the indicator


def test_a_value_in_another_unit_is_refused_on_the_page_of_its_indicator(staff):
    indicator = make_indicator(unit="percent")
    data = form_data(staff.get(page(indicator, "change")))
    response = staff.post(page(indicator, "change"), data | {"values-0-unit": "yuan"})
    assert row_errors(response) == [{"unit": [IN_PER_CENT]}]
    assert indicator.values.get().unit == "percent"


def test_a_new_value_is_held_against_the_unit_that_is_posted_with_it(staff):
    indicator = make_indicator(unit="yuan", values=0)
    data = form_data(staff.get(page(indicator, "change"))) | {"unit": "percent", "why": "Read again."}
    response = staff.post(page(indicator, "change"), with_rows(data, {"unit": "yuan"}, {"unit": "percent"}))
    assert row_errors(response) == [{"unit": [IN_PER_CENT]}, {}]
    assert not indicator.values.exists()

    assert staff.post(page(indicator, "change"), with_rows(data, {"unit": "percent"})).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.unit, indicator.values.get().unit) == ("percent", "percent")


def test_a_new_indicator_comes_with_values_of_its_own_unit(staff):
    data = {
        "slug": "growth",
        "name_en": "Growth",
        "name_zh": "增速",
        "topic": "economy",
        "order": "1",
        "unit": "percent",
        "place_en": "Shanxi",
        "place_zh": "山西省",
        "is_in_shanxi": "on",
    }
    blank = form_data(staff.get(page(Indicator, "add")))
    data = with_rows(blank | data, {"unit": "yuan"})
    response = staff.post(page(Indicator, "add"), data)
    assert row_errors(response) == [{"unit": [IN_PER_CENT]}]
    response = staff.post(page(Indicator, "add"), data | {"unit": ""})
    assert response.context["adminform"].form.errors == {"unit": ["This field is required."]}
    assert not Indicator.objects.exists()
    assert staff.post(page(Indicator, "add"), data | {"values-0-unit": "percent"}).status_code == 302
    assert IndicatorValue.objects.get().indicator.slug == "growth"


@pytest.mark.parametrize("also_values", [False, True])
def test_the_unit_of_an_indicator_with_values_is_not_changed(staff, also_values):
    """Nor with its values' units: the numbers would say something else."""
    indicator = make_indicator(unit="percent")
    data = form_data(staff.get(page(indicator, "change"))) | {"unit": "yuan"}
    data |= {"values-0-unit": "yuan"} if also_values else {}
    response = staff.post(page(indicator, "change"), data)
    assert response.context["adminform"].form.errors == {"unit": ["Its value of 2020 is in per cent."]}
    indicator.refresh_from_db()
    assert (indicator.unit, indicator.values.get().unit) == ("percent", "percent")


# On the value's own page


@pytest.mark.parametrize(
    ("posted", "errors"),
    [
        ({"unit": "yuan"}, {"unit": [IN_PER_CENT]}),
        (
            {"comparison": "national-average", "comparison_number": "3", "comparison_unit": "yuan"},
            {"comparison_unit": [SAME_IN_PER_CENT]},
        ),
        (
            {"comparison": "previous-year", "comparison_number": "3", "comparison_unit": "usd"},
            {"comparison_unit": [SAME_IN_PER_CENT]},
        ),
        (
            {"comparison_number": "3"},
            {"__all__": ["Say what the number is compared with and in which unit."]},
        ),
    ],
)
def test_a_value_in_another_unit_is_refused_on_its_own_page(staff, posted, errors):
    value = make_indicator(unit="percent").values.get()
    data = form_data(staff.get(page(value, "change")))
    response = staff.post(page(value, "change"), data | posted)
    assert response.context["adminform"].form.errors == errors
    value.refresh_from_db()
    assert (value.unit, value.comparison_number) == ("percent", None)


def test_what_is_no_number_of_the_same_may_have_another_unit(staff):
    value = make_indicator(unit="yuan").values.get()
    data = form_data(staff.get(page(value, "change")))
    data |= {"comparison": "conversion", "comparison_number": "190000000000", "comparison_unit": "usd"}
    data |= {"why": "Read again."}
    assert staff.post(page(value, "change"), data).status_code == 302
    value.refresh_from_db()
    assert (value.comparison_number, value.comparison_unit) == (Decimal(190000000000), "usd")


def test_a_new_value_in_another_unit_is_refused_on_its_own_page(staff):
    indicator = make_indicator(unit="percent", values=0)
    address = reverse("admin:business_environment_indicatorvalue_add")
    data = form_data(staff.get(address))
    data |= {"indicator": indicator.pk, "slug": "new", "number": "5", "unit": "yuan", "period": "2020"}
    response = staff.post(address, data)
    assert response.context["adminform"].form.errors == {"unit": [IN_PER_CENT]}
    data |= {"unit": "percent", "why": "The yearbook has it."}
    assert staff.post(address, data).status_code == 302


# By the loader

FILE = """
    records:
    - slug: growth
      name_en: Growth
      name_zh: 增速
      topic: economy
      unit: {unit}
      place_en: Shanxi
      place_zh: 山西省
      values:
      - {{slug: growth-2020, number: 10.6, unit: percent, period: 2020}}
      - {{slug: growth-2021, number: 8.7, unit: {second}, period: 2021{more}}}
    """


def load(folder, unit="percent", second="percent", more=""):
    file = folder / "business_environment" / "indicator.yaml"
    file.parent.mkdir(exist_ok=True)
    text = FILE.format(unit=unit, second=second, more=more)
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    call_command("load_data", str(folder), no_progress=True, stdout=io.StringIO())


def refusal(folder, **given):
    """What the loader says of a file that it refuses, line by line."""
    with pytest.raises(CommandError) as refused:
        load(folder, **given)
    return str(refused.value).splitlines()


WHERE = "business_environment/indicator.yaml: growth"


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"second": "yuan"}, [f"{WHERE}: values[2].unit: {IN_PER_CENT}"]),
        (
            {
                "more": ", comparison: national-average, comparison_number: 4.9, comparison_unit: yuan",
            },
            [f"{WHERE}: values[2].comparison_unit: {SAME_IN_PER_CENT}"],
        ),
    ],
)
def test_the_loader_names_file_record_and_field(tmp_path, given, problems):
    assert [line for line in refusal(tmp_path, **given) if line.startswith(WHERE)] == problems
    assert not Indicator.objects.exists()
    load(tmp_path)
    assert IndicatorValue.objects.count() == 2


def test_the_loader_changes_no_unit_below_its_values(tmp_path):
    load(tmp_path)
    problems = [line for line in refusal(tmp_path, unit="yuan", second="yuan") if line.startswith(WHERE)]
    assert problems
    assert all(".unit: " in line or ": unit: " in line for line in problems)
    assert Indicator.objects.get().unit == "percent"


def test_the_rules_are_the_models_own():
    indicator = make_indicator(unit="percent")
    value = make_indicator_value(indicator)
    value.unit = "yuan"
    with pytest.raises(ValidationError) as refused:
        value.full_clean()
    assert refused.value.message_dict == {"unit": [IN_PER_CENT]}
    indicator.unit = "yuan"
    with pytest.raises(ValidationError) as refused:
        indicator.full_clean()
    assert refused.value.message_dict == {"unit": ["Its value of 2020 is in per cent."]}
