"""The server's process is killed in the middle of publishing, again and again: act and entry stand together or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORKER = """
import datetime, sys
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import actions
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import default_stages, stages
day = datetime.date(2026, 3, 2)
agency = Agency.objects.get(code="mingshan")
who = lambda duty: Person.objects.get(username="mingshan-" + duty)
drafter, head = who("drafter"), who("office-head")
reviewers = {name: who(name + "-reviewer") for name in default_stages()}
def cycle(title):
    content = actions.Content(title=title, body="<p>正文</p>", kind="notice", column="a20_13", formed_on=day, channels=("wechat",))
    item = actions.draft(person=drafter, on=day, agency=agency, content=content)
    run = actions.submit(person=drafter, on=day, item=item)
    for name in run.stages:
        decide(run=run, person=reviewers[name], on=day, is_passed=True, checked=stages()[name].checklist)
    actions.publish(person=head, on=day, item=item)
# The first time loads tables and takes longer than the kills wait: what is to be interrupted is the act, not the loading.
cycle("预备")
print("ready", flush=True)
while True:
    cycle("打断试验")
"""
PROOF = """
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.disclosure.models import Delivery, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.models import Step
print([broken.words for broken in verify()][:3])
print(Publication.objects.count() - LedgerEntry.objects.filter(action="disclosure.publish").count())
print(Delivery.objects.count() - sum(1 + len(row.revision.content["channels"]) for row in Publication.objects.select_related("revision")))
print(Step.objects.count() - LedgerEntry.objects.filter(action__startswith="review.").count())
print(Publication.objects.filter(item__title="打断试验").count())
"""
TIMES = 200 if os.environ.get("GONGKAI_TESTS") == "deep" else 50

pytestmark = pytest.mark.apart


def _python(code: str, environment: dict[str, str], **settings: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], env=environment, text=True, stdout=subprocess.PIPE, **settings)  # type: ignore[call-overload, no-any-return]


@pytest.mark.timeout(600)
def test_nothing_is_half_done(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"GONGKAI_DATA": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "gongkai.cli", "demo", "--small", "--data", str(tmp_path)], env=environment, check=True, capture_output=True
    )
    moments = random.Random(20260302)
    for _ in range(TIMES):
        worker = _python(WORKER, environment)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(moments.random() * 0.15)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    told, _ = _python(PROOF, environment).communicate()
    *holds, published = told.splitlines()
    assert holds == ["[]", "0", "0", "0"]
    assert int(published) > 0, "no publication was ever reached: the kills came too early to prove anything"
