"""Rules of the permit path in data files: what `load_data` refuses, and what only looks wrong on the way."""

import textwrap

import pytest

from business_environment.models import PathAnswer, Prerequisite, Procedure
from records.loading import DataError, read_files
from records.writing import write

pytestmark = pytest.mark.django_db

DEFAULTS = "defaults: {state: published, era: after, stage: construction, scope: shanxi}"


class Folder:
    """Data files of procedures that wait for each other, and of one question."""

    def __init__(self, path):
        self.path = path
        self.section = path / "business_environment"
        self.section.mkdir()

    def load(self, needs, answers=("new", "old"), rule=()):
        """Load procedures (address: the one it waits for); the first has a rule on these answers."""
        rows = []
        for number, (slug, needed) in enumerate(needs.items()):
            lines = [f"- slug: {slug}", f"  name_en: {slug.title()}"]
            if needed:
                lines += ["  prerequisites:", f"  - needs: {needed}"]
            if rule and not number:
                lines += ["  rules:", f"  - answers: [{', '.join(rule)}]"]
            rows += lines
        self.write("procedure", [DEFAULTS, "records:", *rows])
        question = textwrap.dedent("""\
            records:
            - slug: build
              label_en: Build
              label_zh: 建设
              answers:""").splitlines()
        question += [f"  - {{slug: {slug}, label_en: {slug}, label_zh: 答}}" for slug in answers]
        self.write("pathquestion", question)
        return write(read_files(self.path))

    def write(self, name, lines):
        (self.section / f"{name}.yaml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def order():
    return set(Prerequisite.objects.values_list("procedure__slug", "needs__slug"))


def test_a_circle_is_refused_wherever_it_is_written_with_its_path(folder):
    with pytest.raises(DataError) as refused:
        folder.load({"alpha": "gamma", "beta": "alpha", "gamma": "beta"})
    said = "business_environment/procedure.yaml: {}: prerequisites[1].needs: {}: {}."
    wait = "The steps would wait for each other"
    assert [str(problem) for problem in refused.value.problems] == [
        said.format("alpha", wait, "Alpha → Beta → Gamma → Alpha"),
        said.format("beta", wait, "Beta → Gamma → Alpha → Beta"),
        said.format("gamma", wait, "Gamma → Alpha → Beta → Gamma"),
    ]
    assert not Procedure.objects.exists()


def test_two_steps_change_places_in_one_load(folder):
    folder.load({"alpha": "", "beta": "alpha"})
    assert order() == {("beta", "alpha")}
    folder.load({"alpha": "beta", "beta": ""})
    assert order() == {("alpha", "beta")}


def test_an_answer_that_a_rule_names_cannot_be_taken_out(folder):
    folder.load({"alpha": ""}, rule=("old",))
    with pytest.raises(DataError) as refused:
        folder.load({"alpha": ""}, answers=("new",), rule=("old",))
    (problem,) = refused.value.problems
    assert "old" in str(problem)
    assert set(PathAnswer.objects.values_list("slug", flat=True)) == {"new", "old"}


def test_an_answer_made_by_staff_that_a_rule_names_is_not_lost_to_a_load(folder):
    folder.load({"alpha": ""}, answers=("new", "old"))
    Procedure.objects.get().rules.create().answers.add(PathAnswer.objects.get(slug="old"))
    with pytest.raises(DataError) as refused:
        folder.load({"alpha": ""}, answers=("new",))
    assert [str(problem) for problem in refused.value.problems] == [
        "business_environment/pathquestion.yaml: build: "
        "A rule names this answer. Change the rule first. (Alpha: old)"
    ]
    assert PathAnswer.objects.filter(slug="old").exists()
