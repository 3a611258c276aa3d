"""The errors a person may see.

::

    GongkaiError          anticipated, told in Chinese, with its basis where the law is the reason
    ├── Refused           law or state forbids the act                      (raised by the rooms that act)
    ├── Unreadable        a document cannot be read: where, why             (reading)
    │   └── Scanned       a PDF of pictures, which only the extra [ocr] reads (reading.pdf)
    ├── Unwritable        a report or letter cannot be written: which part is missing (report)
    ├── Malformed         a JSON report does not keep the contract: which key (report)
    ├── KeyLost           what was sealed does not open                     (web.settings)
    ├── IndexLost         no search index that could be trusted             (web.search)
    └── LawMissing        no data at all for that instrument and day        (law)

``NotPermitted`` (``web.agencies``) stands apart: no post lets the person do that, which a page answers with 403 and shows nothing of.

A *finding* about a report is data and never an exception; anything else that rises is a bug.
"""

from __future__ import annotations


class GongkaiError(Exception):
    """An anticipated refusal.

    ``message`` is a Chinese sentence for the person at the screen; ``basis`` names the article or norm it rests on
    (``reg:33.2``), ``None`` where the reason is not legal.
    """

    def __init__(self, message: str, *, basis: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.basis = basis


class Refused(GongkaiError):
    """The law, or the state a matter is in, forbids the act."""
