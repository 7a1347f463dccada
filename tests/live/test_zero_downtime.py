"""docs/how-to/zero-downtime.md, typed while the old executable serves: it answers before, between and after
each step, and writes rows on the new schema."""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import howto
import servers
import suite
import test_startproject as newcomer
from client import Client

PAGE = suite.ROOT / "docs/how-to/zero-downtime.md"


class Old(servers.Server):
    """The executable as it was deployed, while the folder that it came from goes on."""

    def __init__(self, folder):
        shutil.copy(folder / "build/manage", folder / "old")
        super().__init__(folder / "old", "serve", "127.0.0.1:0", "--workers", 1, cwd=folder,
                         env={**newcomer.variables(), **newcomer.DEBUG})

    def titles(self):
        answer = Client(self.address, host="localhost").get("/shop/")
        assert answer.status == 200, answer.text
        return answer.text


def deployed():
    project = newcomer.new_project()
    newcomer.wire(project, "shop")
    newcomer.make(project)
    newcomer.manage(project, "makemigrations", "shop")
    newcomer.make(project)
    newcomer.manage(project, "migrate")
    add(project, "build/manage", "first")
    return project


def add(project, executable, title):
    newcomer.run([executable, "shell", "-c", f'Item.objects.create(title="{title}")'], project, **newcomer.variables(), **newcomer.DEBUG)


def test_the_page_typed_while_the_site_serves():
    project = deployed()
    with Old(project) as site:
        seen = []

        def still_serves(reader):
            seen.append("first" in site.titles())

        reader = howto.Reader(project, {**newcomer.variables(), **newcomer.DEBUG}).follow(PAGE, still_serves)
        assert reader.checked == 4 and seen == [True, True], f"{reader.checked} lines shown, {seen}"
        add(project, "./old", "by the old one")
        assert "by the old one" in site.titles(), "the old executable reads and writes on the new schema"
    rows = json.loads(newcomer.manage(project, "shell", "--json", "-c", 'list(Item.objects.order_by("id").values("title", "stock"))'))
    assert rows == [{"title": "first", "stock": 0}, {"title": "by the old one", "stock": 0}], rows


if __name__ == "__main__":
    suite.main(globals())
