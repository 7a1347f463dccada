"""Recorded answers of the original's pages: the school, with the original's templates over the
original's database, gives the same."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import pages
import school
import suite

RECORDINGS = suite.SHARED / "oracle/http"
TOKEN = "z" * 32  # for cookie and form where the login that gave them is left out
FORBIDDEN = "without_rights"  # scenarios of users who may not do everything


def is_of_accounts(request):
    return request["path"].startswith(("/accounts/", "/api/"))


def needs_no_login(step):
    """Whether the original answers as it does to anybody: it neither knows its visitor, nor asks."""
    asks = "/accounts/login/" in step["response"].get("headers", {}).get("location", "")
    return not is_of_accounts(step["request"]) and "sessionid" not in json.dumps(step["request"]) and not asks


def is_logged_in(step):
    """A step of a visitor whom the original let in; the school lets in everybody."""
    return not is_of_accounts(step["request"]) and "sessionid" in json.dumps(step["request"])


def replay_step(server, step, variables, comparable):
    """Lines that say what differs."""
    import http_core
    port = int(server.address.rsplit(":", 1)[1])
    status, headers, body = http_core.send(port, step["request"], variables)
    http_core.run_captures(step, variables, headers, body)
    return pages.differences(comparable(step["response"]),
                             comparable(pages.normalised(status, headers, body, step)))


def replay_scenario(head, steps, comparable):
    """Replay steps over fresh data; those that differ, with how."""
    variables = {"cookie_csrftoken": TOKEN, "csrf": TOKEN, "cookie_sessionid": "unknown"}
    settings = {f"SCHOOL_{name}": value for name, value in head["settings"].items()}
    found = []
    with school.School(school.seed(), templates=school.twin_templates(), **settings) as server:
        for step in steps:
            lines = replay_step(server, step, variables, comparable)
            if lines:
                request = step["request"]
                found.append(f"{step['scenario']} #{step['step']} {request['method']} {request['path']}")
                found += [f"    {line}" for line in lines]
    return found


def replay_all(pattern, choose, comparable):
    suite.need_shared()
    import replay
    replayed, found = 0, []
    for head, steps in replay.scenarios(sorted(RECORDINGS.glob(pattern))):
        chosen = [step for step in steps if choose(step)]
        if chosen and FORBIDDEN not in head["scenario"]:
            replayed += len(chosen)
            found += replay_scenario(head, chosen, comparable)
    assert replayed, "no step was replayed"
    assert not found, "\n".join(["", *found])


def test_recorded_steps_that_need_no_login_replay_without_a_difference():
    replay_all("html.*.jsonl", needs_no_login, lambda response: response)


def test_recorded_pages_of_a_registrar_differ_in_the_navigation_only():
    replay_all("html.students.jsonl", is_logged_in, pages.but_for_login)


if __name__ == "__main__":
    suite.main(globals())
