"""Django's settings, from the environment. See :mod:`gongkai.web.settings.known` for what may be set."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from gongkai.web.settings.database import database
from gongkai.web.settings.keys import CIPHERS, kept, made, ring
from gongkai.web.settings.known import is_on, read
from gongkai.web.settings.networks import networks
from gongkai.web.settings.proxies import trusted_proxies
from gongkai.web.settings.storage import bucket

IS_PRODUCTION = read("GONGKAI_MODE") == "production"
DATA = Path(read("GONGKAI_DATA")).resolve()
SHORTEST_KEY = 50
BASE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """From the environment; only a local trial keeps one in a file of its data folder, which no backup contains."""
    key = read("GONGKAI_SECRET_KEY")
    if IS_PRODUCTION and 0 < len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"GONGKAI_SECRET_KEY 太短，至少{SHORTEST_KEY}个字符。")
    if not key and IS_PRODUCTION:
        raise ImproperlyConfigured("GONGKAI_MODE=production 时必须设置 GONGKAI_SECRET_KEY。")
    return key or kept(DATA / "keys" / "secret", lambda: secrets.token_urlsafe(64))


def _data_keys() -> dict[str, bytes]:
    """What seals secrets and personal data in the database; the same rule."""
    keys = ring(read("GONGKAI_DATA_KEYS"))
    if not keys and IS_PRODUCTION:
        raise ImproperlyConfigured(
            "GONGKAI_MODE=production 时必须设置 GONGKAI_DATA_KEYS（数据密钥）：动态验证码的密钥用它加密保存。"
            "可以用 python3 -c \"import secrets; print('2027:' + secrets.token_hex(32))\" 生成，并另外保管一份，丢了打不开。"
        )
    return keys or ring(kept(DATA / "keys" / "data", made))


SECRET_KEY = _secret_key()
DATA_KEYS = _data_keys()
DATA_CIPHER = read("GONGKAI_CIPHER")
if DATA_CIPHER not in CIPHERS:
    raise ImproperlyConfigured("GONGKAI_CIPHER 只能是 sm4 或者 aes。")
DEBUG = False
ALLOWED_HOSTS = [name.strip() for name in read("GONGKAI_HOSTS").split(",") if name.strip()]
if not ALLOWED_HOSTS and not IS_PRODUCTION:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bulma",
    "django_htmx",
    "django_prose_editor",
    "axes",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "gongkai.web.agencies",
    "gongkai.web.ledger",
    "gongkai.web.review",
    "gongkai.web.disclosure",
    "gongkai.web.inforequest",
    "gongkai.web.filing",
    "gongkai.web.office",
    "gongkai.web.portal",
]

MIDDLEWARE = [
    "gongkai.web.settings.proxies.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "gongkai.web.office.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongkai.web.office.middleware.SignedInMiddleware",
    "gongkai.web.agencies.accounts.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.web.urls"
WSGI_APPLICATION = "gongkai.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.web.office.context.shell",
            ],
        },
    },
]

DATABASES = {"default": database(read("DATABASE_URL"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongkai.web.agencies.accounts.passwords.LongEnough", "OPTIONS": {"least": 10}},
    {"NAME": "gongkai.web.agencies.accounts.passwords.LettersAndFigures"},
    {"NAME": "gongkai.web.agencies.accounts.passwords.NotTheName"},
    {"NAME": "gongkai.web.agencies.accounts.passwords.NotCommon"},
    {"NAME": "gongkai.web.agencies.accounts.passwords.NotTheOldOne"},
]
# 0: a password does not expire.
PASSWORD_DAYS = int(read("GONGKAI_PASSWORD_DAYS"))
# A message may hold an initial password: it stays on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "gongkai.web.agencies.signin.Adapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_SESSION_REMEMBER = False
# Failed sign-ins are counted once, by axes, which also says so.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "1000/m/ip"}
ACCOUNT_FORMS = {"change_password": "gongkai.web.agencies.accounts.forms.NewPasswordForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "公开平台"
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "gongkai.web.agencies.signin.FactorAdapter"
MFA_FORMS = {
    "activate_totp": "gongkai.web.agencies.accounts.forms.FirstCodeForm",
    "authenticate": "gongkai.web.agencies.accounts.forms.CodeForm",
    "reauthenticate": "gongkai.web.agencies.accounts.forms.AgainForm",
}
REQUIRE_TOTP = IS_PRODUCTION or is_on(read("GONGKAI_REQUIRE_TOTP"))
LOCKOUT_ATTEMPTS = int(read("GONGKAI_LOCKOUT_ATTEMPTS"))
LOCKOUT_MINUTES = int(read("GONGKAI_LOCKOUT_MINUTES"))
AXES_FAILURE_LIMIT = LOCKOUT_ATTEMPTS
AXES_COOLOFF_TIME = LOCKOUT_MINUTES / 60
# Both together: behind one proxy everybody shares an address, and one person's slips must not lock out the county.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
# What the sheet calls `login`, the check calls `username`: both must count as one name, in whatever letters it was typed.
AXES_USERNAME_CALLABLE = "gongkai.web.agencies.signin.tried_name"

SIGNIN_DAYS = int(read("GONGKAI_SIGNIN_DAYS"))
if SIGNIN_DAYS < 184:
    raise ImproperlyConfigured("GONGKAI_SIGNIN_DAYS 不能少于184天：登录记录至少要保存六个月。")
SESSION_ENGINE = "gongkai.web.agencies.accounts.sessions"
SESSION_COOKIE_AGE = int(read("GONGKAI_SESSION_MINUTES")) * 60
# The guard of the office puts the end of a session off, once a minute: reading a page must not wait for the writer of the database.
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- language, time, files -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise looks there when the server starts
MEDIA_ROOT = DATA / "files"
INDEX_ROOT = DATA / "index"
DUMP_ROOT = DATA / "open-data"
# In production `gongkai migrate` gathers the static files once, named by their content and compressed; elsewhere they are served as they lie.
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    # "kept", where a bucket takes the place of the folder; nothing but gongkai.web.review.stores asks for it.
    **bucket(read, is_production=IS_PRODUCTION),
}
SCAN_COMMAND = read("GONGKAI_SCAN_COMMAND")
WHITENOISE_AUTOREFRESH = False

# --- what leaves the house ---------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Without a stroke at its end; what stands in links that leave the platform.
PUBLIC_ADDRESS = read("GONGKAI_ADDRESS").rstrip("/")
SITE = {
    "NAME": read("GONGKAI_SITE_NAME").strip(),
    "CODE": read("GONGKAI_SITE_CODE").strip(),
    "ICP": read("GONGKAI_SITE_ICP").strip(),
    "POLICE": read("GONGKAI_SITE_POLICE").strip(),
}
if SITE["CODE"] and not re.fullmatch(r"\d{10}", SITE["CODE"]):
    raise ImproperlyConfigured("GONGKAI_SITE_CODE（网站标识码）是10位数字。")
PUSH_NETWORKS = networks(read("GONGKAI_PUSH_NETWORKS"))
TRUSTED_PROXIES = trusted_proxies(read("GONGKAI_TRUSTED_PROXIES"))
API_PER_MINUTE = int(read("GONGKAI_API_PER_MINUTE"))

if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    # A county's name often stands below a domain that it shares with others, for which it must not speak.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = is_on(read("GONGKAI_HSTS_SUBDOMAINS"))
    SECURE_HSTS_PRELOAD = is_on(read("GONGKAI_HSTS_PRELOAD"))
    SILENCED_SYSTEM_CHECKS = [
        *([] if SECURE_HSTS_INCLUDE_SUBDOMAINS else ["security.W005"]),
        *([] if SECURE_HSTS_PRELOAD else ["security.W021"]),
    ]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
