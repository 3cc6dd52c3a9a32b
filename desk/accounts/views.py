"""The pages on which staff sign in and keep what they sign in with: allauth's, in the frame of the admin."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.accounts import factors, record, sessions
from desk.models import SignIn

# Entries that somebody sees of what happened under their name.
SHOWN = 15


class AccountPage:
    """A page in the frame of the admin. It has a title, and may ask the browser for a passkey."""

    title = ""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY.replace(
            "publickey-credentials-get=()", "publickey-credentials-get=(self)"
        )
        return response

    def get_context_data(self, **kwargs):
        frame = admin.site.each_context(self.request) | {"is_nav_sidebar_enabled": False, "title": self.title}
        return frame | super().get_context_data(**kwargs)


class KeepsChange:
    """A change of what somebody signs in with: it is written down, and ends their other sessions."""

    outcome = None

    def form_valid(self, form):
        response = super().form_valid(form)
        record.keep(self.outcome, request=self.request, user=self.request.user)
        sessions.end(self.request.user, keep=self.request.session.session_key)
        return response


# Signing in


class Login(AccountPage, account.LoginView):
    title = _("Log in")


class Authenticate(AccountPage, mfa.AuthenticateView):
    title = _("Second factor")


class PasskeyLogin(AccountPage, webauthn.LoginWebAuthnView):
    title = _("Log in")


class Logout(AccountPage, account.LogoutView):
    title = _("Log out")


# Saying again who one is


class Reauthenticate(AccountPage, account.ReauthenticateView):
    title = _("Is it you?")


class ReauthenticateCode(AccountPage, mfa.ReauthenticateView):
    title = _("Is it you?")


class ReauthenticatePasskey(AccountPage, webauthn.ReauthenticateWebAuthnView):
    title = _("Is it you?")

    def form_invalid(self, form):
        """allauth leads to the page to sign in, and from there away: the reason would be lost."""
        response = super().form_invalid(form)
        response["Location"] = self.passthrough_next_url(self.request.path)
        return response


# What one signs in with


class Account(AccountPage, mfa.IndexView):
    """What somebody signs in with, and what happened under their name."""

    title = _("How you sign in")

    def get_context_data(self, **kwargs):
        user = self.request.user
        context = super().get_context_data(**kwargs)
        codes = context["authenticators"].get("recovery_codes")
        return context | {
            "is_owed": factors.is_owed_by(user),
            "passkeys": context["authenticators"].get("webauthn", []),
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "sign_ins": SignIn.objects.filter(user=user)[:SHOWN],
        }


class ChangePassword(AccountPage, KeepsChange, account.PasswordChangeView):
    title = _("Change your password")
    outcome = SignIn.Outcome.PASSWORD_CHANGED

    def dispatch(self, request, *args, **kwargs):
        """Who has only a passkey has no password to change; an administrator can give one."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().dispatch(request, *args, **kwargs)


class ActivateTOTP(AccountPage, KeepsChange, totp.ActivateTOTPView):
    title = _("Set up one-time codes")
    outcome = SignIn.Outcome.FACTOR_ADDED


class DeactivateTOTP(AccountPage, KeepsChange, totp.DeactivateTOTPView):
    title = _("Remove one-time codes")
    outcome = SignIn.Outcome.FACTOR_REMOVED


class Passkeys(AccountPage, webauthn.ListWebAuthnView):
    title = _("Your passkeys")


class AddPasskey(AccountPage, KeepsChange, webauthn.AddWebAuthnView):
    title = _("Add a passkey")
    outcome = SignIn.Outcome.FACTOR_ADDED


class EditPasskey(AccountPage, webauthn.EditWebAuthnView):
    title = _("Rename a passkey")


class RemovePasskey(AccountPage, KeepsChange, webauthn.RemoveWebAuthnView):
    title = _("Remove a passkey")
    outcome = SignIn.Outcome.FACTOR_REMOVED


class RecoveryCodes(AccountPage, recovery_codes.ViewRecoveryCodesView):
    title = _("Your recovery codes")


class GenerateRecoveryCodes(AccountPage, KeepsChange, recovery_codes.GenerateRecoveryCodesView):
    title = _("New recovery codes")
    outcome = SignIn.Outcome.CODES_RENEWED
