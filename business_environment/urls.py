from django.urls import path

from business_environment import views

app_name = "business_environment"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("approvals/", views.approvals, name="approvals"),
    path("indicators/", views.indicators, name="indicators"),
    path("policies/", views.policies, name="policies"),
    path("costs/", views.costs, name="costs"),
    path("transport/", views.transport, name="transport"),
]
