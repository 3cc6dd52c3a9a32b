from django.urls import path

from zones import views

app_name = "zones"

urlpatterns = [
    path("zones/", views.ZoneListView.as_view(), name="list"),
    path("zones.csv", views.ZoneExportView.as_view(), name="export"),
    # Before the address of a zone, which these would be taken for.
    path("zones/compare/", views.ComparisonView.as_view(), name="compare"),
    path("zones/compare.csv", views.ComparisonExportView.as_view(), name="compare-export"),
    path("zones/<slug:slug>/", views.ZoneDetailView.as_view(), name="detail"),
    path("zones/<slug:slug>/fact-sheet/", views.ZoneFactSheetView.as_view(), name="fact-sheet"),
]
