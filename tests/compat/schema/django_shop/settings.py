import os

SECRET_KEY = "for-this-test-only"
INSTALLED_APPS = ["shop"]
ENGINE = os.environ.get("ENGINE", "sqlite3")
DATABASES = {"default": {"ENGINE": f"django.db.backends.{ENGINE}", "NAME": os.environ["DATABASE"],
                         "HOST": os.environ.get("HOST"), "PORT": os.environ.get("PORT"), "USER": os.environ.get("DBUSER")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
