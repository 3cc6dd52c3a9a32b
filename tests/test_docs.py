"""What the documents promise: they name all there is to name, and their links lead somewhere."""

import ast
import re
from urllib.parse import unquote

import pytest
import yaml
from django.apps import apps
from django.conf import settings

from business_environment.filters import (
    CostFilter,
    IndicatorFilter,
    PolicyFilter,
    ProcedureFilter,
    TransportFilter,
)
from projects.filters import ProjectFilter
from shanxi_portal.filters import SourceFilter
from zones.filters import ZoneFilter

ROOT = settings.BASE_DIR
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
OURS = ("records", "zones", "projects", "business_environment")
# Nobody writes these and nobody reads them but the loader, and staff at their work.
NOT_DATA = {
    "zones.territory",
    "records.loadedrecord",
    "records.note",
    "records.pendingchange",
    "records.staletranslation",
    "records.version",
}
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
DATA_MODELS = [model for model in MODELS if model._meta.label_lower not in NOT_DATA]
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def in_code(text):
    """Everything that stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))


def section(name, heading):
    """The text of a document below a heading, down to the next of the same rank or higher."""
    text = read(name)
    start = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    assert start, f"{name} has no heading “{heading}”."
    end = re.search(rf"^#{{1,{len(start[1])}}} ", text[start.end() :], re.M)
    return text[start.end() :][: end.start()] if end else text[start.end() :]


def anchors(text):
    """The anchors that a reader's browser finds for the headings, as the hosts of repositories make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def names(path):
    return str(path.relative_to(ROOT))


# What must be named, and where


def test_every_variable_is_in_the_deployment_document():
    found = set()
    for path in [*(ROOT / "shanxi_portal/settings").glob("*.py"), ROOT / "gunicorn.conf.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                reader = ast.unparse(node.func)
                if reader in ("read", "read_list") or reader.startswith("env."):
                    found |= {text for text in texts[:1] if isinstance(text, str)}
    rows = re.findall(r"^\| `([A-Z_]+)` \|", section("docs/deployment.md", "Variables"), re.M)
    assert {"PRODUCTION", "ALLOWED_HOSTS", "WEB_CONCURRENCY"} <= found
    assert sorted(rows) == sorted(found)


def test_every_command_is_in_the_deployment_document():
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py") if not path.stem.startswith("_")}
    rows = re.findall(r"^\| `(\w+)", section("docs/deployment.md", "Commands"), re.M)
    assert sorted(rows) == sorted(ours)


def test_every_verb_of_make_is_in_contributing():
    verbs = re.findall(r"^([a-z]+):.*  ## ", read("Makefile"), re.M)
    rows = re.findall(r"^\| `make (\w+)` \|", section("CONTRIBUTING.md", "Verbs"), re.M)
    assert {"run", "test"} <= set(verbs)
    assert sorted(rows) == sorted(verbs)


def fields_of(model):
    return {field.name for field in model._meta.get_fields() if not field.auto_created}


@pytest.mark.parametrize("model", DATA_MODELS, ids=lambda model: model._meta.label_lower)
def test_every_field_is_in_the_data_document(model):
    label = model._meta.label_lower
    heading = re.search(rf"^### (.+: `{re.escape(label)}`)$", read("docs/data.md"), re.M)
    assert heading, f"docs/data.md has no section for {label}."
    common = "slug" in fields_of(model) and "state" in fields_of(model)
    told = in_code(section("docs/data.md", heading[1]))
    told |= in_code(section("docs/data.md", "Every record")) if common else set()
    assert fields_of(model) - told == set()


@pytest.mark.parametrize("model", DATA_MODELS, ids=lambda model: model._meta.label_lower)
def test_the_data_document_names_no_field_that_is_gone(model):
    text = section(
        "docs/data.md",
        re.search(rf"^### (.+: `{re.escape(model._meta.label_lower)}`)$", read("docs/data.md"), re.M)[1],
    )
    told = {
        name for row in re.findall(r"^\| (`[^|]+) \|", text, re.M) for name in re.findall(r"`(\w+)`", row)
    }
    assert told - fields_of(model) == set()


def test_every_aspect_is_in_the_data_document_with_its_kind_and_unit():
    aspects = yaml.safe_load(read("data/records/aspect.yaml"))["records"]
    stated = [
        f"`{aspect['key']}` | {aspect['kind']}" + (f", `{aspect['unit']}`" if aspect.get("unit") else "")
        for aspect in aspects
    ]
    rows = re.findall(r"^\| (`[^|]+ \| [^|]+) \|", section("docs/data.md", "Aspects"), re.M)
    assert rows == stated


@pytest.mark.parametrize(
    ("filterset", "heading"),
    [
        (ZoneFilter, "Zones: `/en/zones/`"),
        (ProjectFilter, "Projects: `/en/projects/`"),
        (SourceFilter, "Sources: `/en/sources/`"),
        (ProcedureFilter, "Ledger of approvals: `/en/business-environment/approvals/ledger/`"),
        (IndicatorFilter, "Indicators: `/en/business-environment/indicators/`"),
        (PolicyFilter, "Policies: `/en/business-environment/policies/`"),
        (CostFilter, "Costs: `/en/business-environment/costs/`"),
        (TransportFilter, "Transport: `/en/business-environment/transport/`"),
    ],
)
def test_every_filter_and_sort_is_in_the_data_document(filterset, heading):
    text = section("docs/data.md", heading)
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.M)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == {*filterset.base_filters, "sort", "page"}
    sorts = re.search(r"^\| `sort` \| (.+) \|$", text, re.M)[1]
    assert re.findall(r"`([^`]+)`", sorts) == [sort.key for sort in filterset.sorts]


def test_the_map_names_every_folder():
    # What the repository holds: all that is not ignored. Hidden folders of editors are nobody's business.
    ignored = {line.rstrip("/") for line in read(".gitignore").splitlines() if line.endswith("/")}
    folders = {
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    } - ignored
    told = re.findall(r"^(\S+)/ ", section("README.md", "The map"), re.M)
    assert sorted(told) == sorted({*folders, ".ci"})


# What must lead somewhere


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_links_lead_somewhere(document):
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (anchor and anchor not in anchors(found.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_files_that_are_named_exist(document):
    """Paths between backticks that end like a file or begin with a folder of ours."""
    made = {".venv", "staticfiles"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - made
    paths = [
        text
        for text in in_code(document.read_text(encoding="utf-8"))
        if re.fullmatch(r"[\w.-]+/[\w./-]*", text) and text.split("/")[0] in folders
    ]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_decision_is_numbered_once_and_titled_by_its_number():
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        assert path.read_text(encoding="utf-8").startswith(f"# ADR {int(path.name[:4])}: ")


def test_pictures_stay_small():
    large = [path for path in (ROOT / "docs/images").iterdir() if path.stat().st_size > 150_000]
    assert large == []
