"""Templates of a running server: pages sent while they are rendered, over real sockets; and files that
change, go and break, and are mended, while the server runs."""
import html
import http.client
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

PROGRAM = suite.BUILD / "tests/live/template-site"  # tests/live/template_site.c
OPTIONS = suite.BUILD / "tests/live/options-site"  # tests/live/options_site.c
LOOP = "{% for row in rows %}<p>row {{ row }}</p>\n{% endfor %}"
ROWS = "".join(f"<p>row {n}</p>\n" for n in range(4000))


class Site(servers.Server):
    """`debug`: templates are looked at again at every use."""

    def __init__(self, debug=True, program=PROGRAM, **templates):
        self.folder = school.fresh_folder()
        (self.folder / "templates").mkdir()
        for name, text in templates.items():
            self.write(name, text)
        variables = {"DEBUG": "1"} if debug else {"SECRET_KEY": "k" * 60}
        command = ["runserver", "127.0.0.1:0", "--noreload"] if debug else ["serve", "127.0.0.1:0", "--workers", 1]
        super().__init__(program, *command, cwd=self.folder, env=variables)

    def write(self, name, text):
        """Under a new time, however coarse the clock of files is."""
        path = self.folder / "templates" / f"{name}.html"
        before = path.stat().st_mtime_ns if path.exists() else None
        path.write_text(text)
        if before is not None:
            os.utime(path, ns=(before + 10**9, before + 10**9))

    def remove(self, name):
        (self.folder / "templates" / f"{name}.html").unlink()

    def get(self, path):
        return Client(self.address, host="localhost").send("GET", path)

    def page(self, name):
        answer = self.get(f"/page/{name}.html")
        assert answer.status == 200, (answer.status, answer.text[:2000])
        return answer.text

    def asked(self, path):
        """A connection that has asked, and the head of the answer."""
        connection = http.client.HTTPConnection(self.address, timeout=servers.PATIENCE)
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection, connection.getresponse()

    def rendered(self):
        return self.get("/rendered").text


# ---- pages sent while they are rendered ----------------------------------------------------------


def test_a_long_page_begins_to_arrive_before_it_is_finished():
    with Site(long="{% load waiting %}" + LOOP + "{% wait_for_file 'go' %}the end") as site:
        connection, answer = site.asked("/stream/long.html")
        assert answer.status == 200 and answer.getheader("Transfer-Encoding") == "chunked"
        first = answer.read(16 << 10)
        assert first == ROWS.encode()[:16 << 10], first[:200]
        (site.folder / "go").touch()
        assert (first + answer.read()).decode() == ROWS + "the end"
        connection.request("GET", "/rendered", headers={"Host": "localhost"})  # the connection goes on
        assert connection.getresponse().read() == b"0"


def test_a_long_page_through_parents_and_includes_arrives_whole():
    with Site(base="<{% block a %}{% endblock %}>", part="{{ row }},",
              long="{% extends 'base.html' %}{% block a %}{% for row in rows %}{% include 'part.html' %}{% endfor %}"
                   "{{ block.super }}{% endblock %}") as site:
        answer = site.get("/stream/long.html")
        assert answer.text == "<" + "".join(f"{n}," for n in range(4000)) + ">"


def test_a_visitor_who_leaves_ends_the_page():
    page = "{% load waiting %}{% begin_page %}" + LOOP + "{% wait_for_file 'go' %}" + LOOP * 40
    with Site(debug=False, long=page) as site:
        connection, answer = site.asked("/stream/long.html")
        assert answer.read(1024) == ROWS.encode()[:1024]
        assert site.rendered() == "1"
        answer.close()
        connection.close()
        (site.folder / "go").touch()
        servers.wait_for(lambda: site.rendered() == "0", "end of the page that nobody reads")


def test_an_error_in_the_middle_cuts_the_answer_and_is_told_in_the_log():
    with Site(debug=False, long="{% load waiting %}" + LOOP + "{% fail %}" + LOOP, fine="fine") as site:
        _, answer = site.asked("/stream/long.html")
        try:
            answer.read()
            raise AssertionError("the answer looked whole")
        except http.client.IncompleteRead as cut:
            assert ROWS.startswith(cut.partial.decode()) and cut.partial
        site.saw("the middle of the page")
        assert site.page("fine") == "fine"


# ---- files that change ---------------------------------------------------------------------------


