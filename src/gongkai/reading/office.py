"""Documents that only an office suite opens (.doc, .wps, .rtf, .odt): converted by LibreOffice, then read as .docx."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from gongkai.reading.archive import OLE_MARK, is_encrypted_office
from gongkai.reading.grid import Grid, Unreadable

MAX_BYTES = 64_000_000
TIMEOUT_SECONDS = 90
"""A start with a fresh profile takes 3 to 8 seconds, the conversion of a report less than one more."""
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_CONVERTED = frozenset((".doc", ".wps", ".rtf", ".odt", ".dot", ".wpt"))

# No macros, no links fetched, no locks of other people's files: the profile is ours and lives for one conversion.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def find_soffice() -> str | None:
    """The path of LibreOffice's ``soffice``, ``None`` when it is not on the search path.

    It looks at the search path of the process, so ``cli`` and ``web`` call it and hand the answer down.
    """
    return shutil.which("soffice") or shutil.which("libreoffice")


def read_office(data: bytes, suffix: str, *, soffice: str | None) -> Grid:
    """Read a document that has to be converted first.

    ``suffix`` is the file's own (``.doc``), any case; ``soffice`` the path of LibreOffice. What the bytes are wins over
    the suffix: a .docx or a web page under another name is read at once. Raises Unreadable.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件过大（{len(data) / 1_000_000:.0f}MB），超过{MAX_BYTES // 1_000_000}MB的上限，未读取。")
    if is_encrypted_office(data):
        raise Unreadable("文件已加密，请先去掉密码再读取。")
    kind = suffix.lower()
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")[:6].lower()
    if head.startswith((b"<html", b"<!doc")):
        from gongkai.reading.html import read_html

        return read_html(data)
    if data.startswith(b"PK") and kind != ".odt":
        from gongkai.reading.docx import read_docx

        return read_docx(data)
    if kind not in _CONVERTED:
        raise Unreadable(f"不认识的文件类型“{suffix}”。")
    if soffice is None:
        raise Unreadable(f"读取{kind}文件需要LibreOffice。请安装LibreOffice后重试，或者用WPS、Word另存为docx后再读取。")
    if data.startswith(OLE_MARK) and _WORD_STREAM in data:
        kind = ".doc"  # WPS writes Word's own format under its own suffix
    return _read_converted(_convert(data, kind, soffice))


def _read_converted(data: bytes) -> Grid:
    from gongkai.reading.docx import read_docx

    return read_docx(data)


def _convert(data: bytes, suffix: str, soffice: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        home = Path(folder)
        source = home / f"document{suffix}"
        source.write_bytes(data)
        profile = home / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        made = home / "made" / "document.docx"
        _run(
            [
                soffice,
                f"-env:UserInstallation=file://{home}/profile",
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(made.parent),
                str(source),
            ],
            home,
        )
        if not made.is_file() or made.stat().st_size == 0:
            raise Unreadable("LibreOffice无法转换这个文件：文件可能已损坏、已加密，或者内容与扩展名不符。")
        if made.stat().st_size > MAX_BYTES:
            raise Unreadable("文件转换后过大，未读取。")
        return made.read_bytes()


def _run(command: list[str], home: Path) -> None:
    """Run LibreOffice in a process group of its own, so that nothing of it is left when time is up."""
    settings = {"HOME": str(home), "TMPDIR": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603 - a fixed command without a shell; the file's name is ours
        command,
        env=settings,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"LibreOffice在{TIMEOUT_SECONDS}秒内没有完成转换，已停止。") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
