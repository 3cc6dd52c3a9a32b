"""Five kinds of project worked out by hand from the rules of data/."""

import datetime

import pytest

from business_environment.models import PathAnswer, PathQuestion
from business_environment.permit_path import find_path, path_procedures

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]

# Of each step: round, address, the steps right before it, and the day of its finish where it is known.
# Only the filing (1 working day) and the land check (3) have days of Shanxi, from one case.
CASES = {
    # Tuesday 10 February; the fourth working day after it is Saturday 14, worked for Spring Festival.
    ("new-building filing has-company", "2026-02-10"): [
        (1, "after-filing", [], "2026-02-11"),
        (1, "after-government-services", [], None),
        (2, "after-enterprise-commitments", [1], None),
        (2, "after-land-check", [1], "2026-02-14"),
        (2, "utilities-access", [1], None),
        (3, "after-land-planning", [2, 4], None),
        (3, "after-works-planning", [2, 4], None),
        (4, "after-construction-permit", [3, 6, 7], None),
        (5, "after-completion", [5, 8], None),
    ],
    # Friday 13 February: one make-up day, nine days off, then Tuesday to Thursday.
    ("new-building filing has-company relics", "2026-02-13"): [
        (1, "after-filing", [], "2026-02-14"),
        (1, "after-government-services", [], None),
        (2, "after-enterprise-commitments", [1], None),
        (2, "after-land-check", [1], "2026-02-26"),
        (2, "utilities-access", [1], None),
        (3, "after-land-planning", [2, 4], None),
        (3, "after-works-planning", [2, 4], None),
        (3, "relics-survey", [4], None),
        (4, "after-construction-permit", [3, 6, 7, 8], None),
        (5, "after-completion", [5, 9], None),
    ],
    # A company first, and nobody says how long that takes: no date at all.
    ("rented-workshop filing new-company", "2026-03-09"): [
        (1, "business-license", [], None),
        (2, "after-filing", [1], None),
        (3, "after-enterprise-commitments", [2], None),
        (3, "utilities-access", [2], None),
    ],
    ("rented-workshop filing has-company", "2026-12-31"): [
        # 1 January 2027 and what follows is not announced.
        (1, "after-filing", [], None),
        (2, "after-enterprise-commitments", [1], None),
        (2, "utilities-access", [1], None),
    ],
    # No new land: the works permit and the survey wait for the approval itself.
    ("extension approval has-company relics", "2026-03-09"): [
        (1, "project-approval-or-filing", [], None),
        (2, "after-enterprise-commitments", [1], None),
        (2, "after-works-planning", [1], None),
        (2, "relics-survey", [1], None),
        (2, "utilities-access", [1], None),
        (3, "after-construction-permit", [2, 3, 4], None),
        (4, "after-completion", [5, 6], None),
    ],
}


def shipped_path(answers, start=None):
    chosen = PathAnswer.objects.filter(slug__in=answers.split())
    assert len(chosen) == len(answers.split())
    return find_path(path_procedures(), chosen, start and datetime.date.fromisoformat(start))


@pytest.mark.parametrize(("case", "steps"), CASES.items(), ids=lambda case: str(case[0])[:40])
def test_the_path_of(case, steps):
    path = shipped_path(*case)
    assert [
        (
            step.round,
            step.procedure.slug,
            [link.step.ordinal for link in step.after],
            str(step.latest_on) if step.latest_on else None,
        )
        for step in path.steps
    ] == steps


def test_days_of_the_one_case_are_counted_and_those_of_beijing_are_not():
    path = shipped_path("new-building filing has-company")
    assert [(step.procedure.slug, step.duration.words) for step in path.timed] == [
        ("after-filing", "1 working day"),
        ("after-land-check", "3 working days"),
    ]
    assert path.finish is None
    assert path.least.words == "at least 4 working days"
    assert path.because == [
        "the days of steps 2, 3, 5, 6, 7, 8, 9 are not stated",
        "how long your own work after step 8 takes is not known",
    ]
    licence = shipped_path("rented-workshop filing new-company").steps[0]
    assert [figure.value for figure in licence.stated_besides] == ["5 working days"]
    assert licence.duration is None


def test_what_guides_to_china_name_besides():
    assert [
        procedure.slug for procedure in shipped_path("rented-workshop filing has-company").not_placed
    ] == [
        "land-use-right-certificate",
        "fire-review",
        "labour-safety-sanitary-review",
        "design-proposal-review",
        "quality-monitoring-designation",
    ]


def test_every_rule_says_why_and_every_one_that_is_no_reading_cites_a_source():
    for procedure in path_procedures():
        for rule in [*procedure.rules.all(), *procedure.prerequisites.all()]:
            assert all([rule.reason_en, rule.reason_zh]), rule
            assert rule.is_reading or rule.citations(), rule


def test_the_questions_have_words_in_both_languages():
    for question in PathQuestion.objects.prefetch_related("answers"):
        rows = [question, *question.answers.all()]
        assert len(rows) > 1
        assert all(row.label_en and row.label_zh for row in rows)
