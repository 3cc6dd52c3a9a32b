"""What cannot be is refused with its reason, on the pages of staff and in data files alike."""

import io
import textwrap

import pytest
from django.core.management import CommandError, call_command

from business_environment.models import Policy, Procedure
from records.dates import PartialDate
from records.models import Statement
from tests.factories import make_aspect, make_policy, make_procedure, make_statement
from tests.records.staff import form_data, make_user, page, statements_prefix

pytestmark = pytest.mark.django_db

ENDS_EARLY = "It ends before it begins."
TOO_SMALL = "It cannot be less than 0."
UPSIDE_DOWN = "The upper end lies below the lower one."
ITSELF = "A procedure cannot become itself."


@pytest.fixture
def staff(client):
    client.force_login(make_user(is_superuser=True))
    return client


def post(staff, record, **fields):
    """The answer to the record's page as it is, with these fields changed."""
    data = form_data(staff.get(page(record, "change")))
    return staff.post(page(record, "change"), data | fields)


def post_statement(staff, record, **fields):
    """The same for its only statement."""
    response = staff.get(page(record, "change"))
    prefix = statements_prefix(response)
    changed = {f"{prefix}-0-{name}": value for name, value in fields.items()}
    return staff.post(page(record, "change"), form_data(response) | changed | {"why": "Read again."})


def form_errors(response):
    return dict(response.context["adminform"].form.errors)


def statement_errors(response):
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    return next(dict(one.errors[0]) for one in formsets if one.model is Statement)


# On the pages of staff


def test_a_policy_that_ends_before_it_begins_is_refused(staff):
    policy = make_policy(date=PartialDate("2021-03"))
    assert form_errors(post(staff, policy, valid_until="2020")) == {"valid_until": [ENDS_EARLY]}
    assert form_errors(post(staff, policy, valid_until="2021-02-28")) == {"valid_until": [ENDS_EARLY]}
    policy.refresh_from_db()
    assert policy.valid_until is None
    assert post(staff, policy, valid_until="2021-03-01").status_code == 302


def test_negative_days_are_refused(staff):
    procedure = make_procedure()
    days = make_aspect(unit="working-days", minimum=0)
    statement = make_statement(procedure, aspect=days, number=5)
    assert statement_errors(post_statement(staff, procedure, number="-1")) == {"number": [TOO_SMALL]}
    statement.refresh_from_db()
    assert statement.number == 5
    assert post_statement(staff, procedure, number="0").status_code == 302


def test_a_minimum_above_the_maximum_is_refused(staff):
    procedure = make_procedure()
    statement = make_statement(procedure, aspect=make_aspect(unit="working-days"), number=5)
    answer = post_statement(staff, procedure, number_max="4")
    assert statement_errors(answer) == {"__all__": [UPSIDE_DOWN]}
    statement.refresh_from_db()
    assert statement.number_max is None
    assert post_statement(staff, procedure, number_max="5").status_code == 302


def test_a_procedure_that_becomes_itself_is_refused(staff):
    before, after = make_procedure(), make_procedure(era="after")
    for procedure in (before, after):
        answer = post(staff, procedure, became=procedure.pk)
        assert form_errors(answer)["became"] == [ITSELF]
        procedure.refresh_from_db()
        assert procedure.became is None
    assert post(staff, before, became=after.pk).status_code == 302


# In data files


SOURCE = """
    records:
    - {slug: office, publisher_en: Office, title: Notice, title_lang: en, kind: official}
    """
ASPECT = """
    records:
    - {key: days, label_en: Days, label_zh: 天数, kind: number, unit: working-days, group: output, minimum: 0}
    """
POLICY = """
    records:
    - {{slug: grants, name_en: Grants, name_zh: 补贴, topic: funds, date: 2021-03, valid_until: {value}}}
    """
PROCEDURE = """
    records:
    - slug: before
      name_en: Before
      name_zh: 改革前
      era: before
      stage: land-and-planning
      fate: kept
      scope: shanxi
      became: {became}
      statements:
      - {{aspect: days, sources: [office], {number}}}
    - {{slug: after, name_en: After, name_zh: 改革后, era: after, stage: land-and-planning, scope: shanxi}}
    """


@pytest.fixture
def load(tmp_path):
    """Writes a file of the section and loads it; gives what the loader says of a file it refuses."""

    def write(name, text):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")

    write("records/source.yaml", SOURCE)
    write("records/aspect.yaml", ASPECT)

    def load(name, text):
        write(f"business_environment/{name}", text)
        try:
            call_command("load_data", str(tmp_path), no_progress=True, stdout=io.StringIO())
        except CommandError as refused:
            return [line for line in str(refused).splitlines() if name in line]
        return []

    return load


def test_a_policy_of_a_file_that_ends_before_it_begins_is_refused(load):
    problems = load("policy.yaml", POLICY.format(value="2020"))
    assert problems == [f"business_environment/policy.yaml: grants: valid_until: {ENDS_EARLY}"]
    assert not Policy.objects.exists()
    assert load("policy.yaml", POLICY.format(value="2021")) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"number": "number: -1"}, f"statements[1].number: {TOO_SMALL}"),
        ({"number": "number: 5, number_max: 4"}, f"statements[1]: {UPSIDE_DOWN}"),
        ({"became": "before"}, f"became: {ITSELF}"),
    ],
)
def test_a_procedure_of_a_file_that_cannot_be_is_refused(load, given, problem):
    fine = {"number": "number: 5", "became": "after"}
    assert load("procedure.yaml", PROCEDURE.format(**fine | given)) == [
        f"business_environment/procedure.yaml: before: {problem}"
    ]
    assert not Procedure.objects.exists()
    assert load("procedure.yaml", PROCEDURE.format(**fine)) == []
    assert Procedure.objects.get(slug="before").became.slug == "after"


def test_what_becomes_wrong_later_is_refused_and_changes_nothing(load):
    fine = {"number": "number: 5, number_max: 8", "became": "after"}
    assert load("procedure.yaml", PROCEDURE.format(**fine)) == []
    assert load("procedure.yaml", PROCEDURE.format(**fine | {"became": "before"})) == [
        f"business_environment/procedure.yaml: before: became: {ITSELF}"
    ]
    assert Procedure.objects.get(slug="before").became.slug == "after"
