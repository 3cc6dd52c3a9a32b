"""The page of the permit path, its CSV and its calendar, asked for as a browser asks."""

import csv
import datetime
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from business_environment.models import PathAnswer, Procedure
from tests import factories as make

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]

PAGE = "/en/business-environment/permit-path/"
ANSWERS = "build=new-building&approval=filing&company=has-company"


def text_of(response):
    """What a reader sees: no tags, single spaces."""
    html = re.sub(r"<(script|style|title|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def read_csv(response):
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def checked(response):
    """(name, value) of every box and button of the form that is on."""
    inputs = re.findall(r"<input[^>]+>", response.content.decode())
    return [re.search(r'name="([^"]+)" value="([^"]+)"', one).groups() for one in inputs if " checked" in one]


# The page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (PAGE, "What do you set up?"),
        ("/zh-hans/business-environment/permit-path/", "项目落地方式"),
    ],
)
def test_without_answers_the_page_asks(client, address, words):
    response = client.get(address)
    assert response.status_code == 200
    assert words in text_of(response)
    assert 'role="alert"' not in response.content.decode()
    assert not response.cookies
    assert not response.has_header("Set-Cookie")


def test_with_answers_the_page_shows_the_steps_with_reasons_and_passports(client):
    response = client.get(f"{PAGE}?{ANSWERS}&start=2026-02-10")
    text = text_of(response)
    assert response.status_code == 200
    html = response.content.decode()
    assert re.findall(r'id="(step-\d+)"', html) == [f"step-{number}" for number in range(1, 10)]
    assert 'href="/en/business-environment/approvals/after-land-check/"' in html
    for words in (
        "Round 2 (3 steps, side by side)",
        "3 working days as of 2019 Guangming Daily",
        "In the Houma case the land check is named after the filing. our reading",
        "4 working days after the start 14 February 2026",
        "at least 4 working days",
        "not known: the days of step 2 are not stated",
        "It can begin on 11 February 2026 at the earliest.",
        "Holidays are known up to the end of 2026.",
        "Commitment letter to the published standards",
        "Fire safety design review",
    ):
        assert words in text, words
    assert checked(response) == [
        ("build", "new-building"),
        ("approval", "filing"),
        ("company", "has-company"),
    ]


def test_without_a_day_there_are_working_days_and_no_dates(client):
    text = text_of(client.get(f"{PAGE}?{ANSWERS}"))
    assert "4 working days after the start" in text
    assert "It can begin 1 working day after the start." in text
    assert "February 2026" not in text


def test_dates_beyond_the_announced_holidays_are_said_to_be_unknown(client):
    text = text_of(client.get(f"{PAGE}?{ANSWERS}&start=2026-12-30"))
    assert (
        "4 working days after the start Date not known: it lies after 2026, the last year whose holidays"
        in text
    )


def test_a_day_that_is_not_worked_is_named(client):
    text = text_of(client.get(f"{PAGE}?{ANSWERS}&start=2026-02-16"))
    assert "16 February 2026 No working day in China: counted from 24 February 2026." in text


def test_a_draft_leaves_no_trace(client):
    before = client.get(f"{PAGE}?{ANSWERS}").content
    hidden = make.make_procedure(name_en="Hidden thing", state="draft", scope="china", fate="not-known")
    make.make_procedure_rule(hidden)
    make.make_prerequisite(Procedure.objects.get(slug="after-filing"), hidden, reason_en="Hidden reason")
    make.make_prerequisite(hidden, Procedure.objects.get(slug="utilities-access"))
    assert client.get(f"{PAGE}?{ANSWERS}").content == before


def test_only_reading_is_answered(client):
    assert client.post(PAGE).status_code == 405
    assert client.head(f"{PAGE}?{ANSWERS}").status_code == 200


def test_a_page_takes_as_many_queries_for_more_rules(client):
    def queries():
        with CaptureQueriesContext(connection) as context:
            assert client.get(f"{PAGE}?{ANSWERS}&start=2026-03-09").status_code == 200
        return len(context)

    queries()
    few = queries()
    for _number in range(3):
        procedure = make.make_procedure()
        make.make_procedure_rule(procedure, PathAnswer.objects.get(slug="filing"))
        make.make_prerequisite(procedure, Procedure.objects.get(slug="after-filing"))
        make.make_statement(procedure)
    assert queries() == few


# What is not understood

BAD = [
    ("build=new-building", {"approval": "Choose an answer.", "company": "Choose an answer."}),
    (f"{ANSWERS}&colour=red", {"colour": "There is no such question. There are: build, approval,"}),
    (f"{ANSWERS}&site=moon", {"site": "“moon” is not one of the values."}),
    (
        "build=castle&approval=filing&company=has-company",
        {"build": "“castle” is not one of the values."},
    ),
    (f"{ANSWERS}&build=extension", {"build": "This question takes one answer, not several."}),
    (f"{ANSWERS}&start=tomorrow", {"start": "“tomorrow” is not a day. Write it like 2026-03-02."}),
    (f"{ANSWERS}&start=2026-02-30", {"start": "“2026-02-30” is not a day."}),
    (f"{ANSWERS}&start=20260302", {"start": "“20260302” is not a day."}),
    (f"{ANSWERS}&start=9999-12-31", {"start": "China’s holidays are known here from 2004 to 2026."}),
    (f"{ANSWERS}&start=0001-01-01", {"start": "China’s holidays are known here from 2004 to 2026."}),
    (f"{ANSWERS}&start=2026-03-02&start=2026-03-03", {"start": "Give one day, not several."}),
    (f"{ANSWERS}&start=%00", {"start": "“\x00” is not a day."}),
    ("start=", dict.fromkeys(("build", "approval", "company"), "Choose an answer.")),
    ("?=&%ff=%ff", {"approval": "Choose an answer."}),
]


