"""What the page of an item shows of its reviews."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.beside import Beside
from gongkai.web.disclosure.joint.queries import could_join, joint_organs, organ_for
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.reviews import OrganReview, comments_on, could_take_over, last_seen, returnable_to, standing
from gongkai.web.review.models import NORMAL, URGENT
from gongkai.web.review.plans import plan_on
from gongkai.web.review.stages import stages


def panel(item: Item, person: Person, on: datetime.date, beside: Beside) -> dict[str, Any]:
    """The reviews of an item for that viewer, with the names the templates know."""
    reviews = standing(item, person, on)
    leading, mine = reviews.leading, reviews.mine
    joint = beside.rows("joint_organs", lambda: joint_organs(item))
    shown = mine or next((one for one in reviews.reviews if one.stage), leading)
    return {
        "reviews": reviews,
        "run": leading.run if leading else None,
        "mine": mine,
        "may_review": mine is not None,
        "stage": shown.stage if shown else None,
        "back_to": returnable_to(mine.run) if mine else [],
        "seen_number": last_seen(item, person) if mine else None,
        "handing": [
            (one, people) for one in _under_way(reviews.reviews, reviews.after) if (people := could_take_over(one.run, person, on))
        ],
        "returned_after": next((one for one in reviews.after if one.run.state == "returned"), None),
        # Asked for only where the page shows it.
        "plan": partial(plan_titles, item.agency, on),
        "joint": joint,
        "joinable": could_join(item) if item.kind == "joint" and may(person, "disclosure.add_joint_organ", item.agency, on) else [],
        "comments": beside.rows("comments", lambda: comments_on(item)),
        "may_comment": organ_for(person, "review.comment", [item.agency, *joint]) is not None,
    }


def _under_way(*lists: list[OrganReview]) -> list[OrganReview]:
    return [one for reviews in lists for one in reviews if one.stage]


def plan_titles(agency: Agency, on: datetime.date, lane: str = NORMAL) -> list[str]:
    """The titles of the stages that a submission would go through in that organ."""
    return [stages()[name].title for name in plan_on(agency, lane, on).stages]


def urgent_titles(agency: Agency, on: datetime.date) -> tuple[list[str], list[str]]:
    """The stages of an organ before an urgent publication, and those that are made up for afterwards."""
    now = plan_titles(agency, on, URGENT)
    return now, [title for title in plan_titles(agency, on) if title not in now]
