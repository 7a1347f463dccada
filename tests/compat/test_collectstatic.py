"""collectstatic beside Django's over the same folders: what it says, the files that it leaves, their names by content, the
manifest."""
import json
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

SCHOOL = suite.ROOT / "examples/school"  # the folder of its app, which serves as a package of Python's, too
DJANGO = """
import os, sys
sys.path.insert(0, os.environ["SCHOOL"])
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["registry", "django.contrib.staticfiles"], STATIC_URL="static/", STATIC_ROOT=os.environ["STATIC_ROOT"],
    STATICFILES_DIRS=[os.environ["STATICFILES_DIRS"]],
    STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage." + (
        "ManifestStaticFilesStorage" if os.environ.get("STATICFILES_MANIFEST") else "StaticFilesStorage")}})
from django.core.management import execute_from_command_line
execute_from_command_line(["manage", *sys.argv[1:]])
"""
FILES = {
    "css/site.css": """@import "base.css"; @import 'deep/more.css' screen;
@import url(base.css) print;
@import url("base.css?v=2");
a { background: url(../img/x.png) } b { background: url('../img/x.png') } c { background: URL( ../img/x.png ) }
d { background: url("/static/img/x.png") } e { background: url(/elsewhere/x.png) } f { background: url(//cdn.example/x.png) }
g { background: url(https://cdn.example/x.png) } h { background: url(data:image/png;base64,AAAA) }
i { background: url("data:image/svg+xml;utf8,<svg fill='url(#a)'/>") } j { filter: url(#shadow) } k { background: url() }
@font-face { src: url('../font/f.eot?#iefix') format("eot"), url(../font/f.eot), url("../font/f.eot?v=1#x"), url(../font/f.eot#) }
l { background: url('../img/a b.png') } m { background: url(../img/a%20b.png) } n { background: url(../img/) } o { background: url(../img) }
/* url(../img/x.png) in a comment */ p { background: url(../img/../img/./x.png?) } q { background: url("../img/\u00e9.png") }
/*# sourceMappingURL=site.css.map */
""",
    "css/base.css": "body { color: red }\n",
    "css/plain.css": "p { margin: 0 }\n",
    "css/windows.css": "@import \"plain.css\";\r\na { background: url(../img/x.png) }\r\n/*# sourceMappingURL=site.css.map */\r\n",
    "css/deep/more.css": "@import '../base.css';\n@import\"/static/css/plain.css\";\nr { background: url(../../img/x.png) }\n/*# sourceMappingURL=../site.css.map   */",
    "css/deep/map.css": "a {}\n/*# SOURCEMAPPINGURL=none.map */\n/*#\tsourceMappingURL=../site.css.map*/\n",
    "css/site.css.map": "{}",
    "css/shouting.CSS": "a { background: url(nowhere.png) }",
    "js/app.js": "import { a } from './mod.js';\nimport('./mod.js');\nlet u = 'url(x)';\n//# sourceMappingURL=app.js.map\n",
    "js/app.js.map": "{\"version\": 3}",
    "js/mod.js": "export const a = 1; // //# sourceMappingURL=nowhere.map\n",
    "img/x.png": "png", "img/a b.png": "space", "img/\u00e9.png": "accent", "font/f.eot": "eot", "README": "no extension",
    "name.with.dots.tar.gz": "gz", "dir.d/file": "dots above", "empty.css": "",
    ".hidden": "h", "css/.dot.css": "a { background: url(../img/x.png) }", "old.css~": "backup", "CVS/Root": "cvs",
}
TIME = 1_600_000_000  # seconds; files that are older than the copies


def tree(folder):
    return {str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
            for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


class Sides:
    """A folder of sources, and one that each side fills from it."""

    def __init__(self, files=None, manifest=True):
        self.source, self.roots = school.fresh_folder(), [school.fresh_folder() / "out" for _ in range(2)]
        for name, text in (FILES if files is None else files).items():
            self.write(name, text)
        self.more = {"STATICFILES_MANIFEST": "1"} if manifest else {}

    def write(self, name, text):
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (TIME, TIME))

    def run(self, *words, answer=None):
        words = ["collectstatic", *words] + ([] if answer else ["--noinput"])
        for root, program in zip(self.roots, ([school.PROGRAM], [school.venv(), "-c", DJANGO])):
            environment = {**self.more, "STATIC_ROOT": str(root), "STATICFILES_DIRS": str(self.source), "SCHOOL": str(SCHOOL)}
            yield school.run([*program, *words], environment, root.parent)

    def said(self, *words):
        """Both end well and say the same, in any order; the lines."""
        told = []
        for done, root in zip(self.run(*words), self.roots):
            told.append(sorted(school.checked(done).replace(str(root), "ROOT").splitlines()))
            assert not done.stderr, done.stderr
        assert told[0] == told[1], f"{words}\n" + "\n".join(sorted(set(told[0]) ^ set(told[1])))
        return told[0]

    def same_files(self):
        ours, theirs = (tree(root) for root in self.roots)
        manifests = [json.loads(files.pop("staticfiles.json", b"null")) for files in (ours, theirs)]
        assert sorted(ours) == sorted(theirs), sorted(set(ours) ^ set(theirs))
        for name, content in ours.items():
            assert content == theirs[name], f"{name}\nours   {content!r}\ntheirs {theirs[name]!r}"
        assert manifests[0] == manifests[1], manifests
        return ours, manifests[0]