@pytest.mark.parametrize(("query", "problems"), BAD)
def test_what_is_not_understood_is_named_everywhere(client, query, problems):
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 400
    named = re.search(r'<div class="notice notice--error.*?</div>', page.content.decode(), re.DOTALL)[0]
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", named)).split())
    for parameter, message in problems.items():
        assert f"{parameter} {message}" in text
    for kind in ("csv", "ics"):
        file = client.get(f"/en/business-environment/permit-path.{kind}?{query}")
        assert file.status_code == 400
        assert file["Content-Type"] == "text/plain; charset=utf-8"
        for parameter, message in problems.items():
            assert re.search(f"^{parameter}: .*{re.escape(message)}", file.content.decode(), re.MULTILINE)


def test_what_was_understood_is_kept(client):
    page = client.get(f"{PAGE}?build=extension&site=relics&site=moon&start=2026-99-01")
    assert checked(page) == [("build", "extension"), ("site", "relics")]
    assert 'value="2026-99-01"' in page.content.decode()


def test_what_is_echoed_is_escaped(client):
    page = client.get(f'{PAGE}?build=<script>x</script>&start="><b>')
    assert b"<script>x" not in page.content
    assert b'"><b>' not in page.content


# Files


def test_the_table_has_a_line_for_each_step(client):
    response = client.get(f"/en/business-environment/permit-path.csv?{ANSWERS}&start=2026-02-10")
    assert response["Content-Disposition"] == 'attachment; filename="permit-path.csv"'
    rows = read_csv(response)
    assert [row["Address"] for row in rows][:4] == [
        "after-filing",
        "after-government-services",
        "after-enterprise-commitments",
        "after-land-check",
    ]
    check = rows[3]
    assert (check["Step"], check["Round"], check["Begins after step"]) == ("4", "2", "1")
    assert (check["Working days from"], check["Working days to"]) == ("3", "3")
    assert (check["Days as of"], check["Source of the days"]) == ("2019", "Guangming Daily")
    assert (check["Earliest finish, working day"], check["Latest finish on"]) == ("4", "2026-02-14")
    assert check["Our reading"] == "yes"
    services = rows[1]
    assert (services["Working days from"], services["Latest finish on"]) == ("", "")
    assert services["Not known because"] == "the days of step 2 are not stated"
    assert (services["Our reading"], services["Source of the rules"]) == (
        "no",
        "Chinese Government website (gov.cn)",
    )


def test_the_table_is_headed_in_the_readers_language(client):
    rows = read_csv(client.get(f"/zh-hans/business-environment/permit-path.csv?{ANSWERS}"))
    assert rows[0]["名称（中文）"] == "项目备案"
    assert rows[1]["不详的原因"] == "环节2的办理时间未注明"


def calendar(client, start, language="en"):
    response = client.get(f"/{language}/business-environment/permit-path.ics?{ANSWERS}&start={start}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content, Calendar.from_ical(response.content)


def test_the_calendar_has_events_for_dates_and_tasks_for_the_rest(client):
    content, one = calendar(client, "2026-02-10")
    events = {str(event["uid"]).partition(".")[0]: event for event in one.walk("VEVENT")}
    assert sorted(events) == ["after-filing", "after-land-check"]
    check = events["after-land-check"]
    assert check["dtstart"].dt == datetime.date(2026, 2, 11)
    # The end of an all-day event is the day after its last.
    assert check["dtend"].dt == datetime.date(2026, 2, 15)
    assert check["summary"] == "Land check"
    assert check["url"].startswith("http")
    assert check["url"].endswith("/en/business-environment/approvals/after-land-check/")
    assert "Days stated: 3 working days" in check["description"]
    assert "Sources: Guangming Daily" in check["description"]
    assert "our own reading" in check["description"]
    tasks = one.walk("VTODO")
    assert len(tasks) == 7
    assert all("due" not in task for task in tasks)
    # Asked again, byte for byte the same; another start moves the same events.
    assert calendar(client, "2026-02-10")[0] == content
    assert [str(event["uid"]) for event in calendar(client, "2026-03-09")[1].walk("VEVENT")] == [
        str(event["uid"]) for event in one.walk("VEVENT")
    ]


def test_the_calendar_is_in_the_readers_language(client):
    _content, one = calendar(client, "2026-02-10", "zh-hans")
    assert [str(event["summary"]) for event in one.walk("VEVENT")] == ["项目备案", "土地核验"]


def test_a_calendar_needs_a_day(client):
    response = client.get(f"/en/business-environment/permit-path.ics?{ANSWERS}")
    assert response.status_code == 400
    assert "start: A calendar needs a day to count from." in response.content.decode()


def test_files_ask_for_answers_too(client):
    for kind in ("csv", "ics"):
        response = client.get(f"/en/business-environment/permit-path.{kind}")
        assert response.status_code == 400
        assert "build: Choose an answer." in response.content.decode()
