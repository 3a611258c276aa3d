"""Addresses of the office."""

from __future__ import annotations

from django.urls import path

from gongkai.web.office import people_views, register_views, views

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
    path("items/<int:number>/attach/", views.attach, name="attach"),
    path("items/<int:number>/detach/", views.detach, name="detach"),
    path("items/<int:number>/files/<str:digest>/", views.attachment, name="attachment"),
    path("items/<int:number>/answer/", views.answer_hit, name="answer_hit"),
    path("items/<int:number>/mask/", views.mask_hit, name="mask_hit"),
    path("items/<int:number>/publish/", views.publish, name="publish"),
    path("items/<int:number>/withdraw/<int:publication>/", views.withdraw, name="withdraw"),
    path("deliveries/<int:number>/", views.delivery, name="delivery"),
    path("ledger/", views.ledger, name="ledger"),
    path("organs/", people_views.organs, name="organs"),
    path("organs/<int:number>/", people_views.organ, name="organ"),
    path("organs/<int:number>/change/", people_views.change, name="change_organ"),
    path("organs/<int:number>/add/", people_views.add_organ, name="add_organ"),
    path("organs/<int:number>/people/", people_views.add_person, name="add_person"),
    path("organs/<int:number>/appoint/", people_views.appoint, name="appoint"),
    path("organs/<int:number>/dismiss/<int:post>/", people_views.dismiss, name="dismiss"),
    path("organs/<int:number>/unlock/", people_views.unlock, name="unlock"),
    path("registers/", register_views.listed, name="registers"),
    path("registers/new/", register_views.add, name="register_add"),
    path("registers/import/", register_views.take_in, name="register_import"),
    path("registers/export/", register_views.export, name="register_export"),
    path("registers/declared/", register_views.declared, name="declared"),
    path("registers/nil/", register_views.nil_returns, name="nil_returns"),
    path("registers/table-two/", register_views.table_two, name="table_two"),
    path("registers/<str:register>/<int:number>/correct/", register_views.correct, name="register_correct"),
    path("registers/<str:register>/<int:number>/strike/", register_views.strike, name="register_strike"),
]
