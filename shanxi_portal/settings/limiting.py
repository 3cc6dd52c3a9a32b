"""How much one reader may ask for, and how large and how long a request may be."""

from environs import ValidationError, validate
from limits import parse

from .caching import CACHES, LOCMEM
from .reading import env, read

NO_LIMIT = "none"
A_DAY = 24 * 60 * 60
# The library reads several rates between these, and would heed the first.
SEVERAL = set(",;|")


def a_rate(text):
    """Refuse what is neither a rate such as "30/minute" nor none."""
    if text.strip().lower() == NO_LIMIT:
        return
    try:
        item = parse(text.strip())
    except ValueError:
        item = None
    if not item or item.amount < 1 or item.get_expiry() > A_DAY or SEVERAL & set(text):
        raise ValidationError(
            f"Not a rate of a day at most, such as 30/minute or 500/hour, and not {NO_LIMIT}."
        )


# By address. An office, or the readers of a whole network, may share one.
RATE_LIMITS = {
    "search": read(env.str, "LIMIT_SEARCH", "60/minute", validate=a_rate),
    # A script asks for them while somebody types.
    "suggestions": read(env.str, "LIMIT_SUGGESTIONS", "240/minute", validate=a_rate),
    "export": read(env.str, "LIMIT_EXPORT", "30/minute", validate=a_rate),
    "fact_sheets": read(env.str, "LIMIT_FACT_SHEETS", "30/minute", validate=a_rate),
    "sign_in": read(env.str, "LIMIT_SIGN_IN", "30/minute", validate=a_rate),
}
RATE_LIMITS = {kind: text.strip().lower() for kind, text in RATE_LIMITS.items()}
RATE_LIMITS = {kind: text for kind, text in RATE_LIMITS.items() if text != NO_LIMIT}
# Where all processes count together: the Redis of CACHE_URL, or nowhere.
RATE_LIMIT_STORE = "" if CACHES["default"]["BACKEND"] == LOCMEM else CACHES["default"]["LOCATION"]

# What each route counts as. A list with a text to search for counts as a search without standing here.
LIMITED_ROUTES = {
    "search": "search",
    "suggest": "suggestions",
    "shortlist-export": "export",
    **dict.fromkeys(("zones:export", "zones:compare-export", "projects:export"), "export"),
    **{
        f"business_environment:{name}": "export"
        for name in (
            *("ledger-export", "permit-path-export", "permit-path-calendar", "indicators-export"),
            *("policies-export", "costs-export", "transport-export"),
        )
    },
    **dict.fromkeys(("zones:fact-sheet", "projects:fact-sheet"), "fact_sheets"),
    **dict.fromkeys(("account_login", "mfa_authenticate", "mfa_login_webauthn"), "sign_in"),
    **dict.fromkeys(
        ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), "sign_in"
    ),
}
# allauth would count the same once more, for each process by itself. What it counts besides stays.
ACCOUNT_RATE_LIMITS = {"login": False}

# How many searches, files and fact sheets a process makes at once. It has four threads.
COSTLY_AT_ONCE = read(env.int, "COSTLY_AT_ONCE", 3, validate=validate.Range(min=1, max=1000))
# Seconds that a public page may take of the database; 0 is no limit.
REQUEST_TIMEOUT = read(env.float, "REQUEST_TIMEOUT", 20, validate=validate.Range(min=0, max=3600))

# --- Sizes --------------------------------------------------------------------------------------------------

# No address that our own pages make comes near this.
MAX_QUERY_BYTES = 4000
# A record in the admin has a row of fields for each of its statements. No query of 4,000 bytes holds as many.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# A form without its files, and a whole request with one: a spreadsheet has 10 MB at most.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
MAX_BODY_BYTES = 3 * 1024 * 1024
MAX_UPLOAD_BYTES = 11 * 1024 * 1024
UPLOAD_ROUTES = {"admin:desk_import_add"}
