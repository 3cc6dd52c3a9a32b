"""The administration, with the desk for its first page."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.urls import include, path
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    """Django's administration and the addresses of the desk; `templates/admin/index.html` shows the desk.

    Whatever it shows is imported with the addresses: the pages of records register with this site, and import
    it before they do.
    """

    index_title = _("Desk")

    def get_urls(self):
        # Left out: an address that tells anybody on the staff the public address of any row, a draft's too.
        urls = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        return [path("to-do/", include("desk.urls")), *urls]

    def admin_view(self, view, cacheable=False):
        """Django refuses a field that is none (400), and fails with an empty one."""

        @wraps(view)
        def refusing(request, *args, **kwargs):
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise DisallowedModelAdminToField("An empty field cannot be referenced.")
            return view(request, *args, **kwargs)

        return super().admin_view(refusing, cacheable)
