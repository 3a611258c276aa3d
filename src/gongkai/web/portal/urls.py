"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from gongkai.web.portal import error_views, views
from gongkai.web.settings import numbers  # noqa: F401 - makes <number:…> known

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/<number:number>/", views.item, name="item"),
    path("items/<number:number>/files/<str:digest>/", views.attachment, name="attachment"),
    path("items/<number:number>/error/", error_views.report, name="report_error"),
    path("errors/", error_views.lookup, name="error_lookup"),
    path("errors/<str:number>/", error_views.answer, name="error"),
    path("healthz", views.healthz, name="healthz"),
]
