"""A visit to every page of the school in every state, with given texts in searches, paths, forms and cookies."""
import json
import urllib.parse

# What a cookie carries as it is: it would end at a semicolon, and a header is ASCII.
IN_COOKIES = "".join(chr(code) for code in range(32, 127) if chr(code) != ";")
PAGES = ["/", "/students/", "/students/?page=2", "/students/?page=last", "/students/?o=gpa", "/students/?o=-gpa", "/students/new/",
         "/students/?q=nobody-is-called-so", "/courses/", "/courses/?page=2", "/courses/new/", "/departments/", "/theme/",
         *(f"/students/{pk}{rest}" for pk in range(1, 12) for rest in ("/", "/edit/", "/delete/", "/enroll/")),
         *(f"/courses/{pk}{rest}" for pk in range(1, 9) for rest in ("/", "/edit/")), *(f"/departments/{pk}/delete/" for pk in range(1, 4))]
STUDENT = ("roll_no", "first_name", "last_name", "email", "date_of_birth", "status", "gpa", "address")
COURSE = ("title", "code", "credits", "description", "starts_on", "fee", "department", "tags")
FORMS = {"/students/new/": STUDENT, "/students/1/edit/": STUDENT, "/courses/new/": COURSE, "/courses/1/edit/": COURSE,
         "/students/1/enroll/": ("course", "grade", "enrolled_on")}


def pages(visitor, texts):
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status in (200, 404), (path, answer.status)
        if answer.status == 200:
            yield path, answer


def searches(visitor, texts):
    for text in texts:
        asked = urllib.parse.quote(text)
        for path in (f"/students/?q={asked}", f"/students/?q={asked * 2}", f"/students/?status={asked}", f"/students/?o={asked}&order={asked}",
                     f"/students/?page={asked}", f"/students/?page=2&x={asked}", f"/courses/?page={asked}", f"/courses/?page=2&{asked}=x",
                     f"/{asked}/", f"/students/{asked}/", f"/students/?{asked}={asked}"):
            yield path, visitor.get(path)


def forms(visitor, texts):
    """What was sent wrongly comes back in its fields, and in the messages about them."""
    for path, names in FORMS.items():
        for text in texts:
            yield f"POST {path}", visitor.post(path, dict.fromkeys(names, text))
    yield "POST of nothing", visitor.post("/students/new/")
    yield "POST without a token", visitor.send("POST", "/students/new/")


def messages(visitor, texts):
    """A message that names what was made, over the next page; and the colours that a cookie asks for."""
    for number, text in enumerate(texts):
        sent = {"roll_no": f"H{number:04}", "first_name": text, "last_name": text[::-1], "email": f"h{number}@school.example",
                "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": json.dumps({text: text})}
        answer = visitor.post("/students/new/", sent)
        assert answer.status == 302, answer.text[-2000:]
        yield "after a student was added", visitor.get(answer.header("Location"))
        visitor.cookies["theme"] = urllib.parse.quote(text, safe=IN_COOKIES)
        yield "/theme/", visitor.get("/theme/")


def deletions(visitor, texts):
    for path in ("/departments/1/delete/", "/students/3/delete/"):
        answer = visitor.post(path)
        assert answer.status == 302, (path, answer.status)
        yield f"after POST {path}", visitor.get(answer.header("Location"))


def tour(site, texts):
    """(what was asked, the answer) for each page."""
    for part in (pages, searches, forms, messages, deletions):
        visitor = site.client()
        visitor.get("/students/new/")
        yield from part(visitor, texts)
