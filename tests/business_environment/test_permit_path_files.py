"""The CSV and the calendar of a permit path whose days lie beyond the holidays that are known."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from icalendar import Calendar

from business_environment.working_days import LAST_YEAR, first_working_day
from tests import factories as make

pytestmark = pytest.mark.django_db

FILE = "/en/business-environment/permit-path"
LATE = f"Date not known: it lies after {LAST_YEAR}, the last year whose holidays this calendar holds"


@pytest.fixture
def path():
    """One step of 2 to 4 working days, and one after it whose days are not stated."""
    aspect = make.make_aspect(key="working-days", unit="working-days")
    first, second = (
        make.make_procedure(slug=slug, name_en=slug, order=order) for slug, order in (("a", 1), ("b", 2))
    )
    make.make_statement(first, aspect=aspect, number=Decimal(2), number_max=Decimal(4))
    make.make_procedure_rule(first)
    make.make_procedure_rule(second)
    make.make_prerequisite(second, first)


def rows_of(client, start):
    response = client.get(f"{FILE}.csv?start={start}")
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return {row["Address"]: row for row in csv.DictReader(io.StringIO(text))}


# The last days that are worked in the years that are known, the last of them first.
DAYS = [datetime.date(LAST_YEAR, 12, 31) - datetime.timedelta(days=days) for days in range(20)]
WORKED = [day.isoformat() for day in DAYS if first_working_day(day) == day]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    ("start", "dates", "why"),
    [
        (WORKED[4], (WORKED[2], WORKED[0]), ""),
        (WORKED[3], (WORKED[1], ""), LATE),
        (WORKED[0], ("", ""), LATE),
    ],
)
def test_a_finish_beyond_the_known_holidays_is_said_in_words(client, start, dates, why):
    rows = rows_of(client, start)
    first = rows["a"]
    assert (first["Earliest finish, working day"], first["Latest finish, working day"]) == ("2", "4")
    assert (first["Earliest finish on"], first["Latest finish on"]) == dates
    assert first["Not known because"] == why
    assert rows["b"]["Not known because"] == "the days of step 2 are not stated"

    calendar = Calendar.from_ical(client.get(f"{FILE}.ics?start={start}").content)
    (step,) = [one for one in calendar.walk() if str(one.get("summary", "")) == "a"]
    assert step.name == ("VTODO" if why else "VEVENT")
    assert (LATE in step["description"]) == bool(why)


@pytest.mark.usefixtures("path")
def test_without_a_first_day_no_date_is_missed(client):
    response = client.get(f"{FILE}.csv?start=")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    assert "Date not known" not in text


def test_a_name_adds_nothing_to_the_calendar_but_itself(client):
    name = "a\r\nEND:VEVENT\r\nATTENDEE:mailto:evil@evil.example;b,c\\n" + "长" * 80
    procedure = make.make_procedure(slug="trap", name_en=name, name_zh=name)
    make.make_procedure_rule(procedure)
    content = client.get(f"{FILE}.ics?start={WORKED[4]}").content
    lines = content.split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTENDEE", b"END:VEVENT\\r"))]
    assert max(map(len, lines)) <= 75
    steps = [one for one in Calendar.from_ical(content).walk() if one.get("uid")]
    assert [str(one["summary"]) for one in steps] == [name.replace("\r\n", "\n")]
