"""What every request to the administration passes: is the session over, is a second factor owed?"""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.accounts import factors, sessions
from desk.accounts.adapter import is_open

ADMIN = "/admin/"
# What those who owe a second factor can still do: set one up, change the password, sign out.
OPEN = ("/admin/account/", "/admin/login/", "/admin/logout/", "/admin/password_change/", "/admin/jsi18n/")


class StaffSession:
    """End a session that is over, and send those to set up a second factor who must have one.

    It looks at nobody outside the administration: public pages depend on no cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(ADMIN) and request.user.is_authenticated:
            if sessions.is_over(request):
                logout(request)
                messages.warning(request, _("Your session has ended. Please sign in again."))
            elif not is_open(request.user):
                # A door to which one is sent back for ever, if it took them for signed in.
                logout(request)
            elif not request.path_info.startswith(OPEN) and factors.is_owed_by(request.user):
                messages.warning(request, _("Set up a second factor first. Your account must have one."))
                return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
