"""A how-to page, followed: what its blocks say is typed, and what they show must appear.

    sh           commands, typed one after another
    text         lines of what the commands above it printed; … stands for anything
    c NAME       a file, written
    diff         lines of a file, changed
"""
import os
import re
import shlex
import subprocess

import school

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
KEPT = ("PATH", "LANG", "TERM", "TMPDIR")
STEPS = ("sh", "text", "c", "diff")


class Reader:
    """Who follows the page: a folder, and variables."""

    def __init__(self, folder, variables):
        self.folder, self.variables, self.told, self.printed, self.checked = folder, variables, [], "", 0

    def follow(self, page, between=None):
        """`between(reader)` is called before each block of commands."""
        for kind, name, text in FENCE.findall(page.read_text()):
            if kind == "sh" and between:
                between(self)
            if kind in STEPS and (kind != "c" or name):
                getattr(self, kind)(name, text)
        return self

    def run(self, words):
        env = {name: os.environ[name] for name in KEPT if name in os.environ} | self.variables
        done = subprocess.run(words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=school.TIME_LIMIT)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout[-3000:]}"
        return done.stdout

    def sh(self, _, text):
        self.printed = ""
        for line in text.splitlines():
            words = [re.sub(r"\$(\w+)", lambda m: self.variables[m[1]], word) for word in shlex.split(line, comments=True)]
            if words[0] == "cd":
                self.folder = self.folder / words[1]
            elif words[0] == "export":
                for name, value in (word.split("=", 1) for word in words[1:]):
                    self.variables[name] = value
            else:
                self.printed += self.run(words)
        self.told.append(self.printed)

    def text(self, _, text):
        at = 0
        for line in text.splitlines():
            pattern = ".*?".join(map(re.escape, line.strip().split("…")))
            found = re.compile(pattern).search(self.printed, at)
            assert found, f"the page shows {line!r}, the terminal\n{self.printed}"
            at, self.checked = found.end(), self.checked + 1

    def c(self, name, text):
        (self.folder / name).write_text(text)

    def diff(self, _, text):
        """The one file that has the lines that go."""
        old, new = ("\n".join(line[1:] for line in text.splitlines() if line[0] == sign) for sign in "-+")
        found = [path for path in sorted(self.folder.rglob("*")) if path.suffix in (".c", ".h", ".build") and "build" not in path.parts
                 and self.is_meant(path) and old in path.read_text()]
        assert found, f"no file has {old!r}"
        found[0].write_text(found[0].read_text().replace(old, new, 1))

    def is_meant(self, path):
        return True
