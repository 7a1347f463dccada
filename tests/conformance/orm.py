#!/usr/bin/env python3
"""tests/conformance/run's part for recorded ORM expressions: each through `manage shell --json`.

Prints each failing id with what was expected and what came, then `N passed, N failed`.
"""
import concurrent.futures
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import orm
import suite


def main(files):
    cases = [json.loads(line) for path in files for line in pathlib.Path(path).read_text().splitlines()]
    runner = orm.Runner(suite.need_shared() / "oracle/storage/seed.sqlite3")
    failed = 0
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, answer in zip(cases, pool.map(runner.run, cases)):
                told = orm.difference(case, answer)
                if told:
                    failed += 1
                    print(f"{case['id']}: {case['expression']}\n    {told}")
    finally:
        runner.close()
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
