"""Where a program stands that does not end: the stacks of its threads and of its parked fibers, by gdb.

Within gdb this file is a script of its own: it switches to each fiber's stack in turn.
"""
import pathlib
import platform
import shutil
import subprocess

GDB_LIMIT = 60  # seconds


def of_process(pid):
    """The stacks as text, or why there are none."""
    if not shutil.which("gdb"):
        return "(gdb is not installed: no stacks)"
    try:
        done = subprocess.run(["gdb", "-p", str(pid), "-batch", "-nx", "-ex", "set print frame-arguments scalars",
                               "-ex", "thread apply all bt 30", "-x", __file__],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=GDB_LIMIT)
    except subprocess.TimeoutExpired:
        return f"(gdb gave no stacks within {GDB_LIMIT} s)"
    return done.stdout


def show_fibers(gdb):
    """A fiber that does not run has its registers at `at`, as the switch's assembly pushed them."""
    state = gdb.parse_and_eval("nu__loop_here")
    fiber_type = gdb.lookup_type("nu__fiber").pointer()
    words = gdb.lookup_type("unsigned long").pointer()
    first = state["live"].address
    link = state["live"]["next"]
    while link != first:
        fiber = link.cast(fiber_type)
        at = fiber["at"].cast(words)
        print(f"\nfiber {fiber['context']['what']}, {fiber['state']}:")
        if int(fiber["state"]) != 2:
            for register, value in (("rbp", at[6]), ("rip", at[7]), ("rsp", int(at) + 64)):
                gdb.execute(f"set ${register} = {int(value)}")
            gdb.execute("bt 30")
        link = link["next"]


def in_gdb():
    try:
        import gdb
    except ImportError:
        return
    if platform.machine() == "x86_64":
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            if thread.num == 1:
                break
        show_fibers(gdb)


if __name__ == "__main__":
    in_gdb()
