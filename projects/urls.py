from django.urls import path

from projects import views

app_name = "projects"

urlpatterns = [
    path("projects/", views.ProjectListView.as_view(), name="list"),
    path("projects.csv", views.ProjectExportView.as_view(), name="export"),
    path("projects/in-figures/", views.figures, name="figures"),
    path("projects/<slug:slug>/", views.ProjectDetailView.as_view(), name="detail"),
    path("projects/<slug:slug>/fact-sheet/", views.ProjectFactSheetView.as_view(), name="fact-sheet"),
]
