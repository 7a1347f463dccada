"""What the Django peers share: apps, and the default middleware where BENCH_MIDDLEWARE is "default"."""
import os

from django.conf import settings

DEFAULT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def configure(urlconf, database, **more):
    settings.configure(
        SECRET_KEY="bench", ROOT_URLCONF=urlconf, ALLOWED_HOSTS=["*"], USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.messages"],
        MIDDLEWARE=DEFAULT if os.environ.get("BENCH_MIDDLEWARE") == "default" else [],
        DATABASES={"default": database}, **more)
