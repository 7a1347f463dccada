"""The pages of template_table.c by Nuages and by its peers: CPU and memory of a render.

Peers are built into build-peers/ with what the machine has: Django and Jinja2 by pip, html/template by
go, MiniJinja and Askama by cargo. One that can't be built is left out, and a line says why.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parent
FOLDER = BENCH.parent / "build-peers"
LIMITS = {"Django": 1 / 95, "Jinja2": 1 / 13, "Go html/template": 1 / 5, "MiniJinja": 1 / 2, "Askama": 1}
MOST_MEMORY = 1.1  # of the output
TIME = re.compile(r"^(.+): (\d+) bytes, ([\d.]+) us a render$", re.MULTILINE)
MEMORY = re.compile(r"^(.+): (\d+) bytes, (\d+) bytes of memory$", re.MULTILINE)
# What has to be there, how to build, and the program that prints the figures.
TOOLS = {
    "Django and Jinja2": (sys.executable, [
        [sys.executable, "-m", "venv", str(FOLDER / "venv")],  # one that is there stays
        [str(FOLDER / "venv/bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "django==5.2.*",
         "jinja2"]], [str(FOLDER / "venv/bin/python"), str(BENCH / "peers/template_table.py")]),
    "Go html/template": ("go", [["go", "build", "-C", str(BENCH / "peers/go_templates"), "-o",
                                 str(FOLDER / "go_templates"), "."]], [str(FOLDER / "go_templates")]),
    "MiniJinja and Askama": ("cargo", [["cargo", "build", "--release", "--quiet", "--manifest-path",
                                        str(BENCH / "peers/rust_templates/Cargo.toml"), "--target-dir",
                                        str(FOLDER / "rust")]], [str(FOLDER / "rust/release/rust_templates")]),
}


def outcome(command):
    """What it prints, or None where it fails, having said so."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                          env=dict(os.environ, CARGO_TERM_COLOR="never"))
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()[-1]
        print(f"    {' '.join(command[:3])} failed: {last}")
        return None
    return done.stdout


def peer_output(name):
    tool, builds, program = TOOLS[name]
    if not shutil.which(tool):
        print(f"templates: {name} left out, since {tool} is absent")
        return ""
    FOLDER.mkdir(exist_ok=True)
    for command in builds:
        if outcome(command) is None:
            print(f"templates: {name} left out, since it can't be built")
            return ""
    return outcome(program) or ""


def compare(what, ours, peers, verdict):
    print(f"templates, {what}: {ours:.2f} us a render")
    for name, theirs in peers.items():
        if not name.endswith(f" {what}"):
            continue
        limit = next(limit for peer, limit in LIMITS.items() if name.startswith(peer))
        ratio = ours / theirs
        print(f"    {name.removesuffix(' ' + what):<20} {theirs:>10.2f} us   ratio 1/{1 / ratio:.2f}   "
              f"(at most 1/{1 / limit:.0f}: {verdict(ratio <= limit, f'templates, {what}: {name}')})", flush=True)


def bench(program, verdict):
    """`verdict` takes whether a bound is met and what of, and says it."""
    text = outcome([program])
    if text is None:
        raise SystemExit("bench: the templates were not rendered")
    peers = {name: float(us) for tool in TOOLS for name, _, us in TIME.findall(peer_output(tool))}
    for what, _, us in TIME.findall(text):
        compare(what, float(us), peers, verdict)
    for what, output, memory in MEMORY.findall(text):
        share = int(memory) / int(output)
        print(f"templates, {what}: {int(output):,} bytes of output, {int(memory):,} bytes of memory, "
              f"output + {share - 1:.1%}   (at most + {MOST_MEMORY - 1:.0%}: {verdict(share <= MOST_MEMORY, f'templates, {what}: memory')})")
