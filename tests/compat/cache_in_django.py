"""The operations on standard input, a line of JSON each, done by Django's caches."""
import json
import os
import sys
import warnings

from django.conf import settings

BACKEND = "django.core.cache.backends."
settings.configure(
    USE_TZ=True,
    DATABASES={"default": json.loads(sys.argv[1])},
    CACHES={
        "default": {"BACKEND": BACKEND + "locmem.LocMemCache", "KEY_PREFIX": "p", "OPTIONS": {"MAX_ENTRIES": 12}},
        "table": {"BACKEND": BACKEND + "db.DatabaseCache", "LOCATION": "my cache", "OPTIONS": {"MAX_ENTRIES": 12, "CULL_FREQUENCY": 2}},
        "none": {"BACKEND": BACKEND + "dummy.DummyCache"},
        "files": {"BACKEND": BACKEND + "filebased.FileBasedCache", "LOCATION": os.environ.get("CACHE_FOLDER", "/nonexistent"), "OPTIONS": {"MAX_ENTRIES": 1000}},
        "few": {"BACKEND": BACKEND + "filebased.FileBasedCache", "LOCATION": os.environ.get("FEW_FOLDER", "/nonexistent/few"), "OPTIONS": {"MAX_ENTRIES": 12}},
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
import django  # noqa: E402  settings come first

django.setup()
from django.core.cache import CacheKeyWarning, caches  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.template import engines  # noqa: E402

PART = "{% load cache %}{% cache 60 part part using=using %}{{ n }}{% endcache %}"


def done(told):
    cache, op = caches[told["using"]], told["op"]
    if op == "clear":
        return cache.clear()
    if op == "fragment":
        return engines["django"].from_string(PART).render({"using": told["using"], "part": told["key"], "n": told["value"]})
    options = {name: told[name] for name in ("timeout",) if name in told}
    options["version"] = told["version"] or None
    if op in ("get", "delete", "has_key", "incr", "decr", "get_many", "delete_many"):
        options.pop("timeout", None)
    args = [told[name] for name in ("key", "value") if name in told]
    answer = getattr(cache, op)(*args, **options)
    return None if op in ("set_many", "set") else answer


def answer(told):
    try:
        return {"is": done(told)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if len(sys.argv) > 2:
    call_command("createcachetable", *sys.argv[2:])
    sys.exit()
call_command("createcachetable")
warnings.simplefilter("always", CacheKeyWarning)
warnings.showwarning = lambda message, *_: print(message, file=sys.stderr, flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
