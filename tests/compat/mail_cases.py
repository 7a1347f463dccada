"""Messages for the comparison with Django: written ones, and as many drawn by a seeded generator."""
import random

TEXTS = ["", "Hello", "Hello, world", "Grüße aus Köln", "日本語のお知らせ", "naïve café — “quoted”", "a" * 70, "a" * 300,
         "word " * 40, "Ünïcödé " * 30, "😀 smile 😀" * 8, "tab\tand  two spaces", "x; y, z; " * 20, " leading", "trailing ",
         "=?utf-8?q?already?=", "ab=cd_ef?gh", "ﬀ ligature", "é" * 200, "Re: [list] a, b; c", "ж" * 31 + "a" * 31]
BODIES = ["", "Hello\n", "Hello\r\nWorld\r\n", "no end", "Grüße\n", "From me\nFrom you\n", "a" * 998, "a" * 999, "é" * 499,
          "é" * 500, "x=y\n" * 3 + "z" * 1200 + " \nend\t\n", ".dot\n..dots\n.\n", "\n\n\n", "old mac\rline\r",
          "日本語\n" * 10 + "語" * 400, "trailing blanks   \n" + "q" * 1000, "\x0bvertical\x0cfeed\n", "tab\t" * 400 + "é",
          "=" * 1100, "mixed \u2028 separators \x85 here"]
PEOPLE = ["ada@example.com", "Ada <ada@example.com>", '"Lovelace, Ada" <ada@example.com>', "Zoë <zoe@example.com>",
          "Jürgen Müller <jm@exämple.de>", "zoë@example.com", "ada@ëxample.com", '"Ünal, Ö." <oe@example.org>',
          "日本 太郎 <taro@日本.jp>", "Ada (the first) <ada@example.com>", "A. B. Ç <abc@example.com>",
          "Very Long Name Which Goes On And On Ünd On And On <long@example.com>", '"quo\\"te é" <q@example.com>',
          "é <a.b.c+tag@sub.example.com>"]
HEADERS = [("X-Tag", "invoice"), ("X-Long", "abc " * 60), ("X-Name", "Žižek"), ("Reply-To", "boss@example.com"),
           ("From", "other@example.com"), ("Sender", "Zoë <zoe@example.com>"), ("X-A;b", "v"), ("List-Unsubscribe", "<mailto:u@example.com>"),
           ("X-Very-Long-Header-Name-" + "n" * 60, "value value"), ("X-Empty", ""), ("References", "<a@b> <c@d>"),
           ("X-Semi", "a;b;c;" * 30), ("To", "shown@example.com"), ("Cc", "shown-cc@example.com")]
FILES = [("notes.txt", "plain\n", None), ("notes.txt", "naïve\n", "text/plain"), ("a.png", [137, 80, 78, 71, 0, 255] * 30, None),
         ("résumé.pdf", [37, 80, 68, 70], "application/pdf"), (None, "data", "application/octet-stream"),
         ("bad.txt", [255, 254, 0, 10], "text/plain"), ("q\"uo\\te.csv", "a,b\n", "text/csv"), ("empty.bin", [], "application/x-empty"),
         ("日本.html", "<p>é</p>", "text/html"), ("long name with spaces and more spaces to fold the header.txt", "x", None),
         ("x.unknownext", [1, 2, 3], None)]
ALTERNATIVES = [("<p>Hello</p>", "text/html"), ("<p>Grüße</p>\n", "text/html"), ("{}", "application/json"), ("BEGIN:VCALENDAR\r\n", "text/calendar")]
BAD = [dict(subject="a\nBcc: x@example.com"), dict(subject="a\r"), {"from": "a@b\nX: y"}, dict(to=["a@example.com\nb"]),
       dict(headers={"X-A": "a\r\n b"}), dict(cc=["é\n@example.com"]), dict(reply_to=["a\r@b"]), {"to": ["é"]},
       {"to": ["é, b@example.com"]}, {"to": ["Zoë <zoe>"]}]


def case(**given):
    base = {"subject": "Subject", "body": "Body\n", "from": "from@example.com", "to": ["to@example.com"], "cc": [], "bcc": [],
            "reply_to": [], "headers": {}, "attachments": [], "alternatives": []}
    base.update(given)
    base["headers"] = {"Date": "Fri, 09 Nov 2001 01:08:47 -0000", "Message-ID": "<id@example.com>", **base["headers"]}
    return base


def written():
    yield case()
    for text in TEXTS:
        yield case(subject=text)
        yield case(headers={"X-Text": text})
    for body in BODIES:
        yield case(body=body)
        yield case(body=body, subtype="html")
        yield case(body=body, alternatives=[("<p>x</p>", "text/html")])
        yield case(body=body, attachments=[("b.txt", body, "text/plain")])
    for person in PEOPLE:
        yield case(to=[person])
        yield case(**{"from": person})
        yield case(cc=[person, "z@example.com"], reply_to=[person], bcc=[person])
    for name, value in HEADERS:
        yield case(headers={name: value})
    for file in FILES:
        yield case(attachments=[file])
        yield case(body="", attachments=[file])
    yield case(attachments=[(None, case(subject="Ünner"), "message/rfc822")])
    for bad in BAD:
        yield case(**bad)


def drawn(n, seed=7):
    some = random.Random(seed)

    def few(items, most):
        return some.sample(items, some.randint(0, most))

    def text():
        return "".join(some.choice("abcé ß,;. \tw日z😀()\"=?_") for _ in range(some.randint(0, 160)))

    for _ in range(n):
        yield case(subject=some.choice([text(), some.choice(TEXTS)]), body=some.choice(BODIES), to=few(PEOPLE, 5) or ["a@example.com"],
                   cc=few(PEOPLE, 3), reply_to=few(PEOPLE, 2), headers=dict(few(HEADERS, 3), **{"X-Drawn": text()}),
                   attachments=few(FILES, 3), alternatives=few(ALTERNATIVES, 2), **{"from": some.choice(PEOPLE)})


def all_cases(n_drawn):
    return [*written(), *drawn(n_drawn)]
