"""What is taken from the source: `make install`, the formula, the wrap, and what programs are linked against."""
import json
import os
import re
import shutil
import subprocess

from trials.machine import BUILD, Failed, KEY, ROOT, TOOL, check, expect, run, scratch

VERSION = re.search(r"^  version: '(.*)',", (ROOT / "meson.build").read_text(), re.M)[1]
# Whether it builds is the question, not how fast it runs; a compiler cache knows the paths, which no folder is in.
CACHED = {**os.environ, "CCACHE_NOHASHDIR": "1"}


def tarball():
    """This tree's, as it is committed, as meson dist packs it."""
    path = scratch / f"nuages-{VERSION}.tar.xz"
    if not path.exists():
        run(["git", "-C", ROOT, "archive", f"--prefix=nuages-{VERSION}/", "--format=tar", "-o", path.with_suffix(""), "HEAD"])
        run(["xz", "-0", path.with_suffix("")])
    run([ROOT / "tools/release", path, path.as_uri(), scratch / "packaging"])
    return path


def trial_symbols():
    """The library exports only what its map names, each symbol with a version, under the name that its version gives."""
    library = (BUILD / "libnuages.so").resolve()
    symbols = [line.split() for line in run(["readelf", "--dyn-syms", "-W", library]).splitlines() if re.match(r"\s+\d+:", line)]
    own = [words[7] for words in symbols if len(words) > 7 and words[6] != "UND" and words[4] != "LOCAL" and words[3] != "NOTYPE"]
    own = [name for name in own if not name.startswith("NUAGES_")]  # the version itself
    check(len(own) > 500 and all(name.endswith("@@NUAGES_0.1") for name in own), f"{len(own)}: {[n for n in own if '@@NUAGES_0.1' not in n][:20]}")
    expect(run(["readelf", "-dW", library]), f"soname: [libnuages.so.{VERSION.split('.')[0]}]")


def trial_destdir():
    """`make install DESTDIR=` writes below that folder only, and what it writes is enough for a site."""
    target, prefix = scratch / "destdir", scratch / "prefix"
    run(["make", "-C", ROOT, "install", f"PREFIX={prefix}", f"DESTDIR={target}"], env=os.environ)
    check(not prefix.exists(), f"{prefix} was written to")
    root = target / prefix.relative_to("/")
    for name in ("bin/nuages", "include/nuages/nuages.h", "share/man/man1/nuages.1", "share/bash-completion/completions/nuages"):
        check((root / name).is_file(), f"{name} is not installed")
    root.rename(prefix)  # where it was made for
    libraries = next(prefix.rglob("nuages.pc")).parent
    env = {**os.environ, "PATH": f"{prefix}/bin:{os.environ['PATH']}", "PKG_CONFIG_PATH": str(libraries), "LD_LIBRARY_PATH": str(libraries.parent)}
    run(["nuages", "startproject", "there"], cwd=scratch, env=env)
    run(["make", "release"], cwd=scratch / "there", env=env)
    expect(run(["build-release/manage", "check"], cwd=scratch / "there", env={**env, **KEY}), "no issues")


def trial_wrap():
    """A site with an app takes Nuages as a subproject, by packaging's wrap and a tarball on this machine."""
    tarball()
    site = scratch / "wrapped"
    run([TOOL, "startproject", "wrapped", site, "--api"])
    (site / "subprojects").mkdir()
    shutil.copy(scratch / "packaging/nuages.wrap", site / "subprojects")
    run(["meson", "setup", "build", "--wrap-mode=forcefallback", "-Dnuages:tests=false", "-Dbuildtype=debug"], cwd=site, env=CACHED)
    run(["ninja", "-C", "build", "manage"], cwd=site, env=CACHED)
    expect(run(["build/manage", "test"], cwd=site, env={**os.environ, "DEBUG": "1"}), "OK")


