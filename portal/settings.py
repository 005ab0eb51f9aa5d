"""Settings, read from the environment. The defaults are those of the demo and of development on one machine.

Production sets at least DATABASE_URL, DATABASE_OWNER_URL, SECRET_KEY, ALLOWED_HOSTS, SITE_URL, EMAIL_URL and
STAFF_MAILBOX.
"""

from email.utils import formataddr
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF

from portal.database.logins import login_settings
from portal.demo.own_https import is_served_securely
from portal.log_lines import with_version, without_links
from subscriptions.base.brand import read_brands
from subscriptions.base.countries import NAMES

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("PORTAL_DEMO", default=False)
DEVELOPMENT_KEY = "development-only-" + "0" * 40
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
SECURE = is_served_securely(SITE_URL, demo=DEMO)
VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))

# The operator's own names, addresses and links, of the portal and of each cloud: see docs/operations.md
BRAND_FILE = env.str("BRAND_FILE", default="")
BRANDS = read_brands(Path(BRAND_FILE) if BRAND_FILE else None, product="Partner of Record")

INSTALLED_APPS = [
    "portal.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_countries",
    "django_structlog",
    "subscriptions",
    "partners",
    "portal",
    "procrastinate.contrib.django",  # behind the portal, whose own command of that name goes before its
]

MIDDLEWARE = [
    "portal.watching.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.CompressionMiddleware",
    "portal.middleware.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.middleware.ResponseHeadersMiddleware",
    "portal.middleware.BrowserLanguageMiddleware",
    "portal.middleware.RequestLimitsMiddleware",
    "portal.faults.RequestLogMiddleware",
    "portal.middleware.OwnWritesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.faults.DatabaseFaultsMiddleware",
    "portal.accounts.sessions.SessionEndMiddleware",
    "portal.middleware.AccountLanguageMiddleware",
    "portal.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "portal.lean.loader.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
            "builtins": ["subscriptions.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.page.page_frame",
            ],
        },
    },
]
FORM_RENDERER = "subscriptions.web.bound_fields.Renderer"

# Two aliases of one database: `counters` commits each statement by itself, so that a rolled-back
# request still counts against its limits. Both log in as the web login; see portal/database/logins.py.
DATABASES = login_settings(env)
# Where pages are read from a standby (STANDBY_URL): how old what they show may be, in seconds
STANDBY_MOST_SECONDS = min(env.float("STANDBY_MOST_SECONDS", default=5.0), 30.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "portal.cache.CountingCache",
        "LOCATION": "portal_cache",
        # Limits and used codes stand here: when it is full, some that still count are thrown out
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Parts of pages, each kept in this process under all that it shows
    "parts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5_000}},
}

AUTH_USER_MODEL = "subscriptions.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.MaximumLengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds that a link for a new password is good for
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "reset_password": "portal.accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Wrong passwords: (how many, in how many seconds). allauth would count right ones of an address too
SIGN_IN_LIMIT_ACCOUNT = (5, 5 * 60)
SIGN_IN_LIMIT_ADDRESS = (10, 60)
ACCOUNT_RATE_LIMITS = {"login": None}
# How old a sign-in may be for what gives power over an organization
STEP_UP_SECONDS = 300
CREDIT_STEP_UP_SECONDS = 60 * 60  # for whom a subscription credits
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # no code by mail: who reads the mailbox is not thereby proved
MFA_ADAPTER = "portal.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
# Whether the operator's staff need a second factor at their desk; https is production
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=SECURE)
# What of the staff's acts another one of them has to approve: partner-of-record, release, staff
SECOND_PERSON = env.list("SECOND_PERSON", default=[])
MFA_TOTP_ISSUER = BRANDS[""].product
# A used code is remembered for one period only: with more tolerance it would be good for longer than that
MFA_TOTP_TOLERANCE = 0

SESSION_ENGINE = "portal.accounts.backends"
SESSION_COOKIE_AGE = 12 * 60 * 60
# A session ends by itself: (seconds without use, seconds in all)
SESSION_SECONDS = (30 * 60, 12 * 60 * 60)
STAFF_SESSION_SECONDS = (15 * 60, 8 * 60 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Limits of attempts count by the visitor's address, which the outermost own proxy added to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if BEHIND_PROXY else 0)
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if SECURE else 0
# Both bind hosts that are not this portal's, and cannot be taken back soon: whoever keeps the domain turns them on
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # of these two
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
COUNTRIES_OVERRIDE = NAMES
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Mail: in the demo each message is a file in a folder, which a demo page shows.
MAIL_FOLDER = VAR_DIR / "mails"
NO_REPLY = BRANDS[""].sender or "no-reply@portal.example"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=formataddr((BRANDS[""].product, NO_REPLY)))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = DEVELOPMENT_EMAIL_BACKEND = "portal.demo.mail_folder.MailFolder"
if "EMAIL_URL" in env:
    vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 10
# Where the operator's staff read what customers ask of them
DEVELOPMENT_STAFF_MAILBOX = "staff@portal.example"
STAFF_MAILBOX = env.str("STAFF_MAILBOX", default=DEVELOPMENT_STAFF_MAILBOX)

# How long a process shows the logos that it knows; None for those of BRAND_FILE alone
UPLOADED_LOGO_SECONDS: int | None = 60

# A file that says when the portal is worked on, which each page then tells; see docs/operations.md
MAINTENANCE_FILE = env.str("MAINTENANCE_FILE", default="")

# Other numbers than those of the one table, which is LIMITS of subscriptions/db/limits.py, in the same form
LIMITS: dict[str, dict[str, tuple[int, int]]] = {}
# Partners' offers: how many days one can be answered, from 1 to MOST_OFFER_DAYS
MOST_OFFER_DAYS = 90
OFFER_DAYS = max(1, min(env.int("OFFER_DAYS", default=30), MOST_OFFER_DAYS))
# How often an organization reviews its delegated admins: 12 months, or 3 for a quarterly review
REVIEW_MONTHS = env.int("REVIEW_MONTHS", default=12)
MAIL_RETRY_SECONDS = env.int("MAIL_RETRY_SECONDS", default=20)
# Receivers of webhooks on this machine, without https too: for a demo, never for a portal that others use
WEBHOOKS_TO_THIS_MACHINE = env.bool("WEBHOOKS_TO_THIS_MACHINE", default=DEMO and not SECURE)
CHECKED_FOR_SECONDS = 10 * 60

# Under which path livez, readyz and metrics are answered to who asks past the proxy; nowhere without one
WATCH_PATH = f"/{path}/" if (path := env.str("WATCH_PATH", default="").strip("/")) else ""
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # the header is the one that WatchMiddleware has set
ACCESS_LOG = env.bool("ACCESS_LOG", default=SECURE)  # a line for each request

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                with_version,
                structlog.processors.JSONRenderer(),
                without_links,
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "portal": {"level": "INFO"},
        "django_structlog": {"level": env.str("LOG_LEVEL", default="WARNING")},
        "procrastinate": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,  # first: most lines are left out
        structlog.contextvars.merge_contextvars,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
