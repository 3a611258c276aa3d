"""Which database, and how a connection to it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Readers never wait for the writer, and a transaction that will write says so when it begins.
_SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA cache_size=-16000;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's settings for the database at ``url``, or for the SQLite file in the folder ``data``."""
    if not url:
        name = str(data / "gongkai.sqlite3")
        # Opening the file and preparing the connection takes longer than most questions: it stays open.
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(_SQLITE), "CONN_MAX_AGE": 600}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL 只支持 postgresql://，不设时使用 SQLite。")
    options = {name: unquote(value) for name, _, value in (pair.partition("=") for pair in parts.query.split("&")) if value}
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
