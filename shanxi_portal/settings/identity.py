"""Who asks, under which name, and what must be secret."""

import re

from environs import validate

from .reading import PRODUCTION, REQUIRED, env, read, read_list, refuse_unless

DEBUG = read(env.bool, "DEBUG", False)
refuse_unless(not (PRODUCTION and DEBUG), "DEBUG must not be true when PRODUCTION is: it shows the insides.")

INSECURE_KEY = "django-insecure-for-one-machine-only-and-refused-in-production"
SECRET_KEY = read(env.str, "SECRET_KEY", REQUIRED if PRODUCTION else INSECURE_KEY)
refuse_unless(
    not PRODUCTION or (len(SECRET_KEY) >= 50 and SECRET_KEY != INSECURE_KEY),
    "SECRET_KEY must be a secret of 50 characters or more when PRODUCTION is true.",
)

ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", REQUIRED if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
refuse_unless(
    not PRODUCTION or (ALLOWED_HOSTS and "*" not in ALLOWED_HOSTS),
    "ALLOWED_HOSTS must name the hosts, and not *, when PRODUCTION is true.",
)

# Where the public finds the site. Absolute links use it, or the host of the request where it is not set.
SITE_URL = read(
    env.str,
    "SITE_URL",
    "",
    validate=validate.Regexp(
        re.compile(r"(https?://[^/?#\s]+)?\Z"),
        error="Not an origin such as https://invest.example, without a path.",
    ),
)

# Where a finder of a security hole turns to; printed in /.well-known/security.txt.
SECURITY_CONTACT = read(
    env.str,
    "SECURITY_CONTACT",
    "",
    validate=validate.Regexp(
        re.compile(r"(mailto:[^@\s]+@[^@\s]+|https://[^/\s]+\S*)?\Z"),
        error="Not an address such as mailto:security@invest.example or https://invest.example/report.",
    ),
)

# The approval number of the map (审图号), printed under it where one was given.
MAP_APPROVAL_NUMBER = read(env.str, "MAP_APPROVAL_NUMBER", "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