# What stands for Homebrew: it reads the formula and does what it says, into a prefix of its own.
HOMEBREW = '''
require "pathname"
class Formula
  def self.method_missing(name, *values) = (@told ||= []) << [name, *values]
  def self.told = @told
  def self.test(&block) = define_method(:test, &block)
  def prefix = Pathname(ENV.fetch("PREFIX"))
  def bin = prefix/"bin"
  def testpath = Pathname(Dir.pwd)
  def std_meson_args = ["--prefix=#{prefix}", "--libdir=#{prefix}/lib", "--buildtype=debug", "--wrap-mode=nofallback"]
  def system(*words) = Kernel.system(*words.map(&:to_s)) || abort("failed: #{words.join(' ')}")
  def assert_path_exists(path) = path.exist? || abort("#{path} is not there")
end
load ARGV[0]
Nuages.told.each { |line| puts line.flatten.map { |word| word.is_a?(Hash) ? word.keys[0] : word }.join(" ") }
Nuages.new.public_send(ARGV[1]) if ARGV[1]
'''
# pkg-config's names, as the build asks for them, and whose formula has them.
FORMULAE = {"libuv": "libuv", "sqlite3": "sqlite", "libpcre2-8": "pcre2", "zlib": "zlib", "libcrypto": "openssl@3", "libssl": "openssl@3",
            "libutf8proc": "utf8proc", "libedit": "libedit", "libpq": "libpq", "libmariadb": "mariadb-connector-c", "libdw": "elfutils",
            "yaml-0.1": "libyaml", "expat": "expat", "liblzma": "xz", "bz2": "bzip2", "boost_context": "boost"}


def trial_formula():
    """The Homebrew formula is the tarball's, names all that the build asks for, and its steps build, install and pass."""
    path, formula = tarball(), scratch / "packaging/nuages.rb"
    (scratch / "homebrew.rb").write_text(HOMEBREW)
    expect(run(["ruby", "-wc", formula]), "Syntax OK")
    prefix, work = scratch / "cellar", scratch / "brewing"
    work.mkdir()
    told = run(["ruby", scratch / "homebrew.rb", formula])
    for line in (f"sha256 {run(['sha256sum', path]).split()[0]}", f"url {path.as_uri()}", "license BSD-3-Clause"):
        expect(told, line)
    asked = {found["name"] for found in json.loads(run(["meson", "introspect", "--dependencies", BUILD]))} & set(FORMULAE) | {"bz2", "boost_context"}
    check(asked == set(FORMULAE), f"the build asks for {sorted(asked)}; the list here has {sorted(FORMULAE)}")
    for name in sorted(set(FORMULAE.values())):
        expect(told, f"depends_on {name}\n")
    run(["tar", "-xf", path, "-C", work, "--strip-components=1"])
    brew = lambda method, folder: run(["ruby", scratch / "homebrew.rb", formula, method], cwd=folder, env={**CACHED, "PREFIX": str(prefix)})
    brew("install", work)
    (scratch / "brewed").mkdir()
    brew("test", scratch / "brewed")
    expect(run([prefix / "bin/nuages", "version"]), VERSION)


GONE = "\nvoid nu_trial_gone(void);\nvoid nu_trial_gone(void)\n{\n}\n"


def trial_abi():
    """`make abi` takes a library that is as its tag, and refuses one that lost a function or changed a struct."""
    clone = scratch / "abi"
    run(["git", "clone", "--quiet", "--shared", ROOT, clone])
    git = lambda *words: run(["git", "-C", clone, "-c", "user.name=A", "-c", "user.email=a@example.com", *words])

    def compared(tag, *library, edits=()):
        """With a tag whose tree has these edits."""
        for file, old, new in edits:
            path = clone / file
            path.write_text(path.read_text().replace(old, new, 1) if old else path.read_text() + new)
        git("commit", "--quiet", "--allow-empty", "-a", "-m", tag)
        git("tag", tag)
        done = subprocess.run([clone / "tools/abi", *library], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=CACHED)
        git("reset", "--quiet", "--hard", "HEAD~1")
        git("tag", "-d", tag)
        return done.returncode, done.stdout

    library = clone / "build-abi/now/libnuages.so"
    cases = [("v0.0.1", [], 0, "abi: compatible with v0.0.1", []),
             ("v0.0.2", [library], 1, "gone since v0.0.2:\nnu_trial_gone", [("src/core/str.c", "", GONE)]),
             ("v0.0.3", [library], 1, "changed since v0.0.3", [("include/nuages/cache.h", "    int64_t timeout; ", "    int64_t trial, timeout; ")])]
    for tag, words, status, told, edits in cases:
        got, said = compared(tag, *words, edits=edits)
        expect(said, told)
        if got != status:
            raise Failed(f"{tag}: exit status {got}\n{said}")
