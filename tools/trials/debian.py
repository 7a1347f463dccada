"""The packages of `make deb`, and what is built with them."""
import re
import shutil

from trials.machine import KEY, Failed, Machine, PACKAGES, ROOT, check, expect, installed, run, scratch, wire

SINGLE = 8_000_000  # bytes


def trial_lintian():
    """Debian's own checker has nothing to say of the packages."""
    # Who maintains them and which bug an upload closes is known to whoever uploads: DEBEMAIL.
    ours = "bogus-mail-host,bogus-mail-host-in-debian-changelog,initial-upload-closes-no-bugs"
    told = run(["lintian", "--allow-root", "--fail-on=error,warning", f"--suppress-tags={ours}", *PACKAGES.glob("*.deb")])
    check(not told.strip(), told)


def trial_packages():
    """The packages install, and a project is made, built, tested and served with what they bring and recommend."""
    machine = Machine("packages", of=installed())
    expect(machine.sh("dpkg --verify libnuages0 libnuages-dev nuages-tools && echo whole"), "whole")
    expect(machine.sh("bash -c '. /usr/share/bash-completion/completions/nuages && complete -p nuages'"), "nuages")
    for file in ("share/man/man1/nuages.1.gz", "share/zsh/vendor-completions/_nuages", "share/fish/vendor_completions.d/nuages.fish",
                 *(f"share/doc/{name}/copyright" for name in ("libnuages0", "libnuages-dev", "nuages-tools"))):
        check((machine.root / "usr" / file).is_file(), f"/usr/{file} is not there")
    machine.sh("nuages startproject mysite --api", folder="/root")
    expect(machine.sh("make test", folder="/root/mysite"), "OK")
    machine.sh("make check && build/manage migrate && make release", folder="/root/mysite")
    expect(machine.sh("ldd /root/mysite/build-release/manage"), "libnuages.so.0 => /lib/")
    with machine.serving("build-release/manage serve 127.0.0.1:PORT --workers 1", folder="/root/mysite", **KEY) as ask:
        expect(ask("/api/items/", b'{"title": "First"}'), '"id"')
        expect(ask("/api/items/"), "First")


def next_version(folder):
    """The packages as a later version has them: the library's file has another name."""
    folder.mkdir()
    for file in PACKAGES.glob("*.deb"):
        tree = folder / file.stem
        run(["dpkg-deb", "-R", file, tree])
        version = re.search(r"^Version: (.*)-1$", (tree / "DEBIAN/control").read_text(), re.M)[1]
        control = (tree / "DEBIAN/control").read_text().replace(f"{version}-1", f"{version}.1-1")
        (tree / "DEBIAN/control").write_text(control)
        for library in [path for path in tree.rglob(f"libnuages.so.{version}")]:
            link = library.parent / "libnuages.so.0"
            library.rename(library.with_name(f"libnuages.so.{version}.1"))
            link.unlink()
            link.symlink_to(f"libnuages.so.{version}.1")
            sums = tree / "DEBIAN/md5sums"
            sums.write_text(sums.read_text().replace(f"libnuages.so.{version}\n", f"libnuages.so.{version}.1\n"))
        run(["dpkg-deb", "-z1", "-b", tree, folder / f"{file.stem}.deb"])
        shutil.rmtree(tree)


def trial_upgrade():
    """An upgrade leaves one library, which what was built before goes on with; and removal leaves nothing."""
    machine = Machine("upgrade", of=installed())
    machine.sh("nuages startproject kept && make -C kept release", folder="/root")
    machine.sh("rm -rf /packages")
    next_version(machine.root / "packages")
    before = machine.files()
    machine.sh("dpkg -i /packages/*.deb")
    libraries = sorted(path.name for path in (machine.root / "usr/lib").rglob("libnuages.so*"))
    check(len(libraries) == 3 and libraries[-1].endswith(".1"), libraries)
    expect(machine.sh("kept/build-release/manage check", folder="/root", **KEY), "no issues")
    machine.sh("dpkg --purge nuages-tools libnuages-dev libnuages0")
    left = machine.sh("find / -xdev -name '*nuages*' ! -path '/root/*' ! -path '/packages/*' ! -path '/var/log/*' ! -path '/proc/*'")
    check(not left, f"left behind: {left}")
    gone = before - machine.files()
    check(gone and all("nuages" in name for name in gone), f"went with them: {sorted(name for name in gone if 'nuages' not in name)}")
    check("nuages" not in machine.sh("ldconfig -p"), "ldconfig still knows the library")


