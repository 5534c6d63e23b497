"""Settings of Yizhan. What differs between machines comes from `environment`, the rest is written here."""

from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import environ
from csp.constants import NONE, SELF

from . import environment, logs, places
from .schedules import SCHEDULES

ENVIRONMENT = environment.read()
BASE_DIR = places.CHECKOUT

# ── who we are ───────────────────────────────────────────────────────────────────────────────────────
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.keys.secret_key
FIELD_KEY = ENVIRONMENT.keys.field_key  # encrypts ID numbers
INDEX_KEY = ENVIRONMENT.keys.index_key  # finds them again without opening them
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.trusted_origins)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

HOUSE = [  # from the ground to the roof
    "apps.calendars",
    "apps.points",
    "apps.accounts",
    "apps.items",
    "apps.windows",
    "apps.cases",
    "apps.workflows",
    "apps.notices",
    "apps.letters",
    "apps.supervision",
    "apps.portal",
    "apps.console",
    "apps.dashboard",
    "apps.api",
]
INSTALLED_APPS = [
    "config",
    *HOUSE,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_structlog",
    "pgtrigger",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "config.health.answer_health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.errors.speak",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.extend_session",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "apps.accounts.middleware.CurrentAssignment",
    "config.logs.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a refused login into a page
]

# ── pages ────────────────────────────────────────────────────────────────────────────────────────────
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.look",
            ],
            "builtins": ["config.templatetags.look"],
        },
    }
]
FORM_RENDERER = "config.forms.FieldByField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not ENVIRONMENT.in_production  # no collectstatic on a developer's machine
WHITENOISE_AUTOREFRESH = not ENVIRONMENT.in_production

# Uploads are evidence: they lie in the data folder, no address leads to them, views hand them out.
MEDIA_ROOT = ENVIRONMENT.data / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT.in_production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LETTER_FONTS = ENVIRONMENT.data / "fonts"  # the hall's own, for characters that ours lack
PUBLIC_URL = ENVIRONMENT.public_url  # printed on letters
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # text of a form, without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# ── database, cache, queue ───────────────────────────────────────────────────────────────────────────
DATABASES = {
    "default": environ.Env.db_url_config(ENVIRONMENT.database_url)
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)


def _next_database(redis_url: str) -> str:
    """The queue uses the database named in REDIS_URL, the cache the one after it."""
    parts = urlsplit(redis_url)
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{number + 1}"))


REDIS_URL = ENVIRONMENT.redis_url
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _next_database(REDIS_URL),
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_RESULT_EXPIRES = timedelta(hours=6)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a task whose worker dies is done again: tasks are written for that
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.pulse:BeatingScheduler"  # django-celery-beat's, with a heartbeat
CELERY_BEAT_SCHEDULE = SCHEDULES

# ── people, passwords, sessions ──────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "apps.accounts.backends.RoleBackend",
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"  # cheap, for tests only
    if ENVIRONMENT.in_test
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "apps.accounts.validators.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.validators.ThreeOfFourClasses"},
    {"NAME": "apps.accounts.validators.NotOneOfTheLastFive"},
]

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 30 * 60  # idle time: `config.sessions` pushes it ahead
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# Five wrong passwords lock an account for a quarter of an hour, from whatever address they came.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_TEMPLATE = "errors/429.html"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = ENVIRONMENT.proxies or None
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]
if ENVIRONMENT.proxies:
    AXES_IPWARE_META_PRECEDENCE_ORDER.insert(0, "HTTP_X_FORWARDED_FOR")

# ── the browser's walls ──────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the case page shows a material in a frame
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # our own pages show materials in frames; frame-ancestors keeps others out
    "security.W021",  # preload lists are the decision of whoever owns the domain
    "axes.W006",  # the lock belongs to the account: a guesser must not get further by changing addresses
]

# ── the API ──────────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.api.authentication.ActingToken",  # first, so that a stranger is answered 401 with the way to sign in
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.accounts.gates.PassesGate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 20,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "120/min",
        "user": "600/min",
        "progress": "20/min",
        "sign_in": "10/min",
    },
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": ENVIRONMENT.proxies,
    "EXCEPTION_HANDLER": "apps.api.problems.handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一站 政务服务接口",
    "DESCRIPTION": "事项、办事指南、服务点、办件进度的公开查询，在线申办，以及工作人员办理。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["apps.accounts.gates.PassesGate"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "TermUnitEnum": "apps.items.models.Unit",
        "CaseKindEnum": "apps.items.models.CaseKind",
        "LetterKindEnum": "apps.letters.kinds.Kind",
        "ProjectStateEnum": "apps.workflows.states.ProjectState",
        "BranchStateEnum": "apps.workflows.states.BranchState",
        "PaperStateEnum": "apps.workflows.models.ProjectMaterial.State",
    },
}

# ── what the processes say ───────────────────────────────────────────────────────────────────────────
logs.configure()
LOGGING = logs.tables(level=ENVIRONMENT.log_level, as_json=ENVIRONMENT.in_production)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
