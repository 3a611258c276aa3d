"""Addresses of the files, the feeds and the sitemap, each answering as open data does."""

from __future__ import annotations

from django.urls import path

from gongkai.web.portal.api.answering import open_data
from gongkai.web.portal.data import feeds, sitemap, views
from gongkai.web.settings import numbers  # noqa: F401 - makes <number:…> known

urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/catalog.jsonld", open_data(views.catalogued, is_kept=False), name="catalogue"),
    path("data/<str:name>", open_data(views.file), name="data_file"),
    path("feed.xml", open_data(feeds.everything), name="feed"),
    path("o/<slug:code>/feed.xml", open_data(feeds.organ), name="organ_feed"),
    path("o/<slug:code>/content/<slug:column>/feed.xml", open_data(feeds.column), name="column_feed"),
    path("sitemap.xml", open_data(sitemap.index), name="sitemap"),
    path("sitemap-pages.xml", open_data(sitemap.pages), name="sitemap_pages"),
    path("sitemap-<number:year>-<number:number>.xml", open_data(sitemap.items), name="sitemap_items"),
    path("robots.txt", open_data(sitemap.robots), name="robots"),
]
