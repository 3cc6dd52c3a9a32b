"""What `manage.py check --deploy` asks beyond Django's own questions.

`settings` refuses what cannot work. These are settings that work, and that somebody will regret.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections
from django.http.request import validate_host


@register(Tags.database)
def check_capitals(app_configs, databases=None, **kwargs):
    """PostgreSQL must know the capitals of all letters, or every search would fail; `migrate` asks."""
    problems = []
    for connection in (connections[alias] for alias in databases or ()):
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), EXISTS (SELECT FROM pg_collation "
                "WHERE collname = %s AND collencoding IN (-1, encoding)) "
                "FROM pg_database WHERE datname = current_database()",
                [connection.unicode],
            )
            encoding, is_known = cursor.fetchone()
        if encoding != "UTF8" or not is_known:
            problems.append(
                Error(
                    f"The database is in {encoding}, and {'has' if is_known else 'lacks'} "
                    f"the collation {connection.unicode}.",
                    hint="Make it in UTF8, on PostgreSQL 18 or newer, or on one that was built with ICU.",
                    id="shanxi_portal.E002",
                )
            )
    return problems


@register(Tags.security, deploy=True)
def check_security_contact(app_configs, **kwargs):
    """Whoever finds a hole must be able to tell somebody."""
    if settings.SECURITY_CONTACT:
        return []
    return [
        Warning(
            "SECURITY_CONTACT is not set, so /.well-known/security.txt is not there.",
            hint="Set it to an address such as mailto:security@invest.example.",
            id="shanxi_portal.W003",
        )
    ]


@register(Tags.security, deploy=True)
def check_site_url(app_configs, **kwargs):
    """Absolute links (sitemap, feeds, canonical addresses) lead to where the site answers, by HTTPS."""
    if not settings.SITE_URL:
        return [
            Warning(
                "SITE_URL is not set, so absolute links carry whatever host a request asked for.",
                hint="Set SITE_URL to the public origin, such as https://invest.example.",
                id="shanxi_portal.W001",
            )
        ]
    address = urlsplit(settings.SITE_URL)
    problems = []
    if address.scheme != "https":
        problems.append(
            Warning(
                f"SITE_URL is {settings.SITE_URL}, and the site redirects to HTTPS.",
                hint="Begin it with https://.",
                id="shanxi_portal.W002",
            )
        )
    if not validate_host(address.hostname or "", settings.ALLOWED_HOSTS):
        problems.append(
            Error(
                f"The host of SITE_URL, {address.hostname}, is not among ALLOWED_HOSTS.",
                hint="Add it, or the site refuses the readers who follow its own links.",
                id="shanxi_portal.E001",
            )
        )
    return problems
