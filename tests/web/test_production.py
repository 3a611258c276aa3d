"""What production demands, in a process of its own: settings are read once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVED = """
import json, re, sys
from gongkai.web import commands
commands.prepare(None)
commands.migrate(say=lambda _: None)
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "gongkai.example.gov.cn", "accept-encoding": "gzip"})
plain = client.get("/")
page = client.get("/", secure=True)
sheet = re.search(r'href="(/static/gongkai/gongkai[^"]*[.]css)"', client.get("/account/login/", secure=True, headers={"accept-encoding": ""}).content.decode())
style = client.get(sheet.group(1), secure=True)
b"".join(style.streaming_content)
print(json.dumps({
    "plain": plain.status_code, "page": page.status_code, "hsts": page.get("Strict-Transport-Security"), "sheet": sheet.group(1),
    "style": [style.status_code, style.get("Content-Encoding"), style.get("Cache-Control")], "totp": settings.REQUIRE_TOTP,
}))
"""

pytestmark = pytest.mark.apart


# What a real site has besides what production demands.
SITE = {"GONGKAI_ADDRESS": "https://gongkai.example.gov.cn", "GONGKAI_SITE_CODE": "9900000001"}


def _run(data: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}
    setting = {
        "GONGKAI_MODE": "production", "GONGKAI_DATA": str(data), "GONGKAI_HOSTS": "gongkai.example.gov.cn",
        "GONGKAI_SECRET_KEY": "aB3_" * 20 + "xyz-0189", "GONGKAI_DATA_KEYS": f"2026:{'5c' * 32}",
        "DJANGO_SETTINGS_MODULE": "gongkai.web.settings",
    }  # fmt: skip
    return subprocess.run([sys.executable, *words], env={**kept, **setting, **extra}, capture_output=True, text=True, check=False)


def test_djangos_own_checks_find_nothing(tmp_path: Path) -> None:
    done = _run(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **SITE)
    assert done.returncode == 0, done.stderr
    both = SITE | {"GONGKAI_HSTS_SUBDOMAINS": "1", "GONGKAI_HSTS_PRELOAD": "1"}
    done = _run(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **both)
    assert "(0 silenced)" in done.stdout + done.stderr


def test_the_check_asks_for_what_the_public_site_must_say_of_itself(tmp_path: Path) -> None:
    done = _run(tmp_path, "-m", "django", "check", "--deploy")
    assert done.returncode == 0
    assert [mark for mark in ("gongkai.W001", "gongkai.W002") if mark in done.stderr] == ["gongkai.W001", "gongkai.W002"]


def test_the_check_names_a_missing_key(tmp_path: Path) -> None:
    done = _run(tmp_path, "-m", "django", "check", "--deploy", GONGKAI_DATA_KEYS="")
    assert done.returncode != 0 and "必须设置 GONGKAI_DATA_KEYS（数据密钥）" in done.stderr.splitlines()[-1]


def test_pages_go_out_by_https_with_compressed_files(tmp_path: Path) -> None:
    done = _run(tmp_path, "-c", SERVED)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["plain"], told["page"], told["totp"]) == (301, 200, True)
    assert told["hsts"] == "max-age=31536000"  # a shared domain above is not spoken for
    assert told["sheet"].count(".") == 2  # named by its content
    assert told["style"] == [200, "gzip", "max-age=315360000, public, immutable"]


def test_production_refuses_what_is_not_safe(tmp_path: Path) -> None:
    for extra, words in (
        ({"GONGKAI_SECRET_KEY": ""}, "必须设置 GONGKAI_SECRET_KEY"),
        ({"GONGKAI_SECRET_KEY": "short"}, "GONGKAI_SECRET_KEY 太短"),
        ({"GONGKAI_DATA_KEYS": ""}, "必须设置 GONGKAI_DATA_KEYS"),
        ({"GONGKAI_DATA_KEYS": "5c5c"}, "GONGKAI_DATA_KEYS 应当写成“名称:密钥”"),
        ({"GONGKAI_CIPHER": "des"}, "GONGKAI_CIPHER 只能是 sm4 或者 aes"),
        ({"GONGKAI_SIGNIN_DAYS": "30"}, "不能少于184天"),
    ):
        done = _run(tmp_path, "-m", "gongkai.cli", "verify", **extra)
        assert done.returncode == 2 and words in done.stderr, done.stderr
