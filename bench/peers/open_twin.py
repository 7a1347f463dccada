"""The twin with its student pages open, as the school's are until it has accounts."""
from django.contrib.auth.mixins import AccessMixin

from school.wsgi import application  # noqa: F401  what gunicorn serves
from registry import views

# A view class that asks for a login answers as View does.
for view in vars(views).values():
    if isinstance(view, type) and issubclass(view, AccessMixin):
        view.dispatch = next(
            base.dispatch for base in view.__mro__ if base.__module__ == "django.views.generic.base")
