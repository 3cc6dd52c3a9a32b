"""What `make load` is made of: what visitors ask for is there, and what they met is counted right."""

import pytest
from django.db import transaction
from django.test import Client

from benchmarks.load import account
from benchmarks.load.saved import missing_saves
from benchmarks.load.scenario import PASSWORD, make_editors, scenario
from benchmarks.made_up.database import fill
from projects.models import Project
from tests.fuzzing.forms import forms_of


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """Made-up projects in the database, for the tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(projects=60, zones=70, seed=7, progress=False)
        yield
        transaction.set_rollback(True)


@pytest.mark.sqlite
def test_what_readers_ask_for_says_what_they_expect(db, records):
    made, client = scenario(readers=2, editors=1), Client()
    for kind in ("overviews", "lists", "searches", "details", "files"):
        assert made[kind]
        for address, says in made[kind][:: max(len(made[kind]) // 4, 1)]:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert says in answer.getvalue().decode().replace("&#x27;", "'"), address


def test_an_editor_signs_in_and_saves_by_the_forms_as_they_are(db, records):
    make_editors(1)
    record, client = scenario(readers=1, editors=1)["records"][0], Client(enforce_csrf_checks=True)
    send(client, "/admin/login/", username="load-0", password=PASSWORD)
    words = "Written under load."
    address = f"/admin/projects/project/{record}/change/"
    assert send(client, address, summary_en=words, _save="Save").status_code == 302
    assert Project.objects.get(pk=record).summary_en == words
    assert missing_saves([[1, record, words]]) == []
    # What was never saved is missed, as the last and in the history.
    assert missing_saves([[1, record, "lost"], [2, record, words]]) == [[record, "lost"]]
    assert missing_saves([[1, record, words], [2, record, "lost"]]) == [[record, "lost"]] * 2


def send(client, address, **typed):
    """Fill in the form of a page that has these fields, and send it as an editor under load does."""
    forms = forms_of(address, client.get(address).content.decode())
    form = next(form for form in forms if set(typed) <= set(form.names))
    return client.post(address, dict(form.fields) | typed)


def met(*, kept=10.0, growth=1.0, failures=(), saves=1, missing=()):
    """What a run of a minute may have met."""
    before = [[second, 100.0] for second in range(40)]
    return {
        "samples": [[0, "bare", 5.0], [1, "kept", kept], [60, "save", 200.0]],
        "failures": [[2, "list", why] for why in failures],
        "saves": [[3, 1, "words"]] * saves,
        "memory": before + [[40 + second, 100.0 * growth] for second in range(20)],
        "missing": list(missing),
    }


def kept_by(**changed):
    return [kept for *_said, kept in account.promises(account.of_run(met(**changed), 60))]


def test_a_run_is_summed_up():
    run = account.of_run(met(), 60)
    assert (run["requests"], run["per_second"]) == (3, 3 / 60)
    assert run["kinds"]["kept"] == {"requests": 1, "median": 10.0, "p99": 10.0, "errors": 0}
    assert account.percentile(range(1, 101), 0.99) == 100
    assert account.percentile(range(1, 1001), 0.5) == 501


def test_each_promise_can_be_broken():
    assert kept_by() == [True] * 4
    assert kept_by(failures=["/en/: 500"]) == [False, True, True, True]
    assert kept_by(kept=15.1) == [True, False, True, True]
    assert kept_by(growth=1.06) == [True, True, False, True]
    assert kept_by(saves=0) == [True, True, True, False]
    assert kept_by(missing=[[1, "words"]]) == [True, True, True, False]
    run = account.of_run(met(missing=[[1, "words"]]), 60)
    assert not account.is_kept({"engines": {"sqlite": run}})
