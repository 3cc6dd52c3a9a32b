"""What every request to the administration passes: is the session over, is a second factor owed?"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.accounts import factors, sessions
from desk.accounts.adapter import is_open

# What those who owe a second factor can still do: set one up, change the password, sign out.
OPEN = ("account/", "login/", "logout/", "password_change/", "jsi18n/")


def _is_open_to_all(path):
    return path.startswith(tuple(settings.ADMIN_ROOT + page for page in OPEN))


class FollowedLink:
    """Let staff who follow a link from another site, as from their mail on the web, arrive signed in.

    The browser leaves their session at home (SameSite=Strict): what the other site asks for must not be done
    in their name. So it is answered with a page of ours, which leads to the page to sign in; that is asked
    for by ourselves, sees the session, and leads on.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not self.comes_from_elsewhere(request):
            return self.get_response(request)
        address = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        response = render(request, "admin/followed_link.html", {"address": address})
        response["Refresh"] = f"0; url={address}"
        return response

    def comes_from_elsewhere(self, request):
        return (
            request.method == "GET"
            and request.path_info.startswith(settings.ADMIN_ROOT)
            and not _is_open_to_all(request.path_info)
            and request.headers.get("Sec-Fetch-Site") == "cross-site"
            and request.headers.get("Sec-Fetch-Mode") == "navigate"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
        )


class StaffSession:
    """End a session that is over, and send those to set up a second factor who must have one.

    It looks at nobody outside the administration: public pages depend on no cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(settings.ADMIN_ROOT) and request.user.is_authenticated:
            if sessions.is_over(request):
                logout(request)
                messages.warning(request, _("Your session has ended. Please sign in again."))
            elif not is_open(request.user):
                # A door to which one is sent back for ever, if it took them for signed in.
                logout(request)
            elif not _is_open_to_all(request.path_info) and factors.is_owed_by(request.user):
                messages.warning(request, _("Set up a second factor first. Your account must have one."))
                return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
