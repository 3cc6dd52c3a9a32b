"""How a variable is read and refused, and the one switch that all the parts look at."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Env()

# {name: default} of all that are read, for `manage.py show_configuration`.
VARIABLES = {}


def read(parser, name, default=..., **options):
    """The value of a variable, or its default; `...` requires one. Nonsense is refused, never guessed at."""
    VARIABLES[name] = None if default is ... else default
    try:
        return parser(name, default, **options)
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from None


def read_list(name, default):
    """The comma-separated values of a variable, without the spaces and gaps that people leave."""
    return [value for value in read(env.list, name, default, subcast=str.strip) if value]


def refuse_unless(condition, message):
    if not condition:
        raise ImproperlyConfigured(message)


PRODUCTION = read(env.bool, "PRODUCTION", False)
REQUIRED = ...
