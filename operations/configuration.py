"""What the site is set to, variable by variable, and whether it may serve readers like that."""

import difflib
import os
import re
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks

from operations import health

# Those that gunicorn.conf.py reads, with their defaults.
OF_THE_SERVER = {"BIND": "127.0.0.1:8000", "WEB_CONCURRENCY": "2"}
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|WEBHOOK")
ADDRESS = re.compile(r"^(?P<scheme>[\w+.-]+)://(?P<rest>.+)$")
# How much a name must resemble one of ours to be taken for a slip of the pen.
RESEMBLANCE = 0.85


@dataclass(frozen=True)
class Variable:
    """A variable of the environment as it counts, fit to be shown: what is secret in it is left out."""

    name: str
    value: str
    is_set: bool


def variables(environment=None):
    """All variables that the site reads, by name, each with what it is set to or its default."""
    environment = os.environ if environment is None else environment
    defaults = OF_THE_SERVER | settings.VARIABLES
    return [
        Variable(name, shown(name, environment.get(name, written(default))), name in environment)
        for name, default in sorted(defaults.items())
    ]


def written(default):
    """A default as it would be written in the environment."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, (list, tuple)):
        return ",".join(map(str, default))
    return "" if default is None else str(default)


def shown(name, value):
    """A value without what must not be read over a shoulder: secrets, and the passwords in addresses."""
    if not value:
        return value
    if SECRET.search(name) or name == "SECRET_KEY":
        return f"secret, {len(value)} characters"
    if address := ADDRESS.match(value):
        place = address["rest"].partition("?")[0]
        who, at, where = place.rpartition("@")
        options = "?…" if "?" in value else ""
        who = f"{who.partition(':')[0]}:…" if ":" in who else who
        return f"{address['scheme']}://{who}{at}{where}{options}"
    return value


def misspelt(environment=None):
    """{name: the one probably meant} of variables that nobody reads and that resemble one of ours."""
    environment = os.environ if environment is None else environment
    ours = [variable.name for variable in variables(environment)]
    found = {}
    for name in sorted(environment.keys() - set(ours)):
        if near := difflib.get_close_matches(name, ours, n=1, cutoff=RESEMBLANCE):
            found[name] = near[0]
    return found


class Verdict(Enum):
    """Whether the site may serve as far as one thing goes."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Finding:
    """What looking at one thing has come to, and what to do where it is not in order."""

    name: str
    verdict: Verdict
    reason: str = ""


def findings(environment=None):
    """Everything that is looked at before the site may serve, in the order in which it is best put right."""
    yield from _variables(environment)
    yield from _framework()
    yield from _parts()
    yield from _static_files()
    yield from _folders()
    yield from _proxy(environment)


def _variables(environment):
    slips = misspelt(environment)
    for name, meant in slips.items():
        yield Finding("variables", Verdict.WARNING, f"{name} is set and not read. Is {meant} meant?")
    if not slips:
        yield Finding("variables", Verdict.OK)


def _framework():
    """Django's checks and ours: in production those of a deployment as well."""
    messages = checks.run_checks(include_deployment_checks=settings.PRODUCTION)
    messages = [message for message in messages if not message.is_silenced()]
    for message in messages:
        verdict = Verdict.FAILED if settings.PRODUCTION or message.is_serious() else Verdict.WARNING
        hint = f" {message.hint}" if message.hint else ""
        yield Finding("checks", verdict, f"{message.id}: {message.msg}{hint}")
    if not messages:
        yield Finding("checks", Verdict.OK)


VERDICTS = {
    health.State.OK: Verdict.OK,
    health.State.DEGRADED: Verdict.WARNING,
    health.State.FAILED: Verdict.FAILED,
}


def _parts():
    """What `/readyz` looks at, without what cannot be told where the database does not answer."""
    database_answers = True
    for name, check in health.CHECKS.items():
        if name in health.OF_DATABASE and not database_answers:
            continue
        part = health.look_at(name, check)
        if name == "database":
            database_answers = part.state is health.State.OK
        yield Finding(name, VERDICTS[part.state], part.reason)


def _static_files():
    """With a manifest each file of the project must be in it, and lie where it says."""
    if not settings.STATIC_MANIFEST:
        yield Finding("static files", Verdict.OK, "served from where they lie")
        return
    ours = {path for finder in finders.get_finders() for path, _ in finder.list(None)}
    collected = getattr(staticfiles_storage, "hashed_files", {})
    missing = sorted(ours - collected.keys())
    missing += sorted(name for name in collected.values() if not staticfiles_storage.exists(name))
    if missing:
        reason = f"{len(missing)} are missing, such as {missing[0]}. Run manage.py collectstatic --no-input."
        yield Finding("static files", Verdict.FAILED, reason)
    else:
        yield Finding("static files", Verdict.OK)


def _folders():
    """Where the site writes, it must be let."""
    places = {"folder for temporary files": Path(tempfile.gettempdir())}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and database["NAME"] != ":memory:":
        places["folder of the database"] = Path(database["NAME"]).parent
    for name, folder in places.items():
        if os.access(folder, os.W_OK | os.X_OK):
            yield Finding(name, Verdict.OK)
        else:
            yield Finding(name, Verdict.FAILED, f"{folder} is not there, or cannot be written to.")


def _proxy(environment):
    """In production a proxy stands in front, and the site must know what to believe of it."""
    if not settings.PRODUCTION:
        return
    bind = next(variable.value for variable in variables(environment) if variable.name == "BIND")
    if not settings.TRUSTED_PROXIES:
        reason = "TRUSTED_PROXIES is 0: behind a proxy all readers have one address, and share one limit."
        yield Finding("proxy", Verdict.WARNING, reason)
    elif not settings.SECURE_PROXY_SSL_HEADER and not _is_near(bind):
        reason = f"Set PROXY_SSL_HEADER=true: from another machine than {bind} HTTPS is not seen without it."
        yield Finding("proxy", Verdict.FAILED, reason)
    else:
        yield Finding("proxy", Verdict.OK)


def _is_near(bind):
    """Whether only this machine can reach where gunicorn listens."""
    return bind.startswith("unix:") or urlsplit(f"//{bind}").hostname in {"127.0.0.1", "::1", "localhost"}
