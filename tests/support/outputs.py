"""Every place where a template writes something, read from the template, and what stood there in a page.

marked_copy() makes a copy of a folder of templates in which each output N stands as ⟦N:…:N⟧: signs that
no filter changes, that are no HTML, and that no data of the tests has."""
import dataclasses
import pathlib
import re

import hostile

TOKEN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
MARK = re.compile(r"⟦(\d+):|:(\d+)⟧")
# What only steers. Every other tag writes: one that a project adds is not overlooked.
STEERING = {"extends", "load", "block", "endblock", "if", "elif", "else", "endif", "for", "empty", "endfor", "with", "endwith", "regroup",
            "ifchanged", "endifchanged", "spaceless", "endspaceless", "autoescape", "endautoescape", "filter", "endfilter"}
HIDDEN = {"comment", "verbatim"}  # blocks in which nothing is a tag
WHOLE = {"blocktranslate", "blocktrans"}  # blocks that are one output


@dataclasses.dataclass(frozen=True)
class Output:
    file: str
    line: int
    text: str  # {{ as.written }}
    context: str  # text, attribute, URL, script, style or unquoted
    raw: bool  # inside {% autoescape off %}

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text} ({self.context})"


def context_of(before):
    """Where in HTML a place stands, from the template before it."""
    html = TOKEN.sub("", before)
    tag = re.search(r"""<\w+(?:[^<>"']|"[^"]*"|'[^']*')*(?:\s([\w:-]+)=["'][^"']*)?$""", html)
    if tag and not tag[1]:
        return "unquoted"
    if tag:
        name = tag[1].lower()
        return "script" if name.startswith("on") else "URL" if name in hostile.URL_ATTRIBUTES else "style" if name == "style" else "attribute"
    block = re.search(r"<(script|style)\b[^>]*>(?:(?!</\1).)*$", html, re.DOTALL | re.IGNORECASE)
    return block[1].lower() if block else "text"


def spans(source):
    """(start, end, raw) of each output of a template."""
    skip, escaping, whole_from = None, [True], 0
    for token in TOKEN.finditer(source):
        name = token[0][2:-2].split()[0] if token[0][1] == "%" else ""
        if skip:
            if name != f"end{skip}":
                continue
            if skip in WHOLE:
                yield whole_from, token.end(), not escaping[-1]
            skip = None
        elif name in HIDDEN | WHOLE:
            skip, whole_from = name, token.start()
        elif name == "autoescape":
            escaping.append("on" in token[0].split())
        elif name == "endautoescape":
            escaping.pop()
        elif token[0][1] != "#" and name not in STEERING:
            yield token.start(), token.end(), not escaping[-1]


def marked(source, file, outputs):
    """The template with marks; its outputs join `outputs`, where a mark's number is the place."""
    parts, at = [], 0
    for start, end, raw in spans(source):
        number = len(outputs)
        outputs.append(Output(file, source.count("\n", 0, start) + 1, source[start:end], context_of(source[:start]), raw))
        parts += [source[at:start], f"⟦{number}:", source[start:end], f":{number}⟧"]
        at = end
    return "".join(parts) + source[at:]


def marked_copy(templates, folder):
    """Fill `folder` with marked templates; the outputs that there are."""
    outputs = []
    for path in sorted(pathlib.Path(templates).rglob("*.html")):
        file = str(path.relative_to(templates))
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(marked(path.read_text(), file, outputs))
    return outputs


def values(page):
    """(number, text) of each output in a page; an output inside another is no part of the other's text."""
    stack, at = [("", [])], 0
    for mark in MARK.finditer(page):
        stack[-1][1].append(page[at:mark.start()])
        at = mark.end()
        if mark[1]:
            stack.append((mark[1], []))
            continue
        number, parts = stack.pop()
        assert number == mark[2], f"the marks {number} and {mark[2]} cross: {page[max(at - 300, 0):at]!r}"
        yield int(number), "".join(parts)
    assert len(stack) == 1, f"the output {stack[-1][0]} does not end"
