"""Cases to a program and its answers: a JSON object a line, both ways."""
import json
import subprocess


def answers(argv, cases, **env):
    """One for each case, in their order; lines that are no object are the program's talk."""
    run = subprocess.run(argv, input="".join(json.dumps(case) + "\n" for case in cases), capture_output=True, text=True, env=env or None)
    assert run.returncode == 0, run.stderr[-3000:]
    found = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    assert len(found) == len(cases), (len(found), len(cases), run.stderr[-3000:])
    return found
