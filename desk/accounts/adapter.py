"""Where allauth asks what our house does: who may sign in, how often, from where, and to where."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk.accounts import record, sessions
from desk.models import SignIn
from records.client_address import client_address

# One answer for a wrong password, an unknown name and a closed account: nobody learns who works here.
MISMATCH = _("This name and password do not belong together, or the account is closed.")
TOO_MANY = _("There were too many failed attempts. Wait for a quarter of an hour, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    """Staff sign in by a name and a password that an administrator gave them; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code or passkey is not valid, or no longer."),
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """Only our own host, and the one that was asked: wherever else `next` leads, nobody is sent."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request):
        """The address that an attempt comes from; “unknown” where the connection has none."""
        return str(client_address(request) or record.UNKNOWN_ADDRESS)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whoever signed in within the last minutes need not say again who they are."""
        elapsed = sessions.seconds_since_signing_in(context.request)
        if elapsed is not None and elapsed < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    # The course of an attempt

    def refuse_too_many(self, request, name):
        """Raise ValidationError if too many attempts have failed under a name, or from this address.

        allauth counts in the cache, which each process may have for itself and which forgets. We count what
        is written down.
        """
        address = self.get_client_ip(request)
        address = None if address == record.UNKNOWN_ADDRESS else address
        if (
            SignIn.objects.failed_lately(name=name) >= settings.SIGN_IN_FAILURES_BY_NAME
            or SignIn.objects.failed_lately(address=address) >= settings.SIGN_IN_FAILURES_BY_ADDRESS
        ):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        name = credentials["username"]
        try:
            self.refuse_too_many(request, name)
            user = super().authenticate(request, **credentials)
        except ValidationError:
            record.keep_refusal(request, name, outcome=SignIn.Outcome.LIMITED)
            raise
        if user is not None and not is_open(user):
            record.keep(SignIn.Outcome.CLOSED, request=request, user=user)
            return None
        return user

    def authentication_failed(self, request, **credentials):
        record.keep_refusal(request, credentials["username"])

    def pre_login(self, request, user, **kwargs):
        """A passkey of a closed account opens nothing either."""
        if is_open(user):
            return super().pre_login(request, user, **kwargs)
        record.keep(SignIn.Outcome.CLOSED, request=request, user=user)
        messages.error(request, MISMATCH)
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request, user):
        super().login(request, user)
        sessions.begin(request)
        self.tell_of_failures(request, user)
        record.keep(SignIn.Outcome.SIGNED_IN, request=request, user=user, factor=factor_used(request, user))

    def tell_of_failures(self, request, user):
        """Whoever signs in hears of the attempts of others under that name."""
        mine = SignIn.objects.filter(user=user)
        last = mine.filter(outcome=SignIn.Outcome.SIGNED_IN).first()
        if last is None:
            return
        number = mine.failed().filter(at__gt=last.at).count()
        if number:
            text = ngettext(
                "Since you signed in on %(when)s, %(number)d attempt under your name has failed.",
                "Since you signed in on %(when)s, %(number)d attempts under your name have failed.",
                number,
            )
            when = date_format(localtime(last.at), "DATETIME_FORMAT")
            messages.warning(request, text % {"when": when, "number": number})

    def logout(self, request):
        record.keep(SignIn.Outcome.SIGNED_OUT, request=request, user=request.user)
        super().logout(request)


def is_open(user):
    """Whether a user may enter the administration at all."""
    return user.is_active and user.is_staff


def factor_used(request, user):
    """The second factor that the present session was begun with; empty for a password alone."""
    used = [one for one in get_authentication_records(request, user) if one.get("method") == "mfa"]
    if not used:
        return ""
    return SignIn.Factor.PASSKEY if used[-1].get("passwordless") else used[-1].get("type", "")


class MfaAdapter(DefaultMFAAdapter):
    """One-time codes and passkeys, as our pages show them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _("Recovery codes go with a second factor. Set one up first."),
    }

    def get_totp_issuer(self):
        return "Invest Shanxi"

    def get_totp_label(self, user):
        return user.get_username()

    def build_totp_svg(self, url):
        """The QR code as an element to stand in the page: our policy allows no pictures from `data:`."""
        svg = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  drawn by the library: squares, and no text

    def generate_authenticator_name(self, user, type):
        return gettext("Passkey %(number)d") % {
            "number": user.authenticator_set.filter(type=type).count() + 1,
        }