def test_names_by_content_and_the_manifest_are_django_s():
    """But for a style sheet that is named with a query: Django then names it by what it was before its own references were named."""
    sides = Sides({name: text for name, text in FILES.items()})
    lines = sides.said()
    assert re.search(r"\d+ static files copied to 'ROOT', \d+ post-processed\.", lines[-1]), lines
    files, manifest = sides.same_files()
    assert manifest["paths"]["css/site.css"] in files and len(manifest["paths"]) > 20
    assert b'url("../img/x.bff139fa05ac.png")' in files[manifest["paths"]["css/site.css"]]


def test_each_file_is_told_of_at_verbosity_2():
    sides = Sides()
    first = sides.said("-v", "2")
    assert any(line.startswith("Post-processed 'css/site.css' as 'css/site.") for line in first), first
    again = sides.said("-v", "2")
    assert "Skipping 'css/site.css' (not modified)" in again and "Skipped post-processing 'img/x.png'" in again
    sides.write("css/base.css", "body { color: blue }")
    os.utime(sides.source / "css/base.css")
    for root in sides.roots:
        os.utime(root / "css/base.css", (TIME, TIME))
    assert "Deleting 'css/base.css'" in sides.said("-v", "2")
    sides.same_files()
    assert sides.said("-v", "0") == []


def test_options_do_what_django_s_do():
    for words in (["--no-post-process"], ["--no-default-ignore"], ["--ignore", "*.png", "-i", "css"], ["-i", "./js"], ["-i", "js/*"], ["--link"],
                  ["--dry-run"], ["-n", "-v", "2"], ["--clear"]):
        sides = Sides({name: text for name, text in FILES.items() if "site" not in name and not name.endswith((".css", ".js"))})
        sides.said(*words)
        sides.same_files()
        sides.said()
        for root in sides.roots:
            (root / "stale/deep").mkdir(parents=True)
            (root / "stale/deep/file.txt").write_text("stale")
            (root / "dangling").symlink_to("nowhere")
        sides.said(*words)
        sides.same_files()


def test_a_second_file_of_a_path_is_named():
    sides = Sides({"registry/school.css": "mine {}"}, manifest=False)
    said = sides.said()
    assert any(line.startswith("Found another file with the destination path 'registry/school.css'.") for line in said), said
    assert sides.same_files()[0]["registry/school.css"] == b"mine {}"


def test_clearing_a_folder_takes_a_link_and_not_what_it_leads_to():
    """Django follows it, and deletes the files there."""
    sides = Sides({"a.txt": "a"}, manifest=False)
    elsewhere = school.fresh_folder()
    (elsewhere / "precious").write_text("kept")
    sides.roots[0].mkdir()
    (sides.roots[0] / "link").symlink_to(elsewhere)
    school.checked(next(sides.run("--clear")))
    assert (elsewhere / "precious").exists() and not (sides.roots[0] / "link").is_symlink()


def test_what_cannot_be_named_fails_on_both_sides():
    for files, names in (({"a.css": "a { background: url(nowhere.png) }"}, ["a.css", "nowhere.png"]),
                         ({"a.js": "//# sourceMappingURL=nowhere.map"}, ["a.js", "nowhere.map"]),
                         ({"a.css": "@import 'b.css';", "b.css": "@import 'a.css';"}, ["a.css"]),
                         ({"a.css": "@import 'a.css';"}, ["a.css"]),
                         ({"a.css": "/* \u00e9 */".encode("latin-1")}, ["a.css"])):
        sides = Sides(files)
        for done in sides.run():
            assert done.returncode == 1 and all(name in done.stderr for name in names), done
        assert not (sides.roots[0] / "staticfiles.json").exists()


def test_a_folder_that_is_not_empty_is_asked_about():
    sides = Sides({"a.txt": "a"}, manifest=False)
    sides.said()
    for words in ([], ["--clear"], ["--dry-run"]):
        told = []
        for done, root in zip(sides.run(*words, answer="end of input"), sides.roots):
            assert done.returncode == 1 and (root / "a.txt").exists(), done
            told.append(done.stdout.replace(str(root), "ROOT"))
        assert told[0] == told[1] and "Type 'yes' to continue" in told[0], told


if __name__ == "__main__":
    suite.main(globals())
