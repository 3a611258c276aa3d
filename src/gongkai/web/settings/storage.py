"""Where kept files lie when the environment names a bucket: Django's storage settings for it, checked before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ADDRESSING = ("path", "virtual")
ACLS = {"private": "private", "none": None}
ENCRYPTION = ("", "AES256", "aws:kms")
# Seconds: a store that does not answer must not hold a page longer than its reader waits.
CONNECT, READ, TRIES = 5, 20, 3


def bucket(read: Callable[[str], str], *, is_production: bool) -> dict[str, dict[str, Any]]:
    """The storage ``kept``, or nothing where no bucket is set. Keys come from our own settings, never from files of the client."""
    name = read("GONGKAI_S3_BUCKET")
    if not name:
        return {}
    _demand(read, is_production=is_production)
    from botocore.config import Config

    encryption = read("GONGKAI_S3_ENCRYPTION")
    options = {
        "bucket_name": name,
        "endpoint_url": read("GONGKAI_S3_ENDPOINT") or None,
        "region_name": read("GONGKAI_S3_REGION"),
        "access_key": read("GONGKAI_S3_KEY_ID"),
        "secret_key": read("GONGKAI_S3_SECRET"),
        "default_acl": ACLS[read("GONGKAI_S3_ACL")],
        "object_parameters": {"ServerSideEncryption": encryption} if encryption else {},
        "querystring_auth": True,
        # Another name for the same digest would be a file that nobody finds; what stands is asked for before anything is sent.
        "file_overwrite": True,
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": read("GONGKAI_S3_ADDRESSING")},
            connect_timeout=CONNECT, read_timeout=READ, retries={"max_attempts": TRIES, "mode": "standard"},
            # Stores other than Amazon's refuse the client's newer checksums; ours is the digest.
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        ),
    }  # fmt: skip
    return {"kept": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}


def _demand(read: Callable[[str], str], *, is_production: bool) -> None:
    """What cannot work, or would not be safe, is said when the platform starts and not at the first upload."""
    place = urlsplit(read("GONGKAI_S3_ENDPOINT"))
    is_here = place.hostname in ("127.0.0.1", "localhost", "::1")
    wrong = [
        (
            "设了 GONGKAI_S3_BUCKET，还要设 GONGKAI_S3_KEY_ID 和 GONGKAI_S3_SECRET",
            not (read("GONGKAI_S3_KEY_ID") and read("GONGKAI_S3_SECRET")),
        ),
        ("GONGKAI_S3_ENDPOINT 要写完整的地址，以 https:// 开头", bool(place.geturl()) and place.scheme not in ("http", "https")),
        ("GONGKAI_MODE=production 时 GONGKAI_S3_ENDPOINT 必须以 https:// 开头", is_production and place.scheme == "http" and not is_here),
        (f"GONGKAI_S3_ADDRESSING 只能是 {'、'.join(ADDRESSING)}", read("GONGKAI_S3_ADDRESSING") not in ADDRESSING),
        (f"GONGKAI_S3_ACL 只能是 {'、'.join(ACLS)}", read("GONGKAI_S3_ACL") not in ACLS),
        ("GONGKAI_S3_ENCRYPTION 只能是 AES256、aws:kms，或者不设", read("GONGKAI_S3_ENCRYPTION") not in ENCRYPTION),
        ("设了 GONGKAI_S3_BUCKET，但是没有安装对象存储的部件，请用 requirements/s3.txt 安装", find_spec("storages") is None),
    ]
    said = [words for words, is_wrong in wrong if is_wrong]
    if said:
        raise ImproperlyConfigured("；".join(said) + "。")
