"""Before and after, step by step: every step is shown once, and leads only to what the public may see."""

import pytest

from business_environment.models import Procedure
from tests.business_environment.approvals_page import ADDRESS, groups, steps
from tests.factories import make_procedure, make_reform

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

Fate, Stage = Procedure.Fate, Procedure.Stage


def joined():
    return [([row.slug for row in join.before], join.after.slug) for join in steps().joins]


def ended():
    return {
        ending.fate: ([row.slug for row in ending.before], str(ending.words)) for ending in steps().endings
    }


def test_steps_that_became_one_stand_together_in_the_order_of_the_path():
    services = make_procedure(slug="services", era="after", order=60)
    permit = make_procedure(slug="permit", era="after", order=50)
    make_procedure(slug="building", stage=Stage.CONSTRUCTION, order=5, became=permit)
    make_procedure(slug="relics", stage=Stage.HERITAGE, order=90, became=services)
    make_procedure(slug="air", stage=Stage.ENVIRONMENT, order=95, became=services)
    assert joined() == [(["air", "relics"], "services"), (["building"], "permit")]
    assert ended() == {}


def test_steps_that_lead_to_none_are_grouped_by_fate_and_told_in_words():
    make_procedure(slug="gone", fate=Fate.CANCELLED)
    make_procedure(slug="lost", fate=Fate.UNKNOWN)
    make_procedure(slug="kept", fate=Fate.KEPT)
    unsaid = "No source says which step it became."
    assert joined() == []
    assert ended() == {
        Fate.KEPT: (["kept"], unsaid),
        Fate.CANCELLED: (["gone"], "No step of its own any more."),
        Fate.UNKNOWN: (["lost"], unsaid),
    }


def test_a_step_after_the_reform_that_nothing_leads_to_stands_last(client):
    make_reform()
    make_procedure(slug="new", era="after", order=1, name_en="New step")
    old = make_procedure(slug="old", order=2, name_en="Old step")
    old.became = make_procedure(slug="next", era="after", order=3, name_en="Next step")
    old.save()
    assert joined() == [(["old"], "next"), ([], "new")]
    text = client.get(ADDRESS).content.decode()
    assert text.count("No source names a step before it.") == 1


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_a_step_that_became_what_is_not_public_names_it_nowhere(client, state):
    make_reform()
    more = {"withdrawn_on": "2026-01-01", "withdrawn_reason_en": "Wrong."} if state == "withdrawn" else {}
    hidden = make_procedure(era="after", name_en="Hidden step", slug="hidden", state=state, **more)
    make_procedure(slug="old", fate=Fate.GOVERNMENT, became=hidden)
    assert joined() == []
    assert ended() == {Fate.GOVERNMENT: (["old"], "No source says which step it became.")}
    for address in (ADDRESS, f"{ADDRESS}old/", f"{ADDRESS}ledger/", f"{ADDRESS}ledger.csv"):
        response = client.get(address)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"Hidden step" not in text
        assert b"hidden/" not in text
        assert b",hidden," not in text


def test_a_hidden_step_before_the_reform_is_in_no_group():
    after = make_procedure(era="after", slug="after")
    make_procedure(became=after, state="draft")
    assert joined() == [([], "after")]


def test_every_fate_is_a_word_on_the_join(client):
    make_reform()
    after = make_procedure(era="after", name_en="After step")
    for fate in Fate:
        make_procedure(fate=fate, became=after, name_en=f"Step {fate.value}", order=list(Fate).index(fate))
    ((before, fates, words),) = groups(client)
    assert before == [f"Step {fate.value}" for fate in Fate]
    assert fates == [fate.label for fate in Fate]
    assert words == "After the reform After step"
