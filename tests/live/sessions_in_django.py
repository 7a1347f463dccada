"""A request to a Django site: session and language, as session_site.c has them. Arguments: the database's file, the
session engine, the cookie ("": none); what is asked of the session as JSON on stdin. Prints JSON."""
import json
import sys

import django
from django.conf import settings
from django.http import JsonResponse
from django.urls import path

database, engine, cookie = sys.argv[1:4]
asked = json.load(sys.stdin)
settings.configure(
    SECRET_KEY="k" * 60, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], USE_TZ=True, SESSION_ENGINE=engine,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"])
django.setup()

from django.core.management import call_command
from django.test import Client


def session(request):
    request.session.update(asked.get("set", {}))
    if asked.get("do"):
        getattr(request.session, asked["do"])()
    if "expiry" in asked:
        request.session.set_expiry(asked["expiry"])
    return JsonResponse({"session": dict(request.session.items()), "worked": request.session.test_cookie_worked(),
                         "age": request.session.get_expiry_age(), "browser": request.session.get_expire_at_browser_close()})


urlpatterns = [path("session/", session)]
if asked.get("migrate"):
    call_command("migrate", verbosity=0)
client = Client()
if cookie:
    client.cookies["sessionid"] = cookie
answer = client.get("/session/")
left = client.cookies.get("sessionid")
print(json.dumps({**answer.json(), "cookie": left.value if left else "", "vary": answer.headers.get("Vary"),
                  "max_age": left["max-age"] if left else ""}))
