"""tools/abi over a small repository with a tag: what is compatible, and a symbol that went."""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

MESON = """project('nuages', 'c', version: '0.1.0')

both_libraries('nuages', 'two.c', version: '0.1.0', install: true)
"""
TWO = "int nu_first_one(void);\nint nu_first_one(void)\n{\n    return 1;\n}\n\n" \
      "int nu_second_one(void);\nint nu_second_one(void)\n{\n    return 2;\n}\n"


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@localhost", "-C", folder, *words], check=True,
                   capture_output=True)


def repository(tag=True):
    """A tree as ours in what tools/abi looks at, built once into build/ and tagged."""
    folder = school.fresh_folder()
    (folder / "tools").mkdir()
    shutil.copy(suite.ROOT / "tools/abi", folder / "tools")
    (folder / "meson.build").write_text(MESON)
    (folder / "meson_options.txt").write_text("option('tests', type: 'boolean', value: true)\n")
    (folder / "two.c").write_text(TWO)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "One and two")
    if tag:
        git(folder, "tag", "v0.1.0")
    return folder


def library(folder, name, code):
    """The library as it is now."""
    (folder / "two.c").write_text(code)
    subprocess.run([suite.CC, "-g", "-shared", "-fPIC", "-Wl,-soname,libnuages.so.0", "-o", folder / name, folder / "two.c"], check=True)
    return folder / name


def abi(folder, *path):
    return subprocess.run([folder / "tools/abi", *path], capture_output=True, text=True)


def test_what_only_grew_is_compatible():
    folder = repository()
    done = abi(folder, library(folder, "grown.so", TWO + "int nu_third_one(void);\nint nu_third_one(void)\n{\n    return 3;\n}\n"))
    assert done.returncode == 0 and done.stdout.endswith("abi: compatible with v0.1.0\n"), done


def test_a_symbol_that_went_is_named():
    folder = repository()
    done = abi(folder, library(folder, "less.so", TWO.split("\n\n")[0] + "\n"))
    assert done.returncode == 1 and "gone since v0.1.0:\nnu_second_one\n" in done.stdout, done
    again = abi(folder, library(folder, "whole.so", TWO))
    assert again.returncode == 0 and "compatible with v0.1.0" in again.stdout, "the tag's build is kept, and compared once more"


def test_a_struct_that_changed_is_told():
    if not shutil.which("abidiff"):
        raise suite.Skip("abidiff is not installed")
    struct = "struct nu_pair { int one;%s int two; };\nint nu_pair_sum(const struct nu_pair *pair);\n" \
             "int nu_pair_sum(const struct nu_pair *pair)\n{\n    return pair->one + pair->two;\n}\n"
    folder = repository(tag=False)
    (folder / "two.c").write_text(struct % "")
    git(folder, "commit", "-q", "-a", "-m", "A pair")
    git(folder, "tag", "v0.2.0")
    done = abi(folder, library(folder, "wider.so", struct % " int between;"))
    assert done.returncode == 1 and "abi: changed since v0.2.0" in done.stdout and "nu_pair" in done.stdout, done
    own = abi(folder)
    assert own.returncode == 1 and "abi: changed since v0.2.0" in own.stdout, ("without a library it is the tree's own", own)


def test_a_library_whose_structs_cannot_be_seen_is_refused():
    """As releases are built: two of them differ in nothing that abidiff could read."""
    folder = repository()
    subprocess.run(["strip", "--strip-debug", library(folder, "bare.so", TWO)], check=True)
    done = abi(folder, folder / "bare.so")
    assert done.returncode == 2 and "has no debugging information" in done.stderr, done


def test_a_library_that_is_not_there_is_told():
    folder = repository()
    done = abi(folder, folder / "none.so")
    assert done.returncode == 2 and "none.so is not there" in done.stderr, done


def test_without_a_tag_there_is_nothing_to_compare_with():
    folder = repository(tag=False)
    done = abi(folder, library(folder, "any.so", TWO))
    assert done.returncode == 0 and "no tag yet" in done.stdout, done


if __name__ == "__main__":
    suite.main(globals())