def test_a_changed_file_is_seen_and_so_are_the_ones_it_extends_and_includes():
    with Site(base="[{% block a %}{% endblock %}]", part="part",
              child="{% extends 'base.html' %}{% block a %}{% include 'part.html' %}{% endblock %}") as site:
        assert site.page("child") == "[part]"
        site.write("part", "other {{ title }}")
        assert site.page("child") == "[other &lt;t&gt;]"
        site.write("base", "({% block a %}{% endblock %})")
        assert site.page("child") == "(other &lt;t&gt;)"
        site.write("child", "{% extends 'base.html' %}{% block a %}own{% endblock %}")
        assert site.page("child") == "(own)"


def test_a_file_that_goes_is_missed_and_found_again():
    with Site(here="here", both="the folder's") as site:
        assert site.page("here") == "here"
        site.remove("here")
        answer = site.get("/page/here.html")
        assert answer.status == 500 and "TemplateDoesNotExist" in answer.text
        site.write("here", "back")
        assert site.page("here") == "back"
        assert site.page("both") == "the folder's"
        site.remove("both")
        assert site.page("both") == "the executable's"
        assert site.page("embedded") == "embedded &lt;t&gt;"


def test_a_syntax_error_shows_its_line_until_it_is_mended():
    with Site(page="fine") as site:
        assert site.page("page") == "fine"
        site.write("page", "one\n{% if title %}two")
        for _ in range(2):
            answer = site.get("/page/page.html")
            assert answer.status == 500 and "Unclosed tag on line 2: &#x27;if&#x27;" in answer.text, answer.text[:3000]
        site.write("page", "{% if title %}mended{% endif %}")
        assert site.page("page") == "mended"


def lines_shown(answer):
    """The template that a page about an error names, and the line of it that is marked."""
    heading, source = answer.text.split("<h2>Template</h2>", 1)[1].split("<pre class=\"source\">", 1)
    return heading.split("templates/", 1)[-1].split("<", 1)[0].removeprefix("\n").strip(), html.unescape(source.split("<span class=\"at\">", 1)[1].split("</span>", 1)[0]).split()


def test_an_error_while_a_page_is_rendered_shows_the_tag_in_its_template():
    with Site(base="<html>\n{% block a %}{% endblock %}", part="one\n\n{{ title|add }}", fails="{% load waiting %}\n{% partialdef p %}\n{% fail %}{% endpartialdef %}",
              child="{% extends 'base.html' %}\n{% block a %}\n  {% include name %}{% endblock %}", orphan="\n{% extends 'nobody.html' %}",
              loop="{% for a in title %}\n{{ a }}{% endfor %}\n{% if title %}{% endif %}{% include 'fails.html#p' %}") as site:
        for page, name, line in (("child", "child.html, line 3", "3 {% include name %}{% endblock %}"), ("orphan", "orphan.html, line 2", "2 {% extends 'nobody.html' %}"),
                                 ("loop", "fails.html, line 3", "3 {% fail %}{% endpartialdef %}"), ("part", "part.html, line 3", "3 {{ title|add }}")):
            answer = site.get(f"/page/{page}.html")
            assert answer.status == 500 and lines_shown(answer) == (name, line.split()), (page, lines_shown(answer))


def test_a_site_in_service_keeps_what_it_has_compiled():
    with Site(debug=False, page="first") as site:
        assert site.page("page") == "first"
        site.write("page", "second")
        assert site.page("page") == "first"


# ---- the options of the settings -----------------------------------------------------------------


def test_what_the_settings_say_of_templates_holds():
    with Site(program=OPTIONS, missing="{{ nothing }}|{{ nothing.at.all|upper }}|{{ title }}", builtin="{{ 'a'|twice }}", both="the folder's",
              loaded="{% load loud %}{{ 'a'|shout|twice }}", processors="{{ school }} {{ request.path }}", part="part {{ school }}") as site:
        assert site.page("missing") == "[no nothing]|[no nothing.at.all]|&lt;t&gt;"
        assert site.page("builtin") == "aa"
        assert site.page("loaded") == "A!A!"
        assert site.page("both") == "the table's" and site.page("table") == "part Nuages High"
        assert site.page("processors") == "Nuages High /page/processors.html"
        site.write("builtin", "{{ 'a'|shout }}")
        answer = site.get("/page/builtin.html")
        assert answer.status == 500 and "shout" in answer.text


if __name__ == "__main__":
    suite.main(globals())
