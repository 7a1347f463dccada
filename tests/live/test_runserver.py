"""runserver as a developer sees it: a saved source is built and served; one that does not compile is
told of while the last good build serves on; templates need no build."""
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_startproject as newcomer
from client import Client


class Development(servers.Server):
    ending = signal.SIGTERM

    def __init__(self, project, *flags):
        super().__init__(project / "build/manage", "runserver", "127.0.0.1:0", *flags, cwd=project,
                         env={**newcomer.variables(), **newcomer.DEBUG})

    def page(self):
        return Client(self.address, host="localhost").get("/").text


def edited(path, old, new):
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new))


def test_saved_sources_are_served():
    project = newcomer.new_project("saved")
    newcomer.make(project)
    urls = project / "saved/urls.c"
    with Development(project) as site:
        assert "It works." in site.page()
        edited(urls, "It works.", "It works well.")
        servers.wait_for(lambda: "It works well." in site.page(), "page of the new build")
        assert "saved/urls.c changed, building" in site.text() and "restarting" in site.text(), site.text()

        edited(urls, "(void)req;", "(void)req")
        servers.wait_for(lambda: "The build failed" in site.text(), "word of the failed build")
        assert "urls.c:" in site.text() and "error: expected" in site.text(), site.text()
        assert "It works well." in site.page()

        edited(urls, "(void)req\n", "(void)req;\n")
        edited(urls, "It works well.", "It works again.")
        servers.wait_for(lambda: "It works again." in site.page(), "page of the mended build")


def test_flags_and_the_address_outlive_a_restart():
    project = newcomer.new_project("flagged")
    newcomer.wire(project, "blog")
    newcomer.make(project)
    with Development(project, "--nostatic", "--max-requests", "1000", "--no-color") as site:
        style = lambda: Client(site.address, host="localhost").get("/static/blog/style.css").status
        assert style() == 404, "--nostatic"
        edited(project / "flagged/urls.c", "It works.", "It works well.")
        servers.wait_for(lambda: "It works well." in site.page(), "page of the new build")
        assert style() == 404, "--nostatic, after the restart"
        assert "\033[" not in site.text(), site.text()
    with Development(project) as site:
        assert style() == 200, "without --nostatic"


def test_make_beside_runserver_waits_for_its_build():
    project = newcomer.new_project("beside")
    newcomer.make(project)
    with Development(project) as site:
        for number in range(4):
            # Meson configures anew, in whichever of the two comes first.
            edited(project / "meson.build", "\nexecutable(", f"# {number}\n\nexecutable(")
            edited(project / "beside/urls.c", "It works", f"It works {number}")
            newcomer.make(project)
            servers.wait_for(lambda: f"It works {number}" in site.page(), "page of the new build")
        assert "The build failed" not in site.text() and "another Meson process" not in site.text(), site.text()


def test_a_failed_build_is_shown_by_the_page():
    project = newcomer.new_project("shown")
    newcomer.wire(project, "blog")
    newcomer.make(project)
    newcomer.manage(project, "makemigrations", "blog")
    newcomer.make(project)
    newcomer.manage(project, "migrate")
    with Development(project) as site:
        page = lambda: Client(site.address, host="localhost").get("/blog/").text
        assert "Nothing yet." in page() and 'id="nu-bar"' in page()
        edited(project / "blog/templates/blog/index.html", "Nothing yet.", "Nothing at all.")
        assert "Nothing at all." in page()
        edited(project / "blog/views.c", "ItemForm", "ItmForm")
        servers.wait_for(lambda: "The build failed; the last good one is served." in page(), "bar on the page")
        assert "views.c:" in page() and "ItmForm" in page() and "Nothing at all." in page()


def test_a_program_that_does_not_start_is_told_of_by_the_page():
    project = newcomer.new_project("refused")
    newcomer.make(project)
    with Development(project) as site:
        edited(project / "refused/settings.c", '"static/"', '"static"')
        servers.wait_for(lambda: "What was built does not start" in site.page(), "bar on the page")
        assert "STATIC_URL is" in site.text() and "not reloaded" in site.text(), site.text()
        edited(project / "refused/settings.c", '"static"', '"static/"')
        servers.wait_for(lambda: "What was built does not start" not in site.page(), "page without the bar")


def test_a_build_that_changes_nothing_says_so_and_names_a_source_that_no_build_lists():
    project = newcomer.new_project("unlisted")
    newcomer.make(project)
    with Development(project) as site:
        (project / "unlisted/extra.c").write_text("int unlisted;\n")
        servers.wait_for(lambda: "nothing to build: no meson.build lists unlisted/extra.c" in site.text(), "word of it")
        (project / "unlisted/extra.c").unlink()
        edited(project / "unlisted/urls.c", "static nu_response *welcome", "static int spare;\n\nstatic nu_response *welcome")
        servers.wait_for(lambda: "[-Wunused-variable]" in site.text(), "the compiler's warning")
        edited(project / "meson.build", "executable('manage'", "executable('manage',,")
        servers.wait_for(lambda: "The build failed" in site.text(), "word of the failed build")
        edited(project / "meson.build", "executable('manage',,", "executable('manage'")
        servers.wait_for(lambda: "the program is the same as before" in site.text(), "word of the mended build")


def test_migrations_that_are_not_applied_are_told_before_it_serves():
    project = newcomer.new_project("unapplied")
    newcomer.make(project)
    with Development(project, "--noreload") as site:
        assert "Performing system checks...\n\nSystem check identified no issues (0 silenced).\n" in site.text(), site.text()
        assert "unapplied migration(s). Your project may not work properly until you apply the migrations for app(s): auth" in site.text(), site.text()


def test_collectstatic_checks_the_folders_of_static_files_first():
    folder = school.fresh_folder()
    (folder / "a.css").write_text("a {}")
    same = {"STATICFILES_DIRS": str(folder), "STATIC_ROOT": f"{folder}/."}
    done = school.run([school.PROGRAM, "collectstatic", "--noinput"], same, folder)
    assert done.returncode == 1 and "SystemCheckError" in done.stderr, done
    assert "(staticfiles.E002) The STATICFILES_DIRS setting should not contain the STATIC_ROOT setting." in done.stderr, done
    assert school.run([school.PROGRAM, "collectstatic", "--noinput", "--skip-checks", "--dry-run"], same, folder).returncode == 0
    school.checked(school.run([school.PROGRAM, "collectstatic", "--noinput"], {**same, "STATIC_ROOT": f"{folder}/out"}, folder))


if __name__ == "__main__":
    suite.main(globals())
