"""Writing down who signed in, who tried to, and what was changed."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.utils import timezone

from desk.models import SignIn
from desk.models.signin import name_key

UNKNOWN_ADDRESS = "unknown"


def user_named(name):
    """The user of a typed name, by the rule that allauth signs in by (case does not count); or None."""
    named = get_user_model().objects.filter(username__iexact=name.strip())
    found = [user for user in named if user.username.lower() == name.strip().lower()]
    return found[0] if len(found) == 1 else None


def keep(outcome, *, request=None, user=None, name="", factor="", by=""):
    """Write an entry: of a user, or of a typed name that may be anybody's. A password must not come here."""
    address = get_adapter(request).get_client_ip(request) if request else None
    name = user.get_username() if user else name
    return SignIn.objects.create(
        user=user,
        name=user.get_username() if user else "",
        name_key=name_key(name),
        address=None if address == UNKNOWN_ADDRESS else address,
        outcome=outcome,
        factor=factor,
        by=by,
    )


def keep_refusal(request, name, *, outcome=SignIn.Outcome.WRONG_PASSWORD):
    """Write that an attempt under a typed name was refused; nobody's name is kept as a digest alone."""
    user = user_named(name)
    if user is None and outcome == SignIn.Outcome.WRONG_PASSWORD:
        outcome = SignIn.Outcome.UNKNOWN_NAME
    return keep(outcome, request=request, user=user, name=name)


def lately():
    """{outcome: how many} of the last SIGN_IN_WINDOW seconds, for whoever watches; 0 is said as well."""
    since = timezone.now() - timedelta(seconds=settings.SIGN_IN_WINDOW)
    entries = SignIn.objects.filter(at__gt=since).order_by()
    counted = entries.values_list("outcome").annotate(number=Count("pk"))
    return dict.fromkeys(SignIn.Outcome.values, 0) | dict(counted)
