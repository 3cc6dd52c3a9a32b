"""The whole public map."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from shanxi_portal import sitemaps
from shanxi_portal.views.home import home
from shanxi_portal.views.pages import about, accessibility, favicon, robots, security
from shanxi_portal.views.patterns import patterns
from shanxi_portal.views.place_lists import cities, regions
from shanxi_portal.views.places import RegionDetailView, city
from shanxi_portal.views.search import search
from shanxi_portal.views.shortlist import ShortlistExportView, ShortlistView
from shanxi_portal.views.sources import SourceListView, source
from shanxi_portal.views.suggestions import suggest

# Keeps what was typed where a session ended in the midst of a request.
handler400 = "desk.interruptions.bad_request"
# Tells a fault of ours from a database that is away.
handler500 = "shanxi_portal.unavailable.server_error"

urlpatterns = [
    # /healthz and /readyz need no host and no database: operations.middleware.AnswerProbes
    # admin/login/  admin/logout/  admin/password_change/  admin/account/…  (or below another ADMIN_PATH)
    path(settings.ADMIN_PATH, include("desk.accounts.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
    path("sitemap.xml", sitemaps.whole, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    # /en/… and /zh-hans/…
    *i18n_patterns(
        path("", home, name="home"),
        # zones/  zones/<slug>/  zones.csv
        path("", include("zones.urls")),
        # projects/  projects/<slug>/  projects.csv
        path("", include("projects.urls")),
        # business-environment/…
        path("business-environment/", include("business_environment.urls")),
        path("cities/", cities, name="cities"),
        path("cities/<slug:slug>/", city, name="city"),
        path("regions/", regions, name="regions"),
        path("regions/<slug:slug>/", RegionDetailView.as_view(), name="region"),
        path("search/", search, name="search"),
        path("search/suggest/", suggest, name="suggest"),
        path("shortlist/", ShortlistView.as_view(), name="shortlist"),
        path("shortlist.csv", ShortlistExportView.as_view(), name="shortlist-export"),
        path("sources/", SourceListView.as_view(), name="sources"),
        path("sources/<slug:slug>/", source, name="source"),
        path("about/", about, name="about"),
        path("accessibility/", accessibility, name="accessibility"),
        # Every component in every state, for those who work on it: with DEBUG only.
        path("patterns/", patterns, name="patterns"),
    ),
]
