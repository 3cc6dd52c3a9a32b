"""The addresses of the desk, within those of the administration: `admin:desk_section` …"""

from django.contrib import admin
from django.urls import path

from desk import views

urlpatterns = [
    path("answer/<slug:name>/", admin.site.admin_view(views.answer), name="desk_answer"),
    path("completeness/", admin.site.admin_view(views.completeness), name="desk_completeness"),
    path("<slug:key>/", admin.site.admin_view(views.section), name="desk_section"),
]
