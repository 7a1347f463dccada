"""The examples of docs/reference and docs/topics compile, run, and show what they say they show.

Of each page, the ```c blocks make one program:

    ```c            statements; run in the order of the page, over one database
    ```c file       declarations and functions at file scope: models, receivers, …

A line `EXPR;  // -> TEXT` must give the value that is shown, as repr() has it, and
`EXPR;  // raises Class: message` must raise it. A ```sql block after a block of statements holds
the statements that it runs, parameters filled in, one a paragraph; a ```text printed block what it prints. Models of the page itself are
found by their descriptors; those of blog.h are always there. A urlconf `page_urls` is the root of
nu_url(); `page_settings` are the site's settings, each database with the tables.
A ```django block with a name is a template; libraries of the page can be loaded. In a block `t` is the test that
runs: `nu_test_client(t)` asks the page's site. The tests of a page's NU_TESTS() run after its blocks.
`page_settings` with `.engine = "postgresql"` have a server of that.
A ```json block with a name is a file of the folder that the page runs in, where fixtures are looked for.
"""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import postgresql
import suite

HERE = pathlib.Path(__file__).parent
PAGES = sorted(path for folder in ("reference", "topics") for path in (suite.ROOT / "docs" / folder).rglob("*.md"))
FENCE = re.compile(r"^```(\w*)[ ]?([\w./]*)\n(.*?)^```$", re.M | re.S)
EXPECTED = re.compile(r"^(\s*)(\S.*?);\s*// (->|raises) (.*)$")
MODEL = re.compile(r"^const nu_model (\w+)_model = ", re.M)
TESTS = re.compile(r"^NU_TESTS\(\w+, ([^)]*)\)", re.M)
ON_POSTGRESQL = re.compile(r'nu_settings page_settings = \{[^;]*\.engine = "postgresql"')
LIBRARY = re.compile(r"^const nu_template_library (\w+) = ", re.M)
BLOCK_MARK = "\x01"
OWN = ["nu_content_type", "nu_permission", "nu_group", "nu_user", "Blog", "Author", "Entry"]
FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers",
         "-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-value", "-Wno-unused-function"]


def blocks_of(text):
    """(language, scope, first line's number, code) of each fenced block."""
    for found in FENCE.finditer(text):
        yield found[1], found[2], text.count("\n", 0, found.start()) + 2, found[3]


def statements(code, first, expected):
    """The body of a block's function; what its lines must show goes to `expected`."""
    for number, line in enumerate(code.splitlines(), first):
        told = EXPECTED.match(line)
        if not told:
            yield line
            continue
        kind = "value" if told[3] == "->" else "raised"
        expected[kind, number] = [told[4].strip()]
        yield f"{told[1]}doc_{'show' if kind == 'value' else 'raises'}({number}, {told[2]});"


def embedded(template):
    name, text = template
    return f"    {{ {json.dumps(name)}, (const uint8_t *){json.dumps(text)}, {len(text.encode())} }},"


def program(page):
    """The page as C, and what it must print: {(kind, line): [texts]}."""
    expected, files, functions, table, models, templates, last = {}, [], [], [], list(OWN), {}, None
    for language, scope, line, code in blocks_of(page.read_text()):
        mark = f'#line {line} "{page.relative_to(suite.ROOT)}"'
        if language == "c" and scope == "file":
            files += [mark, code]
            models += MODEL.findall(code)
        elif language == "c":
            functions += [f"static void block_{line}(NU_UNUSED nu_test_run *t)\n{{", mark, *statements(code, line, expected), "}"]
            table.append(f"    {{ {line}, block_{line} }},")
            last = line
        elif language == "django" and scope:
            templates[scope] = code.rstrip("\n")
        elif language == "text" and scope == "printed" and last:
            expected["printed", last] = code.splitlines()
        elif language == "sql" and last:
            expected["sql", last] = [" ".join(part.split()) for part in re.split(r"\n\s*\n", code) if part.strip()]
    if any(".auth_user_model" in code for code in files):
        models.remove("nu_user")
    abstract = re.compile(r"const nu_model (\w+)_model = \{[^;]*?\.abstract = true")
    models = [name for name in models if name not in abstract.findall("\n".join(files))]
    listed = "".join(f"&{name}_model, " for name in models)
    urls = "&page_urls" if any("nu_urlconf page_urls" in code for code in files) else "NULL"
    site = "&page_settings" if any("nu_settings page_settings" in code for code in files) else "NULL"
    tests = tests_of("\n".join(files))
    libraries = "".join(f"&{name}, " for name in LIBRARY.findall("\n".join(files)))
    main = ["static const nu_embedded_file templates[] = {", *map(embedded, templates.items()), "    { 0 } };",
            "const nu_embedded_file *const doc_templates = templates;",
            f"const nu_template_library *const doc_libraries[] = {{ {libraries}NULL }};"]
    main += ["const nu_test_def *const doc_tests[] = { " + "".join(f"&{name}, " for name in tests) + "NULL };"]
    main += [f"const nu_urlconf *const doc_urls = {urls};", f"const nu_settings *const doc_settings = {site};", "int main(void)\n{", f"    static const nu_model *const models[] = {{ {listed}NULL }};",
            "    static const doc_block blocks[] = {", *table, "        { 0, NULL } };",
            "    return doc_main(models, blocks);", "}"]
    return "\n".join(['#include "docs.h"', *files, *functions, *main, ""]), expected


