#include "views/debug_page.h"

#include "http/message.h"
#include "utils/html.h"

#include <string.h>

/* Variables, so that dark colours are one list. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#111;--quiet:#555;--page:#fff;--rule:#ddd;--head:#ffc;"
    "--code:#f4f4f4;--mark:#fd9;--link:#0645ad}"
    "@media(prefers-color-scheme:dark){:root{--ink:#eee;--quiet:#aaa;--page:#111;--rule:#444;"
    "--head:#332;--code:#222;--mark:#664a00;--link:#8ab4f8}}"
    "body{margin:0;font-family:sans-serif;background:var(--page);color:var(--ink)}"
    "section{padding:12px 24px;border-bottom:1px solid var(--rule)}#summary{background:var(--head)}"
    "h1{font-weight:normal}h1,h2,p,summary{overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}"
    "th{text-align:left;vertical-align:top;width:21em;padding:2px 8px 2px 0;font-weight:normal;"
    "font-size:14px;"
    "color:var(--quiet);overflow-wrap:anywhere}"
    "td{font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:30em;overflow-y:auto}"
    "pre.source{margin:0 0 12px;padding:6px "
    "0;background:var(--code);overflow-x:auto;font-size:13px}"
    "pre.source span{display:block;width:max-content;min-width:100%;box-sizing:border-box;"
    "padding:0 10px;white-space:pre}pre.source .at{background:var(--mark)}"
    "summary{cursor:pointer;font-family:monospace;padding:3px 0}.own{color:var(--quiet)}"
    ".own .own{margin-left:1.5em}.own pre,.own td{color:var(--ink)}a{color:var(--link)}"
    "textarea{width:100%;box-sizing:border-box;font:13px/1.4 monospace;background:var(--code);"
    "color:inherit;border:1px solid var(--rule)}"
    ":focus-visible{outline:2px solid var(--link);outline-offset:2px}"
    "@media(max-width:48em){section{padding:12px}h1{font-size:1.4em}h2{font-size:1.2em}"
    "th,td{display:block;width:auto;padding:2px 0}}";

/* ---- the same page as HTML and as text ------------------------------------------------------- */

void nu__page_begin(nu__page *p, nu_str title)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "{}\n", title);
        return;
    }
    nu__buf_lit(&p->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    nu__escape_to(&p->out, title);
    nu__buf_fmt(&p->out,
                "</title>\n<style>{}</style>\n</head>\n<body>\n<section id=\"summary\">\n"
                "<h1>",
                (const char *)style);
    nu__escape_to(&p->out, title);
    nu__buf_lit(&p->out, "</h1>\n");
}

void nu__page_paragraph(nu__page *p, const char *tag, nu_str text)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "\n{}\n", text);
        return;
    }
    nu__buf_fmt(&p->out, "<{}>", tag);
    nu__escape_to(&p->out, text);
    nu__buf_fmt(&p->out, "</{}>\n", tag);
}

void nu__page_section(nu__page *p, const char *title)
{
    if (p->html)
        nu__buf_lit(&p->out, "</section>\n<section>\n");
    nu__page_paragraph(p, "h2", nu_s(title));
}

void nu__page_table_begin(nu__page *p)
{
    if (p->html)
        nu__buf_lit(&p->out, "<table>\n");
}

void nu__page_row(nu__page *p, nu_str name, nu_str value)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "  {} = {}\n", name, value);
        return;
    }
    nu__buf_lit(&p->out, "<tr><th scope=\"row\">");
    nu__escape_to(&p->out, name);
    nu__buf_lit(&p->out, "</th><td>");
    nu__escape_to(&p->out, value);
    nu__buf_lit(&p->out, "</td></tr>\n");
}

void nu__page_table_end(nu__page *p)
{
    if (p->html)
        nu__buf_lit(&p->out, "</table>\n");
}

nu_response *nu__page_end(nu__page *p, int status)
{
    nu_response *response;

    nu__page_section(p, "Why this page?");
    nu__page_paragraph(p, "p",
                       S("You’re seeing this error because the setting DEBUG is on. Without it, a "
                         "standard page is shown."));
    if (p->html)
        nu__buf_lit(&p->out, "</section>\n</body>\n</html>\n");
    response = nu_http_response(.status = status, .body = nu__buf_str(&p->out),
                                .content_type = p->html ? NULL : "text/plain; charset=utf-8");
    response->own_style = p->html ? style : NULL;
    return response;
}

nu__page nu__page_for(nu_request *req)
{
    nu_str accept = nu_request_header(req, "Accept");

    return (nu__page){ .html = !accept.len || memmem(accept.ptr, accept.len, "text/html", 9) ||
                               memmem(accept.ptr, accept.len, "*/*", 3) };
}

/* ---- source ------------------------------------------------------------------------------------
 */

