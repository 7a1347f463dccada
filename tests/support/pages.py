"""Answers of the original and ours, made comparable by the rules of the recordings."""
import difflib
import re
import sys

import suite

sys.path.insert(0, str(suite.SHARED / "oracle/tools"))

NAVIGATION = re.compile("(?s)<nav>.*?</nav>")
COOKIES_OF_LOGIN = ("csrftoken", "sessionid")
SHOWN = 300  # characters of a difference


def normalised(status, headers, body, step=None):
    import http_core
    return http_core.normalise(status, headers, body, step or {})


def but_for_login(response):
    """Without what tells who is logged in: the navigation, its length, the cookies of login, and
    the header that says so."""
    dropped = ("content-length", "vary")
    headers = {name: value for name, value in response["headers"].items() if name not in dropped}
    response = {**response, "headers": headers}
    response["set_cookie"] = [cookie for cookie in response.get("set_cookie", [])
                              if cookie["name"] not in COOKIES_OF_LOGIN]
    if "text" in response:
        response["text"] = NAVIGATION.sub("<nav></nav>", response["text"])
    return response


def words(html):
    """What a reader sees of a page, a line for each piece of text between tags."""
    shown = re.sub(r"(?s)<style>.*?</style>|<!--.*?-->", "", html)
    return [" ".join(text.split()) for text in re.split(r"<[^>]+>", shown) if text.strip()]


def text_difference(want, got):
    lines = difflib.unified_diff(want.splitlines(), got.splitlines(), "the original", "ours", n=1, lineterm="")
    return [line[:SHOWN] for line in lines][2:16] or [f"end of line: want {want[-40:]!r}, got {got[-40:]!r}"]


def differences(want, got):
    """Lines that say where two normalised responses differ; of texts, which lines do."""
    import replay
    found = [line[:SHOWN] for line in replay.differences(
        {**want, "text": None}, {**got, "text": None})]
    texts = want.get("text") or "", got.get("text") or ""
    return found + (text_difference(*texts) if texts[0] != texts[1] else [])
