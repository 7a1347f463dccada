"""The SQL of the recorded expressions on PostgreSQL and MariaDB: that which Django sends there, word for word, or
one whose plan reads no more tables from end to end."""
import concurrent.futures
import json
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import orm
import school_mariadb
import school_postgresql
import suite

PROGRAM = suite.RELEASE / "examples/school/manage"
NOT_YET = ("auth",)  # they need the accounts
PLACEHOLDER = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`)|\$\d+|%s|\?(?![?|&])""")


def recorded(vendor):
    lines = (suite.need_shared() / f"oracle/orm_{vendor}.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["id"].split(".")[0] not in NOT_YET]


def with_marks(sql):
    """Parameters as "?"; a query's own quotes are left alone."""
    return PLACEHOLDER.sub(lambda found: found[1] or "?", sql)


def selects(statements):
    return [with_marks(sql) for sql in orm.queries(statements) if sql.startswith(("SELECT", "(SELECT"))]


def djangos(case):
    return selects(query["sql"].replace("%%", "%") for query in case["queries"])


def answered(server, cases):
    runner = orm.ServerRunner(server, PROGRAM)
    cases = [dict(case, area="read") for case in cases]
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(zip(cases, pool.map(runner.run, cases)))
    finally:
        runner.drop("reads")
        runner.close()


def numbered(sql):
    count = 0

    def number(found):
        nonlocal count
        count += found[1] is None
        return found[1] or f"${count}"
    return PLACEHOLDER.sub(number, sql), count


# ---- plans -----------------------------------------------------------------------------------------


def scans_on_postgresql(server, statements):
    """Tables that can only be read from end to end, as no index serves."""
    found = 0
    for sql in statements:
        text, n = numbered(sql)
        given = f"({', '.join(['NULL'] * n)})" if n else ""
        plan = server.sql("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;"
                          f"PREPARE asked AS {text}; EXPLAIN (COSTS off) EXECUTE asked{given}", "seed")
        found += plan.count("Seq Scan")
    return found


def scans_on_mariadb(server, statements):
    found = 0
    for sql in statements:
        text, n = PLACEHOLDER.sub(lambda found: found[1] or "?", sql), len(re.findall(r"\?", with_marks(sql)))
        using = f" USING {', '.join(['@one'] * n)}" if n else ""
        quoted = text.replace("\\", "\\\\").replace("'", "''")
        plan = server.sql(f"SET @one = '1'; PREPARE asked FROM 'EXPLAIN {quoted}'; EXECUTE asked{using}", "seed")
        found += sum(line.split("\t")[3:4] == ["ALL"] for line in plan.splitlines())
    return found


def compare(server, vendor, scans):
    equal, planned, refused, worse = 0, 0, 0, []
    for case, answer in answered(server, recorded(vendor)):
        want, got = djangos(case), selects(answer.statements)
        if "broken" in answer.value:
            worse.append(f"{case['id']}: {answer.value['broken']}")
        elif "error" in answer.value:
            refused += 1
        if "result" not in answer.value:
            continue
        if sorted(want) == sorted(got):
            equal += 1
            continue
        planned += 1
        counts = scans(server, want), scans(server, got)
        if counts[1] > counts[0] or len(got) > len(want):
            worse.append(f"{case['id']}: {case['expression']}: {counts[1]} scans, Django's {counts[0]}\n  "
                         + "\n  ".join(want + ["ours:"] + got))
    assert equal, "nothing was equal"
    print(f"figure: {equal} of {equal + planned} expressions have Django's statements, "
          f"{planned - len(worse)} others plans with no more scans; {refused} are errors there")
    assert not worse, f"{len(worse)} differ:\n" + "\n".join(worse)


def test_the_sql_on_postgresql_is_djangos_or_scans_no_more():
    suite.need_shared()
    with school_postgresql.Server() as server:
        compare(server, "postgresql", scans_on_postgresql)


def test_the_sql_on_mariadb_is_djangos_or_scans_no_more():
    suite.need_shared()
    with school_mariadb.Server() as server:
        compare(server, "mysql", scans_on_mariadb)


if __name__ == "__main__":
    suite.main(globals())
