"""Django over the shelf's models: the same that ../models.c has."""
import os

SECRET_KEY = "a-key-of-the-tests-0123456789abcdefghijklmnopqrstuvwxyz"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres", "shelf"]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["SCHOOL_DB_NAME"], "HOST": os.environ["SCHOOL_DB_HOST"],
    "PORT": os.environ["SCHOOL_DB_PORT"], "USER": os.environ["SCHOOL_DB_USER"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
