"""One of each thing that a page shows, put into the small demo by its own people: what the browser walks through.

It is run as a program (``python -m tests.web.furnished``) beside the server, and prints what it made as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from gongkai.web import commands

# The places of the tests' county, as the demo calls them.
PLACES = {"yunchuan": "shifan", "qinghe": "mingshan", "baishu": "hupan", "jiaotong": "jiguan"}


def account(organ: str, duty: str) -> str:
    """The demo's user name for a post of the tests' county."""
    return f"{PLACES[organ]}-{duty.replace('_', '-')}"


def furnish() -> dict[str, Any]:
    """Everything that the walk names, and what the public site shows besides."""
    from gongkai.web.agencies.models import Agency, Person, Post
    from tests.web import pages
    from tests.web.conftest import County

    class Demo(County):
        def person(self, organ: str, duty: str) -> Person:
            name = account(organ, duty)
            person = Person.objects.filter(username=name).first()
            if person is None:
                like = Person.objects.get(username=account("qinghe", "drafter"))
                person = Person.objects.create(username=name, password=like.password, full_name="韩青", home=self.organs.get(organ))
                agency = self.root if organ == "yunchuan" else self.organs[organ]
                Post.objects.create(person=person, agency=agency, duty=duty, from_on=like.posts.get().from_on)
            return person

    organs = {name: Agency.objects.get(code=code) for name, code in PLACES.items()}
    return pages.furnished(Demo(organs.pop("yunchuan"), organs))


if __name__ == "__main__":
    commands.prepare(None)
    print(json.dumps(furnish(), default=str))
