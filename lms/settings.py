"""Settings. Every environment variable is in docs/reference/settings.md, each with its default."""

import os
from importlib import metadata
from pathlib import Path

from lms import database, keys
from tenants.plugins import discover

ROOT = database.ROOT
VAR = database.VAR
VERSION = metadata.version("trainbase")
PRODUCTION = os.environ.get("TRAINBASE_PRODUCTION") == "1"
DEBUG = os.environ.get("TRAINBASE_DEBUG") == "1" and not PRODUCTION
SECRET_KEY, MASTER_KEY_ID, MASTER_KEYS = keys.load(VAR, PRODUCTION)
DIGEST_KEY_ID = os.environ.get("TRAINBASE_DIGEST_KEY", next(reversed(MASTER_KEYS)))

#: Scheme and port that people see: they are printed in QR codes.
PUBLIC_SCHEME = "https" if PRODUCTION else "http"
PUBLIC_PORT = os.environ.get("TRAINBASE_PORT", "" if PRODUCTION else "8000")
ALLOWED_HOSTS = os.environ.get("TRAINBASE_HOSTS", ".localhost").split(",")

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "tenants.designations",
    "courses.directory",
    "courses.intake.shared",
    "courses.retention.shared",
    "courses.finding",
    "courses.assessing.shared",
    "courses.requests",
    "courses.openings",
    "certificates.register",
    "certificates.register.checks",
    "certificates.holders.shared",
    "certificates.designs.shared",
    "certificates.employers",
    "certificates.dossiers.shared",
    "tenants.looks.shared",
    "certificates.figures",
    "django_tasks_db",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "tenants.staff",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "tenants.jobs",
    "tenants.outbox",
    "tenants.looks",
    "tenants.lists",
    "tenants.applications",
    "tenants.console",
    "courses",
    "courses.site",
    "courses.fieldlog",
    "courses.intake",
    "courses.retention",
    "courses.notices",
    "courses.assessing",
    "courses.planning",
    "courses.applying",
    "certificates",
    "certificates.law",
    "certificates.designs",
    "certificates.external",
    "certificates.checkapi",
    "certificates.holders",
    "certificates.duties",
    "certificates.employment",
    "certificates.dossiers",
    "certificates.standing",
    "lms",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
SKIP_BAD_PLUGINS = os.environ.get("TRAINBASE_SKIP_BAD_PLUGINS") == "1"
#: The plugins that are used, and those that are not because of what is wrong with them.
PLUGINS, BAD_PLUGINS = discover.usable(
    {*(app.rpartition(".")[2] for app in SHARED_APPS + TENANT_APPS), "plugins"},
    VERSION,
    skip=SKIP_BAD_PLUGINS,
)
# The last app: its hooks are read after those of the plugins, and wrap them.
TENANT_APPS += [*(plugin.package for plugin in PLUGINS), "tenants.plugins"]
# Centre and base hold the same tables: Wagtail asks every page type's table in every schema.
TENANT_TYPES = {
    "public": {"APPS": SHARED_APPS, "URLCONF": "lms.urls.public"},
    "centre": {"APPS": TENANT_APPS, "URLCONF": "lms.urls.centre"},
    "base": {"APPS": TENANT_APPS, "URLCONF": "lms.urls.base"},
}
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "type"
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
#: Say the schema once, and again after a rollback, not before every query.
TENANT_LIMIT_SET_CALLS = True
#: Processes in which a worker draws the papers of a class.
PAPER_PROCESSES = int(os.environ.get("TRAINBASE_PAPER_PROCESSES", os.cpu_count() or 1))
#: How many people one employer confirms in a minute before the rest waits for the base's call.
CONFIRMATIONS_A_MINUTE = int(os.environ.get("TRAINBASE_CONFIRMATIONS_A_MINUTE", "20"))
#: The installation that this process belongs to, and the file that knows all (tenants/cells.py).
CELL = os.environ.get("TRAINBASE_CELL", "main")
CELLS = os.environ.get("TRAINBASE_CELLS", "")
TENANTS_PER_CONNECTION = int(os.environ.get("TRAINBASE_TENANTS_PER_CONNECTION", "50"))
DATABASES = {"default": database.settings()}
CITUS = database.is_citus()
ORIGINAL_BACKEND = database.original_backend()
PG_DUMP = database.server().binary("pg_dump")
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "lms.urls.base"
PUBLIC_SCHEMA_URLCONF = "lms.urls.public"
WSGI_APPLICATION = "lms.wsgi.application"

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.TenantMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tenants.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tenants.languages.languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tenants.middleware.refuse_null",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenants.staff.access.ask_for_second_factor",
    "tenants.once.once",
    "tenants.plugins.gate.PluginGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "tenants.plugins.context.plugins",
            ],
        },
    }
]

#: Reverse proxies in front of the site: the address of a caller is read from their header.
TRUSTED_PROXIES = int(os.environ.get("TRAINBASE_PROXIES", "0"))
WAGTAIL_PASSWORD_RESET_ENABLED = False

AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator")
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
#: What counts only with a second factor: whoever issues, revokes, decides, or brings in people.
SECOND_FACTOR_PERMISSIONS = (
    "certificates.issue_certificate",
    "certificates.revoke_certificate",
    "checkapi.manage_apikey",
    "courses.import_roster",
    "applying.decide_application",
    "looks.see_resident_id",
    "retention.keep_retention",
    "designations.decide_base",
    "designations.open_base_site",
    "duties.grant_exception",
    "employers.decide_employer",
    "requests.decide_request",
    "staff.manage_staff",
    "plugins.switch_plugin",
    "standing.view_names",
    "standing.sign_report",
)
ACCOUNT_ADAPTER = "tenants.staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}  # the second counts codes too
MFA_ADAPTER = "tenants.staff.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LANGUAGE_CODE = "zh-hans"
#: Korean is for the pages of strangers and holders: tenants/languages.py.
LANGUAGES = [("zh-hans", "简体中文"), ("ko", "한국어"), ("en", "English")]
DESK_LANGUAGES = [each for each in LANGUAGES if each[0] != "ko"]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "lms.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "templates" / "static"]
MEDIA_URL = "/media/"
FILES = Path(os.environ.get("TRAINBASE_FILES", VAR))
MEDIA_ROOT = FILES / "media"
PRIVATE_ROOT = FILES / "private"
STORAGES = {
    "default": {"BACKEND": "tenants.storage.MediaStorage"},
    "private": {"BACKEND": "tenants.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # the attendance of a class as large as a roster may be
CACHES = {
    alias: {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "trainbase_cache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "KEY_PREFIX": alias,
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # the default of 300 would forget who guessed
    }
    for alias in ("default", "renditions")
}
TASKS = {"default": {"BACKEND": "tenants.jobs.backend.TenantDatabaseBackend"}}

EMAIL_BACKEND = "tenants.mail.TenantEmailBackend"
TENANT_EMAIL_BACKEND = os.environ.get(
    "TRAINBASE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)

WAGTAIL_SITE_NAME = "Trainbase"
WAGTAILIMAGES_IMAGE_FORM_BASE = "courses.site.forms.PictureForm"
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://centre.localhost:8000"
WAGTAILADMIN_LOGIN_URL = "/login/"
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = DESK_LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = DESK_LANGUAGES
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}

X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # Wagtail's preview is a frame of the same origin
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {tenant} {name} {message}", "style": "{"}
    },
    "filters": {"tenant": {"()": "tenants.logs.TenantFilter"}},
    "handlers": {
        "err": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tenant"]}
    },
    "root": {"handlers": ["err"], "level": "WARNING"},
}
