"""A reusable app, packaged, installed and used: examples/guestbook in a new project, as docs/topics/apps.md
says."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
import test_startproject as newcomer


def installed():
    """The variables of a newcomer who has installed the guestbook, too."""
    source, prefix = school.fresh_folder() / "guestbook", school.fresh_folder()
    shutil.copytree(suite.ROOT / "examples/guestbook", source)
    variables = newcomer.variables()
    newcomer.run(["meson", "setup", "build", f"--prefix={prefix}"], source, **variables)
    newcomer.run(["meson", "install", "-C", "build", "--quiet"], source, **variables)
    libraries = next(prefix.rglob("guestbook.pc")).parent
    return {**variables, "PKG_CONFIG_PATH": f"{libraries}:{variables['PKG_CONFIG_PATH']}",
            "LD_LIBRARY_PATH": f"{libraries.parent}:{variables['LD_LIBRARY_PATH']}"}


def test_an_app_of_a_library_brings_its_table_page_and_template():
    variables, project = installed(), newcomer.new_project("visited")
    meson, settings, urls = project / "meson.build", project / "visited/settings.c", project / "visited/urls.c"
    meson.write_text(meson.read_text().replace("dependencies: nuages)", "dependencies: [nuages, dependency('guestbook')])"))
    newcomer.insert(settings, '#include "urls.h"', "#include <guestbook.h>")
    settings.write_text(settings.read_text().replace("&sessions_app }", "&sessions_app, &guestbook_app }"))
    newcomer.insert(urls, "#include <nuages/nuages.h>", "#include <guestbook.h>")
    newcomer.insert(urls, 'path("",', '        include("guestbook/", guestbook_urls),')
    newcomer.run(["make"], project, **variables)
    manage = lambda *arguments: newcomer.run(["build/manage", *arguments], project, **variables, **newcomer.DEBUG)
    assert "Applying guestbook.0001_initial... OK" in manage("migrate")
    assert "No changes detected" in manage("makemigrations", "--check")
    assert "no issues" in manage("check", "--tag", "database")

    class Site(newcomer.Site):
        def __init__(self, folder):
            newcomer.servers.Server.__init__(self, folder / "build/manage", "serve", "127.0.0.1:0", "--workers", 1,
                                             cwd=folder, env={**variables, **newcomer.DEBUG})

    with Site(project) as site:
        visitor = site.client()
        assert "Nobody has signed yet." in visitor.get("/guestbook/").text
        visitor.token("/guestbook/")
        assert visitor.post("/guestbook/", {"name": "Ada", "message": "Hello"}).status == 302
        assert "<h2>Ada</h2>" in visitor.get("/guestbook/").text


if __name__ == "__main__":
    suite.main(globals())
