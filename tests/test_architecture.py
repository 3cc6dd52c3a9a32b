"""The house: which floor may import which, which files an app has, and what no template may do."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = settings.BASE_DIR

# package: the packages of ours that it may import, from the lowest floor to the top.
FLOORS = {
    "records": set(),
    "listings": set(),
    "zones": {"records", "listings"},
    "projects": {"records", "listings", "zones"},
    "business_environment": {"records", "listings", "zones"},
    "desk": {"records", "listings", "zones", "projects", "business_environment"},
    "operations": {"records", "listings"},
    "shanxi_portal": {
        *("records", "listings", "zones", "projects", "business_environment", "desk", "operations"),
    },
}

# Files, or packages of one file per noun, that any app may have; and what some have besides.
EVERY_APP = {
    "__init__",
    "apps",
    "models",
    "filters",
    "views",
    "urls",
    "api",
    "admin",
    "migrations",
    "management",
    "templatetags",
}
BESIDES = {
    "records": {
        *("charts", "checks", "comparing", "dates", "fields", "figures", "languages", "loading"),
        *("printing", "selections", "units", "writing"),
        *("history", "snapshots", "telling"),
        "territories",
        "translations",
        *("merging", "owners", "pending", "published_figures", "undone"),
        "client_address",
    },
    "listings": {
        "checks",
        "choosing",
        "exports",
        "facets",
        "finding",
        "index",
        "listing",
        "results",
        "search",
        "text",
        "triggers",
        "versions",
    },
    "zones": {"alike", "checks", "comparison", "map", "unattended"},
    "projects": {"charts", "checks"},
    "business_environment": {"charts", "checks", "comparison", "permit_path", "reach", "working_days"},
    "desk": {
        *("accounts", "interruptions"),
        *("answers", "completeness", "sections", "site", "territories"),
        *("checks", "findings", "links", "nightly"),
        *("exports", "imports"),
    },
    "operations": {
        *("health", "metrics", "gauges", "logs", "access_log", "middleware", "reports"),
        *("outages", "queries", "tracing"),
        "backups",
        *("limits", "checks", "configuration"),
    },
    "shanxi_portal": {
        *("settings", "wsgi", "formats", "caches", "checks", "context_processors", "engines", "entity_tags"),
        *("kept_pages", "middleware", "routers", "sitemaps", "unavailable"),
    },
}
FORBIDDEN_NAMES = {"utils", "util", "core", "common", "services", "helpers", "misc", "signals"}

packages = pytest.mark.parametrize("package", FLOORS)


def files(package):
    return sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for package in FLOORS for path in files(package)}


def imports(path, *, everywhere=True):
    """Every module, or name in a module, that a file imports: at its top, or inside functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else top_level(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from . import checks` counts as what it means.
            package = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            start = ".".join(filter(None, [package, node.module]))
            found |= {f"{start}.{alias.name}" for alias in node.names}
    return found


def top_level(node):
    """What runs when the module is imported: not the insides of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from top_level(child)


def ours(names):
    """The modules of ours behind imported names: `records.models.Record` is read from `records.models`."""
    found = set()
    for name in names:
        while name and name not in MODULES:
            name = name.rpartition(".")[0]
        found |= {name} - {""}
    return found


@packages
def test_imports_run_downward_only(package):
    wrong = {
        f"{module_name(path)} imports {name}"
        for path in files(package)
        for name in ours(imports(path))
        if name.partition(".")[0] not in FLOORS[package] | {package}
    }
    assert wrong == set()


def test_every_app_of_ours_stands_on_a_floor():
    installed = {config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()}
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert installed == folders == set(FLOORS)
    assert all(lower in FLOORS for below in FLOORS.values() for lower in below)


def test_the_code_that_reads_imports_sees_them():
    assert "listings.facets" in ours(imports(ROOT / "zones/filters.py"))
    assert "zones.models" in ours(imports(ROOT / "projects/models.py"))
    assert len(MODULES) > 60


def test_no_module_imports_itself_by_way_of_others():
    graph = {
        name: ours(imports(path, everywhere=False)) - {name, *parents(name)} for name, path in MODULES.items()
    }
    done, path = set(), []

    def visit(name):
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name in done:
            return
        path.append(name)
        for other in sorted(graph[name]):
            visit(other)
        path.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


def parents(name):
    """Packages around a module: importing them is part of importing it."""
    parts = name.split(".")
    return {".".join(parts[:number]) for number in range(1, len(parts))}


# Imports inside functions of modules of ours: allowed where a circle would be the price, and each is known.
# Checks register themselves when the app is ready, and not before.
INNER_IMPORTS = {
    "shanxi_portal.apps: shanxi_portal.checks",
    "records.apps: records.printing",
    "listings.apps: listings.checks",
}


def test_imports_inside_functions_are_known():
    found = {
        f"{name}: {other}"
        for name, path in MODULES.items()
        for other in ours(imports(path)) - ours(imports(path, everywhere=False))
    }
    assert found == INNER_IMPORTS


@packages
def test_an_app_has_the_same_files_as_every_other(package):
    present = {
        path.stem
        for path in (ROOT / package).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.stem != "__pycache__")
    }
    assert present <= EVERY_APP | BESIDES.get(package, set())
    assert {"__init__", "apps"} <= present


def test_no_module_is_a_drawer_for_everything():
    assert {name for name in MODULES if set(name.split(".")) & FORBIDDEN_NAMES} == set()


def test_there_are_no_signals():
    users = {
        f"{module}: {name}"
        for module, path in MODULES.items()
        for name in imports(path)
        if "signals" in name.split(".") or name.endswith(".receiver") or name == "django.dispatch"
    }
    assert users == set()


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > 420} == {}


# Templates

TEMPLATES = {
    str(path.relative_to(ROOT / "templates")): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html"))
}

# Numeric columns that are no figures of a source: they order rows, count them here or place a point on a map.
NO_FIGURES = {"id", "object_id", "order", "position", "home_order"}


def numeric_columns():
    """The names of all columns that hold numbers of sources; those of lists are derived from these."""
    kinds = (models.IntegerField, models.DecimalField, models.FloatField)
    return {
        item.name
        for model in apps.get_models()
        if model._meta.app_label in FLOORS.keys() - {"listings"}
        for item in model._meta.fields
        if isinstance(item, kinds) and not item.is_relation
    } - NO_FIGURES


def test_the_numeric_columns_are_found():
    assert numeric_columns() >= {
        "area_km2",
        "investment_yuan",
        "number",
        "number_max",
        "comparison_number",
        "count",
        "days",
        "latitude",
        "longitude",
    }


def test_no_template_prints_a_bare_figure():
    # Counts of rows of this site are named `count` too: a facet's, a group's, a removal's.
    rows_of_this_site = {
        "option.count",
        "group.count",
        "removal.count",
        "listing.page.paginator.count",
        "link.number",
        "city.count",
        "pin.number",
        # What a difference says, in words.
        "row.new",
        "row.number",
        "importing.total",
    }
    # The fields of a form.
    fields = {"range.minimum"}
    columns = numeric_columns()
    bare = {
        f"{name}: {expression}"
        for name, text in TEMPLATES.items()
        for expression in re.findall(r"{{\s*([\w.]+)", text)
        if "." in expression
        and expression.rpartition(".")[2] in columns
        and expression not in rows_of_this_site | fields
    }
    assert bare == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style attribute", r"<[a-z][^>]*\sstyle\s*="),
        ("style element", r"<style\b"),
        ("script without src", r"<script\b(?![^>]*\ssrc=)"),
        ("script with content", r"<script\b[^>]*>\s*[^<\s]"),
        ("event attribute", r"<[a-z][^>]*\son[a-z]+\s*="),
        ("javascript address", r"javascript:"),
        ("unescaped text", r"\|\s*safe\b|autoescape off"),
    ],
)
def test_no_template_has_an_inline(what, pattern):
    assert {name for name, text in TEMPLATES.items() if re.search(pattern, text, re.I)} == set(), what


def test_every_component_begins_with_its_inputs():
    def begins_well(text):
        comment = re.match(r"{% comment %}(.*?){% endcomment %}", text, re.S)
        return comment is not None and re.search(r"Inputs?:|No inputs", comment[1]) is not None

    without = {name for name, text in TEMPLATES.items() if "components/" in name and not begins_well(text)}
    assert without == set()


def test_every_include_hands_over_what_it_names_and_no_more():
    loose = {
        f"{name}: {tag}"
        for name, text in TEMPLATES.items()
        if not name.startswith("admin/")
        for tag in re.findall(r"{% include [^%]*%}", text)
        if not tag.endswith(" only %}")
    }
    assert loose == set()
