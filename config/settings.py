"""
Marquee's settings.

Every environment variable is read once, here, with a default that runs on a laptop. A site that
others can reach (DEBUG is set to off, or ALLOWED_HOSTS names more than this machine) is in
production, and refuses to start on a default that would be unsafe there.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.install import made_per_install
from config.rates import rate

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK)
IN_PRODUCTION = not DEBUG and ("DEBUG" in env.ENVIRON or not set(ALLOWED_HOSTS) <= set(LOOPBACK))


def secret(name: str, *, prefix: str = "") -> str:
    """The secret `name` from the environment; made per install on a laptop only."""
    if value := env.str(name, ""):
        return value
    if IN_PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return made_per_install(name, VAR_DIR / "secrets", prefix=prefix)


def not_in_production(name: str, default: str) -> str:
    """The setting `name`; its `default` is for a laptop only."""
    if IN_PRODUCTION and not env.str(name, ""):
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return env.str(name, "") or default


PORT = env.int("PORT", 8000)
SECRET_KEY = secret("SECRET_KEY")
TICKET_SIGNING_KEY = secret("TICKET_SIGNING_KEY")
# Where the links in our mails lead.
SITE_URL = not_in_production("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(api|media)/"
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-type", "if-none-match"),
    *("access-key", "idempotency-key"),
]
CORS_EXPOSE_HEADERS = ["Content-Disposition", "ETag", "Idempotency-Replayed", "Retry-After"]
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")

# Seats and holds
HOLD_MINUTES = env.int("HOLD_MINUTES", 10)
# A hold is extended once, when its customer starts to pay; never beyond this in all.
LONGEST_HOLD_MINUTES = env.int("LONGEST_HOLD_MINUTES", 30)
MAX_SEATS_PER_BOOKING = env.int("MAX_SEATS_PER_BOOKING", 10)
# What one person, or one guest's e-mail address, may hold unpaid: bookings in all, and seats of
# one showtime.
MAX_PENDING_BOOKINGS = env.int("MAX_PENDING_BOOKINGS", 3)
MAX_HELD_SEATS_PER_SHOWTIME = env.int("MAX_HELD_SEATS_PER_SHOWTIME", 10)

# How often somebody may try: THROTTLE_LOGIN_ADDRESS=300/h and so on. A cinema's queue shares one
# address, that of its network provider, so what counts for an address is generous.
THROTTLE_RATES = {
    name: rate(env.str(f"THROTTLE_{name.upper()}", default))
    for name, default in {
        # Failures: for an account from one address, for an account in all, for an address.
        "login_account_address": "10/10m",
        "login_account": "100/h",
        "login_address": "300/h",
        "password_account": "10/10m",
        "code_account": "20/h",
        "naming_account": "30/h",
        # Whatever comes of it.
        "register_address": "300/h",
        "reset_email": "5/h",
        "reset_address": "60/h",
        "confirmation_account": "10/h",
        "booking_account": "60/m",
        "booking_address": "1200/m",
    }.items()
}

# Stripe. The defaults are those of the Stripe emulator; going live changes the first four.
EMULATOR_PORT = env.int("EMULATOR_PORT", 12111)
EMULATOR_URL = f"http://127.0.0.1:{EMULATOR_PORT}"
EMULATOR_WEBHOOK_URL = f"http://127.0.0.1:{PORT}/api/payments/webhook/"
STRIPE_SECRET_KEY = not_in_production("STRIPE_SECRET_KEY", "sk_test_marquee_emulator")
STRIPE_PUBLISHABLE_KEY = not_in_production("STRIPE_PUBLISHABLE_KEY", "pk_test_marquee_emulator")
STRIPE_WEBHOOK_SECRETS = secret("STRIPE_WEBHOOK_SECRET", prefix="whsec_").split(",")
STRIPE_API_BASE = env.str(
    "STRIPE_API_BASE",
    "https://api.stripe.com" if env.str("STRIPE_SECRET_KEY", "") else EMULATOR_URL,
).rstrip("/")
# Seconds that a webhook has to tell us of a payment before the jobs ask.
ASK_STRIPE_AFTER = env.int("ASK_STRIPE_AFTER", 120)
# A page on which a person can pay without Stripe.js; only the emulator has one.
STRIPE_PAY_PAGE = f"{EMULATOR_URL}/pay/" if STRIPE_API_BASE == EMULATOR_URL else ""
if IN_PRODUCTION and STRIPE_PAY_PAGE:
    raise ImproperlyConfigured("STRIPE_API_BASE must not be the emulator in production.")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "corsheaders",
    "retries",
    "history",
    "django_cleanup.apps.CleanupConfig",
    "post_office",
    "accounts",
    "pictures",
    "movies",
    "theaters",
    "showtimes",
    "bookings",
    "payments",
    "reviews",
    "manager_panel",
    "storefront",
    "demo",
    "stripe_emulator",
]

MIDDLEWARE = [
    "config.errors.api_errors_are_json",
    "config.middleware.old_addresses_are_answered",
    "config.middleware.api_paths_end_in_a_slash",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.middleware.api_queries_are_text",
    "django.middleware.http.ConditionalGetMiddleware",
    "config.middleware.KeptFor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "manager_panel.policy.says_what_pages_may_load",
    "history.doers.remembers_who_asks",
    "manager_panel.second_factor.AsksForTheCode",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps: unfold is the first of them.
        "DIRS": [BASE_DIR / "manager_panel" / "theme"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database: SQLite in the project folder, or what DATABASE_URL says.
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A writer waits for its turn from its first statement on, instead of failing at its second;
    # what was committed survives a power cut, since there is money in it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # Threaded tests need a file: an in-memory database belongs to one connection.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # How much two words must have in common to be one word with a typing error (movies.searching).
    options = "-c pg_trgm.strict_word_similarity_threshold=0.35"
    # Disks have no heads any more: of a long table a few thousand rows are found by their index.
    options += " -c random_page_cost=1.1"
    options += f" -c lock_timeout={env.int('LOCK_TIMEOUT_MS', 2000)}"
    if not IN_PRODUCTION:
        # Tests, and `make reset`, empty also what otherwise stays (history.unchanging).
        options += " -c marquee.tables_may_be_emptied=on"
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = options
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if redis_url := env.str("REDIS_URL", ""):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
        }
    }

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.UsernameOrEmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_REDIRECT_URL = "admin:index"
# Whether everybody who works here needs a second factor (docs/decisions/0034). Who has set one up
# is asked for it in any case.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", IN_PRODUCTION)
OTP_TOTP_ISSUER = "Marquee"
# For how many seconds the link in a mail works.
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Who can say what we hold about a person: functions from a user to what JSON can say.
PERSONAL_DATA = [
    "accounts.export.profile",
    "accounts.export.sessions",
    "theaters.export.workplaces",
    "bookings.export.bookings",
    "payments.export.payments",
    "payments.export.invoices",
    "reviews.export.reviews",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["username", "full_name", "email"]},
        "MinimumLengthValidator": {},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "CHECK_REVOKE_TOKEN": True,
    "UPDATE_LAST_LOGIN": True,
}

# What `run_jobs` does besides the jobs of payments, which it begins with.
MORE_JOBS = [
    "manager_panel.figures.rolling.roll_up_now_and_then",
    "manager_panel.reports.making.order_reports_again",
    "manager_panel.reports.making.make_reports",
    "manager_panel.reports.making.sweep_reports",
]

# The API
# Of lists that grow with the years so many rows are counted and paged: see docs/decisions/0022.
MOST_COUNTED = 1_000
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.tokens.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["config.api.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["config.api.Filters"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "config.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # How many proxies in front of us add to X-Forwarded-For. 0: nobody believes that header.
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
}
ERROR_STATUSES = ["400", "401", "403", "404", "405", "406", "413", "415", "429"]
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "config.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "config.errors.ErrorWithAnswer",
    # One shape for all: see docs/decisions/0009.
    "ALLOWED_ERROR_STATUS_CODES": ERROR_STATUSES,
    "ERROR_SCHEMAS": dict.fromkeys(ERROR_STATUSES, "config.schema.ErrorResponseSerializer"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee",
    "DESCRIPTION": (
        "Cinema tickets: what is on, who sits where, who has paid, who may come in.\n\n"
        "Sign in with `POST /api/auth/login/` and press **Authorize** with the `access` token. "
        "Money is a string beside its `currency`; times carry the theater's own UTC offset; "
        "every error has one shape: `{type, errors: [{code, detail, attr}]}`."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": True, "displayRequestDuration": True},
    "SCHEMA_PATH_PREFIX": "/api/",
    "TAGS": [
        {"name": "accounts", "description": "Who you are: sign up, in and out; your profile."},
        {"name": "movies", "description": "Films, and what the home page shows of them."},
        {"name": "theaters", "description": "Places: theaters and their screens."},
        {"name": "showtimes", "description": "What runs when and where, and which seats are left."},
        {"name": "bookings", "description": "From a choice of seats to tickets, and back."},
        {"name": "payments", "description": "Paying, money back, and invoices."},
        {"name": "reviews", "description": "What people say about a film."},
    ],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "accessKey": {
                "type": "apiKey",
                "in": "header",
                "name": "Access-Key",
                "description": "The `access_key` of a booking, for guests: it opens that booking.",
            }
        }
    },
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_standardized_errors.openapi_hooks.postprocess_schema_enums",
    ],
    # Names for choices whose fields have the same name.
    "ENUM_NAME_OVERRIDES": {
        "Role": "accounts.models.Role",
        "CreditJob": "movies.models.Credit.Job",
        "BookingStatus": "bookings.models.Booking.Status",
        "RefundReason": "payments.models.Refund.Reason",
        "RefundStatus": "payments.models.Refund.Status",
        "LineKind": "bookings.models.BookingLine.Kind",
        "TicketType": "showtimes.price_rules.TicketType",
        "TicketStatus": "bookings.models.Ticket.Status",
        "InvoiceKind": "payments.models.Invoice.Kind",
        "PaymentKind": "payments.models.Payment.Kind",
        "PaymentStatus": "payments.serializers.STATUSES",
        "TimelineEvent": "payments.timeline.Event",
        "ShowtimeFormat": "showtimes.models.Showtime.Format",
        "ShowtimeStatus": "showtimes.models.Showtime.Status",
        "SeatStatus": "showtimes.serializers.SEAT_STATUSES",
        "BlockKind": "showtimes.models.SeatBlock.Kind",
        "ScreenKind": "theaters.models.Screen.Kind",
        "SeatKind": "theaters.models.Seat.Kind",
        "ErrorType": "config.schema.ERROR_TYPES",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Time, language, files
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Tickets and invoices that wait to be mailed: for nobody's browser. Workers on several machines
    # need one folder that they share.
    "mail": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("MAIL_PAPERS_DIR", str(VAR_DIR / "mail_papers")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # Reports, which are for the managers of their theaters; below no address, and to be shared as
    # the folder above.
    "reports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("REPORTS_DIR", str(VAR_DIR / "reports")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IN_PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# Elsewhere a static file is looked for when somebody asks for it, instead of all at every start.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IN_PRODUCTION

# Mail waits in the outbox until the jobs deliver it: to files in var/mail/, or as EMAIL_URL says.
delivery = env.email("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}")
globals().update(delivery)
EMAIL_BACKEND = "config.mail.Outbox"
EMAIL_TIMEOUT = 10
POST_OFFICE = {
    "BACKENDS": {"default": delivery["EMAIL_BACKEND"]},
    "FILE_STORAGE": "mail",
    "LOG_LEVEL": 1,
    # For a day.
    "MAX_RETRIES": 288,
    "RETRY_INTERVAL": timedelta(minutes=5),
    "SENDING_ORDER": ["-priority", "pk"],
    # Money is not kept waiting by a slow mail server.
    "BATCH_SIZE": 20,
    "BATCH_DELIVERY_TIMEOUT": 30,
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Marquee <tickets@localhost>")

# Safety. Behind a proxy that ends TLS, in production.
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if IN_PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handler would say everything a second time.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Their INFO is every request and answer, and every look into the outbox.
        "stripe": {"level": "WARNING"},
        "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
UNFOLD = {
    "SITE_TITLE": "Marquee",
    "SITE_HEADER": "Marquee",
    "SITE_SYMBOL": "theaters",
    # The text of links in the dark. Unfold's own is too dim to be read there (WCAG 2.1, 1.4.3).
    "COLORS": {"primary": {"500": "oklch(71.4% .203 305.504)"}},
    "SIDEBAR": {"navigation": "manager_panel.navigation.sidebar"},
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "manager_panel.look.favicon"}
    ],
    "STYLES": ["manager_panel.look.stylesheet"],
    "SCRIPTS": ["manager_panel.look.signed_in_again"],
    "DASHBOARD_CALLBACK": "manager_panel.rooms.dashboard.dashboard",
    "LOGIN": {"form": "manager_panel.sign_in.SignInForm"},
    "ACCOUNT": {"navigation": "manager_panel.navigation.of_ones_account"},
}
