"""Zip containers (docx, xlsx, ods) opened with bounds: entries, sizes, ratio, names, encryption.

A container that declares small parts and holds large ones is caught while reading: no part is ever unpacked beyond the
bound. Containers inside containers are opened by :mod:`gongkai.reading.inside` alone, each with these bounds.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING

from gongkai.reading.grid import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ENTRIES = 5_000
MAX_PART_BYTES = 64_000_000
MAX_TOTAL_BYTES = 256_000_000
MAX_XML_BYTES = 32_000_000
MAX_XML_TAGS = 1_500_000
"""Tags in one XML part; a tree of that many takes about 200 MB."""
MAX_RATIO = 300
"""Unpacked to packed, looked at beyond 16 MB: XML full of empty rows reaches 100."""
_UNSUSPICIOUS_BYTES = 16_000_000

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of the container of .doc, .xls, .wps and of encrypted .docx and .xlsx."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT_WORD = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_DAMAGED = "文件已损坏或不完整：压缩包无法打开。"


class Archive:
    """The parts of one container, by name. Raises Unreadable when it breaks a bound, is encrypted or damaged."""

    def __init__(self, data: bytes) -> None:
        _refuse_other_containers(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable(_DAMAGED) from error
        entries = self._zip.infolist()
        _refuse_bomb(entries, len(data))
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise Unreadable("文件已加密，请先去掉密码再读取。")
            name = _safe_name(entry.filename)
            if name in self._entries:
                raise Unreadable(f"文件的压缩包里有两个同名部分（{name}），无法判断以哪个为准。")
            self._entries[name] = entry

    @property
    def names(self) -> list[str]:
        """Names of all parts, in the order of the container."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes | None:
        """The whole part, ``None`` when there is none of that name."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        try:
            with self._zip.open(entry) as part:
                content = part.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
            raise Unreadable(f"文件已损坏：其中的{name}无法解压。") from error
        if len(content) > MAX_PART_BYTES:
            raise Unreadable(f"文件解压后过大（{name}超过{MAX_PART_BYTES // 1_000_000}MB），未读取。")
        return content

    def xml(self, name: str) -> _Element | None:
        """The root of an XML part, ``None`` when there is none of that name. Entities are never expanded or fetched."""
        content = self.read(name)
        if content is None:
            return None
        if b"<!DOCTYPE" in content[:4096]:
            raise Unreadable(f"文件不正常：其中的{name}带有文档类型声明，未读取。")
        if len(content) > MAX_XML_BYTES or content.count(b"<") > MAX_XML_TAGS:
            raise Unreadable(f"文件内容过多：其中的{name}解压后有{len(content) / 1_000_000:.0f}MB，未读取。")
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        try:
            return etree.fromstring(content.replace(_STRICT_WORD, _WORD), parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"文件已损坏：其中的{name}不是有效的XML，或者嵌套过深。") from error


def is_encrypted_office(data: bytes) -> bool:
    """Whether these are the bytes of a password-protected .docx or .xlsx."""
    return data.startswith(OLE_MARK) and _ENCRYPTED_PACKAGE in data


def _refuse_other_containers(data: bytes) -> None:
    if is_encrypted_office(data):
        raise Unreadable("文件已加密，请先去掉密码再读取。")
    if data.startswith(OLE_MARK):
        raise Unreadable("文件内容是旧版Office格式（doc、xls、wps），与扩展名不符，请改正扩展名后再读取。")
    if not data.startswith(b"PK"):
        raise Unreadable("文件不是有效的Office文档（不是压缩包），可能已损坏或扩展名不符。")


def _refuse_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"文件的压缩包里有{len(entries)}个部分，超过{MAX_ENTRIES}个的上限，未读取。")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES or (total > _UNSUSPICIOUS_BYTES and total > MAX_RATIO * packed):
        raise Unreadable(f"文件解压后过大（{total / 1_000_000:.0f}MB），可能是压缩炸弹，未读取。")


def _safe_name(name: str) -> str:
    """The part's name with forward slashes; Unreadable when it points outside the container."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or ".." in plain.split("/") or ":" in plain.split("/")[0]:
        raise Unreadable("文件的压缩包里有指向外部的路径，未读取。")
    return posixpath.normpath(plain)
