"""Addresses of the public site."""

from __future__ import annotations

from django.urls import include, path, re_path

from gongkai.web.portal import error_views, figures, items, lists, organs, searching, suggestion_views, views
from gongkai.web.portal.api.urls import urlpatterns as api
from gongkai.web.portal.data.urls import urlpatterns as data
from gongkai.web.portal.soliciting import questionnaires, topics
from gongkai.web.portal.soliciting import views as soliciting_views
from gongkai.web.settings import numbers  # noqa: F401 - makes <number:…> known

app_name = "portal"
urlpatterns = [
    path("", lists.home, name="home"),
    path("look/", views.look, name="look"),
    path("o/", organs.every, name="organs"),
    path("o/<slug:code>/", organs.home, name="organ"),
    path("o/<slug:code>/guide/", organs.guide, name="guide"),
    path("o/<slug:code>/rules/", organs.rules, name="rules"),
    path("o/<slug:code>/content/", organs.content, name="content"),
    path("o/<slug:code>/content/<slug:column>/", lists.column, name="column"),
    path("o/<slug:code>/reports/", organs.reports, name="reports"),
    path("o/<slug:code>/request/", organs.request_entry, name="request"),
    path("all/", lists.every, name="every"),
    path("statistics/", figures.figures, name="statistics"),
    path("kinds/<slug:kind>/", lists.kind, name="kind"),
    path("search", searching.search, name="search"),
    path("d/<str:slug>/", items.item, name="item"),
    path("d/<str:slug>/qr.svg", items.qr, name="qr"),
    re_path(r"^d/(?P<slug>[^/]+)/document\.(?P<kind>docx|pdf)$", items.download, name="download"),
    path("d/<str:slug>/files/<str:digest>/", items.attachment, name="attachment"),
    path("d/<str:slug>/error/", error_views.report, name="report_error"),
    path("errors/", error_views.lookup, name="error_lookup"),
    path("errors/<str:number>/", error_views.answer, name="error"),
    path("suggest/", suggestion_views.choose, name="suggest_organ"),
    path("o/<slug:code>/suggest/", suggestion_views.suggestion, name="suggest"),
    path("suggestions/", suggestion_views.lookup, name="suggestion_lookup"),
    path("suggestions/<str:number>/", suggestion_views.answer, name="suggestion"),
    path("solicitations/", soliciting_views.listed, name="solicitations"),
    path("solicitations/<str:slug>/", soliciting_views.solicitation, name="solicitation"),
    path("opinions/", soliciting_views.lookup, name="opinion_lookup"),
    path("opinions/<str:number>/", soliciting_views.opinion, name="opinion"),
    path("questionnaires/", questionnaires.listed, name="questionnaires"),
    path("questionnaires/<number:number>/", questionnaires.questionnaire, name="questionnaire"),
    path("topics/", topics.listed, name="topics"),
    path("topics/<number:number>/", topics.topic, name="topic"),
    path("api/", include(api)),
    *data,
    path("healthz", views.healthz, name="healthz"),
]
