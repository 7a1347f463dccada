"""The Django peer of bench/site: the same two views, with or without the default middleware."""
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path

import django_site

django_site.configure(__name__, {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"})


def plaintext(request):
    return HttpResponse("Hello, World!", content_type="text/plain")


def json(request):
    return JsonResponse({"message": "Hello, World!"})


urlpatterns = [path("plaintext", plaintext), path("json", json)]
application = get_wsgi_application()
