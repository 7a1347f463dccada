#include "views/debug_page.h"

#include "conf/settings.h"
#include "http/message.h"
#include "urls/reverse.h"
#include "utils/html.h"
#include "views/recorder.h"
#include "views/secrets.h"

#include <string.h>

static const char style[] =
    "body{margin:0;padding-bottom:40px;font-family:sans-serif;background:#fff;color:#111}"
    "section{padding:12px 24px;border-bottom:1px solid #ddd}#summary{background:#ffc}"
    "h1{font-weight:normal}h1,h2,summary{overflow-wrap:anywhere}table{border-collapse:collapse;"
    "width:100%}"
    "th{text-align:left;vertical-align:top;width:18em;padding:2px 8px 2px 0;font-weight:normal;"
    "color:#666}td{font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:30em;overflow-y:auto}pre.source{"
    "margin:0 0 12px;padding:6px "
    "0;background:#f4f4f4;overflow-x:auto;font-size:13px}"
    "pre.source span{display:block;padding:0 10px;white-space:pre}pre.source .at{background:#fd9;"
    "color:#111}summary{cursor:pointer;font-family:monospace;padding:3px 0}.own{opacity:.6}"
    ".twice td{background:#fe99}@media(max-width:48em){section{padding:12px}th,td{display:block;"
    "width:auto;padding:2px 0}}"
    "@media(prefers-color-scheme:dark){pre.source{background:#222}}@media(prefers-color-scheme:"
    "dark){body{background:#111;color:#eee}#summary{background:#332}}";

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
    nu__page_section(p, "Why this page?");
    nu__page_paragraph(p, "p",
                       S("You’re seeing this error because the setting DEBUG is on. Without it, a "
                         "standard page is shown."));
    if (p->html)
        nu__buf_lit(&p->out, "</section>\n</body>\n</html>\n");
    return nu_http_response(.status = status, .body = nu__buf_str(&p->out),
                            .content_type = p->html ? NULL : "text/plain; charset=utf-8");
}

nu__page nu__page_for(nu_request *req)
{
    nu_str accept = nu_request_header(req, "Accept");

    return (nu__page){ .html = !accept.len || memmem(accept.ptr, accept.len, "text/html", 9) ||
                               memmem(accept.ptr, accept.len, "*/*", 3) };
}

/* ---- parts ----------------------------------------------------------------------------------- */

static nu_str address_of(nu_request *req)
{
    nu_str address = { 0 };

    if (nu_catch(NU_EXCEPTION, address = nu_build_absolute_uri(req, NULL)))
        return nu_request_full_path(req);
    return address;
}

void nu__page_request(nu__page *p, nu_request *req)
{
    nu__page_table_begin(p);
    nu__page_row(p, S("Request Method"), req->method_name);
    nu__page_row(p, S("Request URL"), address_of(req));
    if (nu_view_name(req).len)
        nu__page_row(p, S("Raised by"), nu_view_name(req));
    nu__page_table_end(p);
}

void nu__page_querydict(nu__page *p, const char *title, const nu_querydict *dict)
{
    if (!dict || !nu_querydict_len(dict))
        return;
    nu__page_section(p, title);
    nu__page_table_begin(p);
    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str name = nu_querydict_key(dict, i);

        nu__page_row(p, name,
                     nu__is_secret(name) ? S(NU__MASK)
                                         : nu__url_repr(V(nu_querydict_list(dict, name))));
    }
    nu__page_table_end(p);
}

void nu__page_headers(nu__page *p, const nu_request *req)
{
    nu__page_section(p, "Request headers");
    nu__page_table_begin(p);
    for (uint32_t i = 0; i < req->headers.len; i++) {
        const nu__header *header = &req->headers.items[i];

        nu__page_row(p, header->name, nu__is_secret(header->name) ? S(NU__MASK) : header->value);
    }
    nu__page_table_end(p);
}

void nu__page_settings(nu__page *p)
{
    nu__setting setting;

    nu__page_section(p, "Settings");
    nu__page_table_begin(p);
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        nu__page_row(p, setting.name,
                     nu__is_secret(setting.name) && setting.value.kind == NU_KIND_STR
                         ? S(NU__MASK)
                         : nu__url_repr(setting.value));
    nu__page_table_end(p);
}

void nu__page_queries(nu__page *p, const nu_request *req)
{
    const nu__recorder *recorder = nu__recorder_of(req);

    if (!recorder || !recorder->n_queries)
        return;
    nu__page_section(p, "SQL");
    nu__page_paragraph(p, "p",
                       nu_fmt("{} quer{} in {:.1f} ms, {} of them the same as one before.",
                              recorder->n_queries, recorder->n_queries == 1 ? "y" : "ies",
                              recorder->query_seconds * 1000, recorder->n_duplicates));
    nu__page_table_begin(p);
    for (size_t i = 0; i < recorder->n_queries && i < NU__MOST_QUERIES; i++) {
        const nu__recorded_query *query = &recorder->queries[i];

        nu__page_row(p, nu_fmt("{:.2f} ms{}", query->seconds * 1000, query->same ? " (again)" : ""),
                     nu_fmt("{}{}", query->sql,
                            query->params.len ? nu_fmt("  [{}]", query->params) : S("")));
    }
    nu__page_table_end(p);
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

void nu__page_frame(nu__page *p, const nu__frame_info *frame, bool open)
{
    nu_str where = frame->file.ptr ? nu_fmt("{}:{}", frame->file, (int64_t)frame->line) : S("");
    nu_str text = nu_fmt("{}  {}", frame->function.ptr ? frame->function : S("?"), where);

    if (!p->html) {
        nu__buf_fmt(&p->out, "  {}\n", text);
        for (size_t i = 0; frame->locals && i < nu_dict_len(frame->locals); i++)
            nu__buf_fmt(&p->out, "      {} = {}\n", nu_dict_key(frame->locals, i),
                        nu_dict_value(frame->locals, i));
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
