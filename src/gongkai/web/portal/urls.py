"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from gongkai.web.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/<int:number>/", views.item, name="item"),
    path("items/<int:number>/files/<str:digest>/", views.attachment, name="attachment"),
    path("healthz", views.healthz, name="healthz"),
]
