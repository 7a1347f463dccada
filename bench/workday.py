#!/usr/bin/env python3
"""A developer's day with Django, Rails and Nuages, side by side: what is typed, how long one waits, what is told.

    bench/workday.py                 prints the table of docs/comparison.md
    bench/workday.py --write         writes it into that page, with the machine's load when it began
    NUAGES_RAILS=FOLDER              a tree of Debian with rails, to be entered by chroot (root); without it no Rails
    NUAGES_RELEASE, NUAGES_BUILD     builds of Nuages: the one to install, and one with the sanitizers

Four errands, each done to its end and checked by requests: a new project to its first page; a model to pages that
list, make, change and delete its rows; a test that fails to a run that is green; an error to its cause. Seconds are
those of commands and of servers until they answer, in one run, and what they took of a processor, which does
not depend on what else the machine did; typing takes none here. A step is a command or a file
that is written or changed; lines are those that are typed into files.
"""
import contextlib
import html
import http.cookiejar
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/live"), str(ROOT / "tests/support")]
PATIENCE = 60
SETTLED = 2  # seconds: Django notes the times of files once a second, and what changed before the first is not seen


class Visitor:
    """A browser without pictures."""

    def __init__(self, port):
        self.root = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path, data=None):
        """Status and text."""
        asked = urllib.request.Request(self.root + path, data and urllib.parse.urlencode(data).encode(),
                                       {"Accept": "text/html", "Referer": self.root + path, "Origin": self.root})
        try:
            with self.opener.open(asked, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def send(self, form, to, **fields):
        """Fill in the form of a page."""
        _, page = self.get(form)
        token = re.search(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page)
        meta = re.search(r'name="csrf-token" content="([^"]+)"', page)  # of Rails, for all forms
        sent = {token[1]: token[2]} if token else {"authenticity_token": html.unescape(meta[1])}
        status, text = self.get(to, {**sent, **fields})
        assert status < 400, (form, status, text[:2000])
        return text


def processor():
    """Seconds that commands and servers have taken of a processor, once they ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Errand:
    def __init__(self, stack, name):
        self.stack, self.name, self.steps, self.lines, self.seconds = stack, name, 0, 0, 0.0
        self.began = processor()

    def run(self, command, status=0):
        self.steps += 1
        started = time.monotonic()
        done = self.stack.run(command)
        self.seconds += time.monotonic() - started
        assert (done.returncode == 0) == (status == 0), f"{command}: {done.returncode}\n{done.stdout[-4000:]}"
        return done.stdout

    def write(self, name, text):
        self.steps += 1
        self.lines += len(text.strip("\n").splitlines())
        path = self.stack.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, name, old, new):
        """Put `new` in the place of `old`."""
        self.steps += 1
        self.lines += max(1, len(new.splitlines()) - len(old.splitlines()) + (1 if "\n" not in new else 0))
        path = self.stack.folder / name
        text = path.read_text()
        assert old in text, f"{name} has no {old!r}:\n{text}"
        path.write_text(text.replace(old, new, 1))

    def wait(self, visitor, path, there):
        """Until the page has what is looked for."""
        started = time.monotonic()
        while True:
            try:
                status, text = visitor.get(path)
                if there(status, text):
                    self.seconds += time.monotonic() - started
                    return text
            except OSError:
                pass
            assert time.monotonic() - started < PATIENCE, f"{self.stack.name}: {path} does not show it"
            time.sleep(0.02)


class Stack:
    """One of the three: a folder, and how commands are run in it."""

    def __init__(self):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="workday-"))
        self.folder = self.base

    def command(self, line):
        return ["sh", "-c", f"cd {self.folder} && {line}"]

    def run(self, line):
        return subprocess.run(self.command(line), env=self.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    @contextlib.contextmanager
    def serving(self, errand):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        errand.steps += 1
        process = subprocess.Popen(self.command("exec " + self.server.format(port=port)), env=self.env(), start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Visitor(port)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)

    def drop(self):
        shutil.rmtree(self.base, ignore_errors=True)


LIST = "{% for bird in object_list %}<p><a href=\"/birds/{{ bird.pk }}/edit/\">{{ bird.name }}</a>{% endfor %}\n"
FORM = "<form method=\"post\">{% csrf_token %}{{ form.as_p }}<button>Save</button></form>\n"
DELETE = "<form method=\"post\">{% csrf_token %}Delete {{ object }}?<button>Yes</button></form>\n"


class Django(Stack):
    name, server = "Django", "python manage.py runserver 127.0.0.1:{port}"
    paths = {"new": "/birds/new/", "list": "/birds/", "edit": "/birds/1/edit/", "delete": "/birds/1/delete/"}

    def env(self):
        return {**os.environ, "PATH": f"{ROOT / 'build-venv/bin'}:{os.environ['PATH']}"}

    def project(self, errand):
        errand.run("django-admin startproject mysite")
        self.folder = self.base / "mysite"
        errand.run("python manage.py migrate")

    def crud(self, errand):
        errand.run("python manage.py startapp birds")
        errand.edit("mysite/settings.py", "INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'birds',")
        errand.write("birds/models.py", "from django.db import models\n\n\nclass Bird(models.Model):\n"
                     "    name = models.CharField(max_length=80)\n    latin = models.CharField(max_length=80, blank=True)\n\n"
                     "    def __str__(self):\n        return self.name\n")
        errand.write("birds/urls.py", "from django.urls import path\n"
                     "from django.views.generic import CreateView, DeleteView, ListView, UpdateView\n\nfrom .models import Bird\n\n"
                     "form = {'model': Bird, 'fields': ['name', 'latin'], 'success_url': '/birds/'}\nurlpatterns = [\n"
                     "    path('', ListView.as_view(model=Bird)),\n    path('new/', CreateView.as_view(**form)),\n"
                     "    path('<int:pk>/edit/', UpdateView.as_view(**form)),\n"
                     "    path('<int:pk>/delete/', DeleteView.as_view(model=Bird, success_url='/birds/')),\n]\n")
        errand.edit("mysite/urls.py", "from django.urls import path", "from django.urls import include, path")
        errand.edit("mysite/urls.py", "urlpatterns = [", "urlpatterns = [\n    path('birds/', include('birds.urls')),")
        for name, text in (("list", LIST), ("form", FORM), ("confirm_delete", DELETE)):
            errand.write(f"birds/templates/birds/bird_{name}.html", text)
        errand.run("python manage.py makemigrations")
        errand.run("python manage.py migrate")

    test, fail, green = "python manage.py test", ("birds/tests.py", "from django.test import TestCase\n\n"
        "from .models import Bird\n\n\nclass BirdTests(TestCase):\n    def test_names(self):\n"
        "        self.assertEqual(str(Bird(name='Robin')), 'Wren')\n"), ("birds/tests.py", "'Wren'", "'Robin'")

    def bug(self, errand):
        errand.edit("birds/urls.py", "urlpatterns = [", "def bug(request):\n    bird = Bird.objects.filter(pk=99).first()\n"
                    "    return bird.name  # nobody\n\n\nurlpatterns = [\n    path('bug/', bug),")
        return "# nobody"


class Rails(Stack):
    name, server = "Rails", "bin/rails server -b 127.0.0.1 -p {port}"
    paths = {"new": "/birds/new", "create": "/birds", "list": "/birds", "edit": "/birds/1/edit", "update": "/birds/1",
             "delete": "/birds/1"}

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.base = self.folder = self.root / "root/workday"
        shutil.rmtree(self.base, ignore_errors=True)
        self.base.mkdir()

    def env(self):
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}

    def command(self, line):
        return ["/usr/sbin/chroot", str(self.root), "sh", "-c", f"cd /{self.folder.relative_to(self.root)} && {line}"]

    def project(self, errand):
        errand.run("rails new mysite --minimal --skip-bundle --skip-git")
        self.folder = self.base / "mysite"
        # Gems come from Debian here, so that there is none to fetch: no step of the developer's.
        (self.folder / "Gemfile").write_text('source "https://rubygems.org"\n' + "".join(
            f"gem '{gem}'\n" for gem in ("rails", "sqlite3", "puma", "listen", "sprockets-rails")))
        errand.run("bundle install --local")

    def crud(self, errand):
        errand.run("bin/rails generate scaffold Bird name:string latin:string")
        errand.run("bin/rails db:migrate")

    test, fail, green = "bin/rails test test/models", ("test/models/bird_test.rb", "require \"test_helper\"\n\n"
        "class BirdTest < ActiveSupport::TestCase\n  test \"names\" do\n"
        "    assert_equal \"Wren\", Bird.new(name: \"Robin\").name\n  end\nend\n"), ("test/models/bird_test.rb", "\"Wren\"", "\"Robin\"")

    def bug(self, errand):
        errand.edit("config/routes.rb", "draw do", "draw do\n  get \"/birds/bug/\", to: \"birds#bug\"")
        errand.edit("app/controllers/birds_controller.rb", "  # GET /birds\n", "  def bug\n    bird = Bird.find_by(id: 99)\n"
                    "    render plain: bird.name # nobody\n  end\n\n  # GET /birds\n")
        return "# nobody"


class Nuages(Stack):
    name, server = "Nuages", "build/manage runserver 127.0.0.1:{port}"
    paths = Django.paths

    def __init__(self):
        super().__init__()
        import test_startproject
        self.variables = test_startproject.variables()

    def env(self):
        return {**os.environ, **self.variables, "DEBUG": "1"}

    def project(self, errand):
        errand.run("nuages startproject mysite")
        self.folder = self.base / "mysite"
        errand.run("make")
        errand.run("build/manage migrate")

    def crud(self, errand):
        errand.run("nuages startapp birds")
        errand.edit("meson.build", "\nexecutable(", "subdir('birds')\n\nexecutable(")
        errand.edit("mysite/settings.c", '#include "urls.h"', '#include "../birds/app.h"\n#include "urls.h"')
        errand.edit("mysite/settings.c", "&sessions_app }", "&sessions_app, &birds_app }")
        errand.edit("mysite/urls.c", "#include <nuages/nuages.h>", '#include "../birds/urls.h"\n\n#include <nuages/nuages.h>')
        errand.edit("mysite/urls.c", '        path("",', '        include("birds/", birds_urls),\n        path("",')
        errand.write("birds/models.h", "#pragma once\n#include <nuages/nuages.h>\n\nNU_DECLARE_MODEL(Bird);\n\nstruct Bird {\n"
                     "    NU_OBJECT(Bird);\n    nu_id id;\n    nu_str name;\n    nu_str latin;\n};\n")
        errand.write("birds/models.c", '#include "models.h"\n\nstatic nu_str bird_str(const void *object)\n{\n'
                     "    return ((const Bird *)object)->name;\n}\n\nconst nu_model Bird_model = {\n"
                     '    MODEL(Bird), .app_label = "birds", .str = bird_str,\n    .fields = {\n'
                     "        CharField(Bird, name,  .max_length = 80),\n"
                     "        CharField(Bird, latin, .max_length = 80, .blank = true),\n    },\n};\n")
        errand.edit("birds/app.c", "&Item_model", "&Bird_model")
        errand.write("birds/forms.h", '#pragma once\n#include "models.h"\n\nextern const nu_modelform BirdForm;\n')
        errand.write("birds/forms.c", '#include "forms.h"\n\nconst nu_modelform BirdForm = {\n    MODEL_FORM(Bird),\n'
                     '    .fields = { "name", "latin" },\n};\n')
        errand.write("birds/views.h", "#pragma once\n#include <nuages/http.h>\n")
        errand.write("birds/views.c", '#include "views.h"\n')
        errand.write("birds/urls.c", '#include "urls.h"\n\n#include "forms.h"\n#include "views.h"\n\n'
                     'const nu_urlconf birds_urls = {\n    .app_name = "birds",\n    .urlpatterns = {\n'
                     '        path("", ListView(Bird)),\n'
                     '        path("new/", CreateView(Bird, .form = &BirdForm, .success_url = "/birds/")),\n'
                     '        path("<int:pk>/edit/", UpdateView(Bird, .form = &BirdForm, .success_url = "/birds/")),\n'
                     '        path("<int:pk>/delete/", DeleteView(Bird, .success_url = "/birds/")),\n    },\n};\n')
        errand.write("birds/tests.c", '#include "models.h"\n\n#include <nuages/test.h>\n\nnu_test(names)\n{\n'
                     '    nu_assert_equal(nu_string(V(nu_new(Bird, .name = S("Robin")))), "Robin");\n}\n\nNU_TESTS(birds_tests, names)\n')
        for name, text in (("list", LIST), ("form", FORM), ("confirm_delete", DELETE)):
            errand.write(f"birds/templates/birds/bird_{name}.html", text)
        errand.run("make")
        errand.run("build/manage makemigrations birds")
        errand.run("make")
        errand.run("build/manage migrate")

    test, fail, green = "make test", ("birds/tests.c", '#include "models.h"\n\n#include <nuages/test.h>\n\nnu_test(names)\n{\n'
        '    nu_assert_equal(nu_string(V(nu_new(Bird, .name = S("Robin")))), "Wren");\n}\n\nNU_TESTS(birds_tests, names)\n'), \
        ("birds/tests.c", '"Wren"', '"Robin"')

    def bug(self, errand):
        errand.edit("birds/urls.c", "const nu_urlconf", "static nu_response *bug(nu_request *req)\n{\n    (void)req;\n"
                    '    const Bird *bird = nu_first(Bird, nu_filter(nu_objects(Bird), Q("pk", 99)));\n\n'
                    "    return nu_http_response(.body = bird->name); /* nobody */\n}\n\nconst nu_urlconf")
        errand.edit("birds/urls.c", '        path("", ListView', '        path("bug/", bug),\n        path("", ListView')
        return "/* nobody */"


# ---- errands -----------------------------------------------------------------------------------------------------


def first_page(stack):
    errand = Errand(stack, "A new project, to its first page")
    stack.project(errand)
    with stack.serving(errand) as visitor:
        page = errand.wait(visitor, "/", lambda status, text: status == 200)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|script|title).*?</\1>", "", page))).strip()
    return errand, html.unescape(re.match(r".{8,}?[.!]", text)[0])


def crud(stack):
    errand = Errand(stack, "A model, to pages that list, make, change and delete")
    paths = stack.paths
    stack.crud(errand)
    with stack.serving(errand) as visitor:
        errand.wait(visitor, paths["list"], lambda status, text: status == 200)
        rails = "create" in paths
        name = "bird[name]" if rails else "name"
        visitor.send(paths["new"], paths.get("create", paths["new"]), **{name: "Robin"})
        assert "Robin" in visitor.get(paths["list"])[1]
        visitor.send(paths["edit"], paths.get("update", paths["edit"]), **({"_method": "patch"} if rails else {}), **{name: "Wren"})
        text = visitor.get(paths["list"])[1]
        assert "Wren" in text and "Robin" not in text, text
        visitor.send(paths["edit"] if rails else paths["delete"], paths["delete"], **({"_method": "delete"} if rails else {}))
        assert "Wren" not in visitor.get(paths["list"])[1]
    return errand, "all four work"


def to_green(stack):
    errand = Errand(stack, "A failing test, to green")
    errand.write(*stack.fail)
    told = errand.run(stack.test, status=1)
    assert "Robin" in told and "Wren" in told, told
    errand.edit(*stack.green)
    errand.run(stack.test)
    at = next(line for line in told.splitlines() if "Wren" in line or "Robin" in line)
    return errand, at.strip()[:60]


def to_cause(stack):
    errand = Errand(stack, "An error, to its cause")
    with stack.serving(errand) as visitor:
        Errand(stack, "").wait(visitor, stack.paths["list"], lambda status, text: status == 200)
        time.sleep(SETTLED)
        mark = stack.bug(errand)
        page = errand.wait(visitor, "/birds/bug/", lambda status, text: status == 500)
    title = html.unescape(re.sub(r"\s+", " ", re.search(r"(?s)<(?:title|h1)>(.*?)</", page)[1])).strip()
    return errand, f"{title[:50]}; the line {'is' if mark in html.unescape(re.sub('<[^>]*>', '', page)) else 'is not'} shown"


def with_sanitizers():
    """New projects are built over the library with the sanitizers, as `make sanitized` installs it."""
    import suite
    import test_startproject
    target = next(test_startproject.installed().rglob("nuages.pc")).parent
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="workday-"))
    subprocess.run(["meson", "install", "-C", suite.BUILD, "--no-rebuild", "--quiet", "--destdir", scratch], check=True)
    for library in scratch.rglob("libnuages-sanitized.so*"):
        shutil.copy(library, target.parent, follow_symlinks=False)
    text = next(scratch.rglob("nuages-sanitized.pc")).read_text()
    (target / "nuages-sanitized.pc").write_text(re.sub(r"^prefix=.*$", f"prefix={test_startproject.installed()}", text, flags=re.M))
    shutil.rmtree(scratch)


HEAD = ["| | | steps | lines | waiting, s | processor, s | |", "|---|---|--:|--:|--:|--:|---|"]
PAGE = ROOT / "docs/comparison.md"


def rows(stacks):
    """A line of the table for each errand and stack, printed as it is done."""
    for do in (first_page, crud, to_green, to_cause):
        for number, stack in enumerate(stacks):
            errand, told = do(stack)
            row = (f"| {errand.name if not number else ''} | {stack.name} | {errand.steps} | {errand.lines} | {errand.seconds:.1f} "
                   f"| {processor() - errand.began:.1f} | {told.replace('|', '/')} |")
            print(row, flush=True)
            yield row


def write(table, load):
    """Into the page, in place of the table that is there and of what it says of the machine."""
    text = PAGE.read_text()
    text, tables = re.subn(r"^\| \| \| steps .*?\n(?=\n)", lambda _: "\n".join(table) + "\n", text, count=1, flags=re.M | re.S)
    machine = f"in one run on a machine of {os.cpu_count()} cores whose load was {load:.1f} when it began;"
    text, places = re.subn(r"in one run on a machine of [^;]*;", machine, text, count=1)
    if not tables or not places:
        sys.exit(f"{PAGE.relative_to(ROOT)} has no table, or says nothing of the machine: nothing was written")
    PAGE.write_text(text)


def main():
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    if sys.argv[1:] and "NUAGES_RAILS" not in os.environ:
        sys.exit("NUAGES_RAILS names no tree with rails: the page would lose the rows of Rails")
    load = os.getloadavg()[0]
    with_sanitizers()
    stacks = [Django(), *([Rails(os.environ["NUAGES_RAILS"])] if "NUAGES_RAILS" in os.environ else []), Nuages()]
    try:
        print("\n".join(HEAD))
        table = [*HEAD, *rows(stacks)]
    finally:
        for stack in stacks:
            stack.drop()
    if sys.argv[1:]:
        write(table, load)


if __name__ == "__main__":
    main()
