"""The law of requests (依申请公开): outcomes, fees, letters and remedies as dated data; beside them :mod:`.timing` and :mod:`.acts`.

An outcome is what an officer picks. The row of the annual report, the letter, what the letter must hold and the remedy that it
tells follow from it.

>>> import datetime
>>> on = datetime.date(2024, 3, 1)
>>> found = outcome("not_this_organ", on=on)
>>> found.row("2021"), letter(found.letter, on=on).name, remedy(outcome=found.code, organ="township", on=on).id
('unable_not_held', '非本机关政府信息告知书', 'R2')
"""

from gongkai.law.requests.fees import Fee, item_fee, page_fee
from gongkai.law.requests.letters import Letter, abolished, letter, missing
from gongkai.law.requests.outcomes import Outcome, outcome, outcomes
from gongkai.law.requests.remedies import paragraph, remedy

__all__ = [
    "Fee",
    "Letter",
    "Outcome",
    "abolished",
    "item_fee",
    "letter",
    "missing",
    "outcome",
    "outcomes",
    "page_fee",
    "paragraph",
    "remedy",
]
