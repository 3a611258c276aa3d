"""Who asks: kept sealed, shown masked, recognized again by a mark that tells nobody who it is."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import asdict, dataclass, fields

from django.utils.crypto import salted_hmac

from gongkai.errors import Refused
from gongkai.web.inforequest.values import choices, tidy
from gongkai.web.settings.keys import KeyLost, seal, unseal

PURPOSE, PARTY = "requester", "third party of a request"
_ADDRESS, _PERSON = "gongkai requests: address, 1", "gongkai requests: requester, 1"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """What Art. 29 asks of who requests, and nothing else. ``kind`` is a column of table three.

    ``person`` is who acts for an organization, ``proxy`` who acts by power of attorney; both empty where nobody does.
    """

    kind: str
    name: str
    id_kind: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    person: str = ""
    proxy: str = ""

    def checked(self) -> Requester:
        """The same tidied; :class:`Refused` (reg:29) where a name, a proof of identity or every way to reach somebody is missing."""
        sizes = {"person": "person", "proxy": "person"}
        said = {
            field.name: tidy(getattr(self, field.name), sizes.get(field.name, field.name))
            for field in fields(self) if field.name not in ("kind", "id_kind")
        }  # fmt: skip
        tidied = Requester(kind=self.kind, id_kind=self.id_kind, **said)
        for is_wrong, words in (
            (self.kind not in choices("requesters"), "请选择申请人的类别。"),
            (not tidied.name, "请填写申请人的姓名或者名称。"),
            (self.id_kind not in choices("id_kinds") or not tidied.id_number, "请填写身份证明的种类和号码。"),
            (not (tidied.phone or tidied.address or tidied.email), "请至少填写一种联系方式：电话、通信地址或者电子邮箱。"),
            (bool(tidied.email) and not _EMAIL.fullmatch(tidied.email), "电子邮箱的格式不对，例如 name@example.com。"),
            (self.kind != "natural_person" and not tidied.person, "请填写法人或者其他组织的联系人。"),
        ):
            if is_wrong:
                raise Refused(words, basis="reg:29")
        return tidied

    def sealed(self, number: str) -> str:
        """As it is stored, bound to the request of that number."""
        return seal(json.dumps(asdict(self), ensure_ascii=False), purpose=PURPOSE, row=number)

    @property
    def mark(self) -> str:
        """By what the same requester is recognized; it tells nobody who that is."""
        said = f"{self.id_kind}:" + re.sub(r"\W", "", self.id_number).upper()
        return salted_hmac(_PERSON, said, algorithm="sha256").hexdigest()

    def masked(self) -> Requester:
        """What is shown without a reason: enough to tell two apart, not to reach anybody."""
        rest = {name: mask(getattr(self, name)) for name in ("id_number", "phone", "address", "email", "person", "proxy")}
        name = self.name[:1] + "*" * (len(self.name) - 1) if self.kind == "natural_person" else self.name
        return Requester(kind=self.kind, name=name, id_kind=self.id_kind, postcode="", **rest)


def mask(text: str) -> str:
    """The first and last sign of a text, the middle as stars; of a short one nothing."""
    return text if not text else "*" * len(text) if len(text) < 4 else f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def opened(sealed: str, number: str) -> Requester | None:
    """Who asks; ``None`` when the key is not here or it is not what was sealed for this request."""
    try:
        return Requester(**json.loads(unseal(sealed, purpose=PURPOSE, row=number)))
    except KeyLost:
        return None


def sealed_party(name: str, number: str) -> str:
    """Who is asked, as it is stored with the request of that number."""
    return seal(name, purpose=PARTY, row=number)


def opened_party(sealed: str, number: str) -> str | None:
    """Who was asked; ``None`` when it does not open."""
    try:
        return unseal(sealed, purpose=PARTY, row=number)
    except KeyLost:
        return None


def mark_of(address: str, on: datetime.date) -> str:
    """By what the requests of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return salted_hmac(_ADDRESS, f"{on}:{address}", algorithm="sha256").hexdigest()