def trial_app():
    """A reusable app, installed as a library, in a site: its table, page, template, with its sources gone."""
    machine = Machine("app", of=installed())
    machine.copy(ROOT / "examples/guestbook", "/root/guestbook")
    machine.sh("meson setup build --prefix=/usr --buildtype=release && meson install -C build --quiet && ldconfig", folder="/root/guestbook")
    shutil.rmtree(machine.root / "root/guestbook")
    machine.sh("nuages startproject visited", folder="/root")
    project = machine.root / "root/visited"
    for file, old, new in (("meson.build", "dependencies: nuages)", "dependencies: [nuages, dependency('guestbook')])"),
                           ("visited/settings.c", '#include "urls.h"', '#include "urls.h"\n#include <guestbook.h>'),
                           ("visited/settings.c", "&sessions_app }", "&sessions_app, &guestbook_app }"),
                           ("visited/urls.c", "#include <nuages/nuages.h>", "#include <nuages/nuages.h>\n#include <guestbook.h>"),
                           ("visited/urls.c", 'path("",', 'include("guestbook/", guestbook_urls),\n        path("",')):
        expect((project / file).read_text(), old)
        (project / file).write_text((project / file).read_text().replace(old, new, 1))
    machine.sh("make release", folder="/root/visited")
    expect(machine.sh("ldd build-release/manage", folder="/root/visited"), "libguestbook.so")
    expect(machine.sh("build-release/manage migrate", folder="/root/visited", **KEY), "Applying guestbook.0001_initial... OK")
    with machine.serving("build-release/manage serve 127.0.0.1:PORT --workers 1", folder="/root/visited", **KEY) as ask:
        expect(ask("/guestbook/"), "Nobody has signed yet.")


def single_file(machine, databases):
    told = machine.sh(f"rm -rf build-single && make single DATABASES={databases}", folder="/root/alone")
    file = machine.root / "root/alone/build-single/manage"
    size = file.stat().st_size
    print(f"     single file with {databases}: {size / 1e6:.1f} MB; {told.splitlines()[-1]}")
    check(size < SINGLE, f"{size} bytes with {databases}")
    if "INTERP" in run(["readelf", "-lW", file]):
        raise Failed("the single file asks for a dynamic linker")
    return file


def trial_single():
    """A site in one static file, built with the packages alone, moved to a bare Debian and run there by nobody."""
    maker = Machine("single", of=installed())
    maker.sh("apt-get install -y -q --no-install-recommends postgresql-server-dev-15")
    maker.sh("nuages startproject alone && cd alone && nuages startapp blog", folder="/root")
    wire(maker.root / "root/alone", "blog")
    urls = maker.root / "root/alone/alone/urls.c"  # as the header says of a site that stands alone
    text = urls.read_text().replace("#include <nuages/nuages.h>", "#include <nuages/nuages.h>\n#include <nuages/staticfiles.h>", 1)
    urls.write_text(text.replace('path("",', 're_path("^static/(?P<path>.*)$", nu_static_serve, .kwargs = { Kwarg("insecure", true) }),\n'
                                 '        path("",', 1))
    maker.sh("make && build/manage makemigrations blog", folder="/root/alone")
    single_file(maker, "sqlite3,postgresql,mysql")
    machine = Machine("moved")
    check("nuages" not in " ".join(machine.files()), "the bare machine knows Nuages")
    machine.copy(single_file(maker, "sqlite3,postgresql"), "/srv/site/manage")
    machine.sh("chmod 755 /srv/site/manage && chown -R nobody /srv/site")
    manage = lambda line: machine.sh(f"./manage {line}", user="nobody", folder="/srv/site", **KEY, STATIC_ROOT="/srv/site/static")
    expect(manage("migrate"), "Applying blog.0001_initial... OK")
    manage("shell -c \"Item.objects.create(title='From one file')\"")
    expect(manage("dumpdata blog"), "From one file")
    expect(manage("check --database default"), "no issues")
    expect(manage("collectstatic --no-input"), "static file")
    check((machine.root / "srv/site/static/blog/style.css").is_file(), "collectstatic wrote no style.css")
    with machine.serving("./manage serve 127.0.0.1:PORT --workers 1", user="nobody", folder="/srv/site", **KEY) as ask:
        expect(ask("/"), "It works.")
        expect(ask("/blog/"), "From one file")
        expect(ask("/static/blog/style.css"), "{")
