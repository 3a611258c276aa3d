"""Addresses of the office."""

from __future__ import annotations

from django.urls import path

from gongkai.web.office import views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/", views.items, name="items"),
    path("items/new/", views.draft, name="draft"),
    path("items/<int:number>/", views.item, name="item"),
    path("items/<int:number>/revise/", views.revise, name="revise"),
    path("items/<int:number>/submit/", views.submit, name="submit"),
    path("items/<int:number>/recall/", views.recall, name="recall"),
    path("items/<int:number>/discard/", views.discard, name="discard"),
    path("items/<int:number>/review/", views.review_step, name="review"),
    path("items/<int:number>/answer/", views.answer_hit, name="answer_hit"),
    path("items/<int:number>/mask/", views.mask_hit, name="mask_hit"),
    path("items/<int:number>/publish/", views.publish, name="publish"),
    path("items/<int:number>/withdraw/<int:publication>/", views.withdraw, name="withdraw"),
    path("deliveries/<int:number>/", views.delivery, name="delivery"),
    path("ledger/", views.ledger, name="ledger"),
]