def described():
    env = dict(os.environ, PKG_CONFIG_PATH=str(suite.RELEASE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", "--cflags", "--libs", "nuages"], env=env, check=True, capture_output=True,
                          text=True).stdout.split()


def write_files(page, folder):
    """The page's named ```json blocks are files of the folder that the program runs in: fixtures, what a view sends."""
    for language, name, _, code in blocks_of(page.read_text()):
        if language == "json" and name:
            (folder / name).write_text(code)


def compiled(folder, source):
    path, binary = folder / "page.c", folder / "page"
    path.write_text(source)
    done = subprocess.run([suite.CC, *FLAGS, f"-I{HERE}", f"-I{suite.ROOT}/src", str(path), *(str(HERE / name) for name in ("docs.c", "docs_site.c", "blog.c")),
                           "-o", str(binary), *described()], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-6000:]
    return binary


@contextlib.contextmanager
def database(page):
    """What the page's environment says of one: pages whose settings name PostgreSQL get a server, with its extensions."""
    if not ON_POSTGRESQL.search(page.read_text()):
        yield {}
        return
    with postgresql.Server() as server:
        server.sql("".join(f"CREATE EXTENSION {name};" for name in ("hstore", "pg_trgm", "unaccent", "pgcrypto", "bloom")))
        yield {"DATABASE_URL": server.url}


def printed(binary, env):
    """{(kind, line): [texts]} of a run."""
    done = subprocess.run([str(binary)], cwd=binary.parent, capture_output=True, text=True, timeout=120,
                          env=dict(os.environ, LD_LIBRARY_PATH=str(suite.RELEASE), **env))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    got, block = {}, 0
    for line in (binary.parent / "page.told").read_text().splitlines():
        kind, number, text = line.split("\t", 2)
        got.setdefault((kind, int(number)), []).append(text)
    for line in done.stdout.splitlines():
        if line.startswith(BLOCK_MARK):
            block = int(line.removeprefix(BLOCK_MARK))
        else:
            got.setdefault(("printed", block), []).append(line)
    return got


def tests_of(source):
    return [name for table in TESTS.findall(source) for name in re.findall(r"\w+", table)]


def check(page):
    source, expected = program(page)
    with tempfile.TemporaryDirectory(prefix="nuages-docs-") as folder, database(page) as env:
        write_files(page, pathlib.Path(folder))
        got = printed(compiled(pathlib.Path(folder), source), env)
    wrong = [f"{page.name}:{line}: {text}" for (kind, line), texts in got.items() if kind == "error" for text in texts]
    ran = [text for (kind, line), texts in got.items() if kind == "ran" for text in texts]
    if sorted(ran) != sorted(tests_of(source)):
        wrong.append(f"{page.name}: of its tests {tests_of(source)} these ran: {ran}")
    for (kind, line), texts in expected.items():
        shown = [" ".join(text.split()) for text in got.get((kind, line), [])]
        if shown != [" ".join(text.split()) for text in texts]:
            wrong.append(f"{page.name}:{line}: the page has {texts}\n    it gives {shown}")
    assert not wrong, "\n".join(wrong)


def make_test(page):
    return lambda: check(page)


for path in PAGES:
    globals()["test_" + re.sub(r"\W", "_", str(path.relative_to(suite.ROOT / "docs").with_suffix("")))] = make_test(path)

if __name__ == "__main__":
    suite.main(globals())