void nu__page_source(nu__page *p, nu_str file, int line)
{
    nu__page_lines(p, nu__source_around(file, line), line);
}

void nu__page_lines(nu__page *p, nu__source_lines around, int line)
{
    if (!nu_list_len(around.lines))
        return;
    if (p->html)
        nu__buf_lit(&p->out, "<pre class=\"source\">");
    for (size_t i = 0; i < nu_list_len(around.lines); i++) {
        int number = around.first + (int)i;
        nu_str text = nu_fmt("{:>5}  {}", (int64_t)number, nu_at(around.lines, i));

        if (!p->html) {
            nu__buf_fmt(&p->out, "  {}{}\n", number == line ? ">" : " ", text);
            continue;
        }
        nu__buf_str_add(&p->out, number == line ? S("<span class=\"at\">") : S("<span>"));
        nu__escape_to(&p->out, text);
        nu__buf_lit(&p->out, "</span>");
    }
    if (p->html)
        nu__buf_lit(&p->out, "</pre>\n");
}

static void locals_table(nu__page *p, const nu_dict *locals)
{
    if (!locals || !nu_dict_len(locals))
        return;
    nu__buf_lit(&p->out, "<h3>Local variables</h3>");
    nu__page_table_begin(p);
    for (size_t i = 0; i < nu_dict_len(locals); i++)
        nu__page_row(p, nu_dict_key(locals, i), nu_dict_value(locals, i).s);
    nu__page_table_end(p);
}

static void frame_as_text(nu__page *p, const nu__frame_info *frame, nu_str text)
{
    nu__buf_fmt(&p->out, "  {}\n", text);
    for (size_t i = 0; !p->brief && frame->locals && i < nu_dict_len(frame->locals); i++)
        nu__buf_fmt(&p->out, "      {} = {}\n", nu_dict_key(frame->locals, i),
                    nu_dict_value(frame->locals, i));
}

static void add_frame(nu__page *p, const nu__frame_info *frame, bool open)
{
    nu_str where = frame->file.ptr ? nu_fmt("{}:{}", frame->file, (int64_t)frame->line) : S("");
    nu_str text = nu_fmt("{}  {}", frame->function.ptr ? frame->function : S("?"), where);

    if (!p->html) {
        frame_as_text(p, frame, text);
        return;
    }
    nu__buf_fmt(&p->out, "<details{}{}><summary>", frame->own ? " class=\"own\"" : "",
                open ? " open" : "");
    nu__escape_to(&p->out, text);
    nu__buf_lit(&p->out, "</summary>");
    nu__page_source(p, frame->file, frame->line);
    locals_table(p, frame->locals);
    nu__buf_lit(&p->out, "</details>\n");
}

/* How often the frame comes again right after itself: a recursion fills a stack. */
static size_t repeats(const nu__frame_info *frames, size_t at, size_t n)
{
    size_t end = at + 1;

    while (end < n && nu_eq_(frames[at].function, frames[end].function) &&
           frames[at].line == frames[end].line)
        end++;
    return end - at - 1;
}

static void add_run(nu__page *p, const nu__frame_info *frames, size_t n, const nu__frame_info *open)
{
    for (size_t i = 0; i < n; i++) {
        size_t again = repeats(frames, i, n);

        add_frame(p, &frames[i], &frames[i] == open);
        if (again)
            nu__page_paragraph(p, "p", nu_fmt("… and {} times more", again));
        i += again;
    }
}

enum { MANY_OWN = 3 }; /* of the library's frames, which then fold into a line */

/* The frames that follow which are all of the library, or all of the site. */
static size_t run_at(const nu__frame_info *frames, size_t n)
{
    size_t end = 1;

    while (end < n && frames[end].own == frames[0].own)
        end++;
    return end;
}

void nu__page_frames(nu__page *p, const nu__frame_info *frames, size_t n,
                     const nu__frame_info *open)
{
    size_t run;

    for (size_t i = 0; i < n; i += run) {
        bool folded;

        run = run_at(&frames[i], n - i);
        folded = p->html && frames[i].own && run >= MANY_OWN;
        if (folded)
            nu__buf_fmt(&p->out, "<details class=\"own\"><summary>{} frames of Nuages</summary>\n",
                        run);
        add_run(p, &frames[i], run, open);
        if (folded)
            nu__buf_lit(&p->out, "</details>\n");
    }
}

void nu__page_copy(nu__page *p, nu_str text)
{
    if (!p->html)
        return;
    nu__page_section(p, "To copy");
    nu__buf_lit(&p->out, "<details><summary>The error as text, without values of variables, "
                         "headers and settings</summary>\n<textarea readonly rows=\"20\" "
                         "aria-label=\"The error as text\">\n");
    nu__escape_to(&p->out, text);
    nu__buf_lit(&p->out, "</textarea></details>\n");
}
