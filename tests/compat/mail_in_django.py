"""The messages on standard input, a line of JSON each, as Django writes them."""
import json
import sys

from django.conf import settings

settings.configure()

from django.core.mail import EmailMultiAlternatives  # noqa: E402  settings come first


def email_of(told):
    email = EmailMultiAlternatives(told["subject"], told["body"], told["from"], told["to"], told["bcc"], headers=told["headers"],
                                   cc=told["cc"], reply_to=told["reply_to"])
    if "subtype" in told:
        email.content_subtype = told["subtype"]
    for content, mimetype in told["alternatives"]:
        email.attach_alternative(content, mimetype)
    for filename, content, mimetype in told["attachments"]:
        if isinstance(content, dict):
            content = email_of(content)
        elif not isinstance(content, str) or (mimetype and not mimetype.startswith("text/")):
            content = content.encode() if isinstance(content, str) else bytes(content)
        email.attach(filename, content, mimetype)
    return email


def answer(told):
    try:
        return {"text": email_of(told).message().as_bytes().decode()}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
