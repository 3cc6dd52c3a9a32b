from django.urls import path

from zones import views

app_name = "zones"

urlpatterns = [
    path("zones/", views.ZoneListView.as_view(), name="list"),
    path("zones.csv", views.ZoneExportView.as_view(), name="export"),
    path("zones/<slug:slug>/", views.ZoneDetailView.as_view(), name="detail"),
]
