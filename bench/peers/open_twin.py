"""The twin with its student pages open, as the school's are until it has accounts."""
from school.wsgi import application  # noqa: F401  what gunicorn serves; it sets Django up for the rest

from django.contrib.auth.mixins import AccessMixin  # noqa: E402
from django.views import View  # noqa: E402
from registry import views  # noqa: E402

# A view class that asks for a login answers as View does.
for view in vars(views).values():
    if isinstance(view, type) and issubclass(view, AccessMixin) and issubclass(view, View):
        view.dispatch = View.dispatch
