#include "views/debug.h"

#include "core/error.h"
#include "core/error_store.h"
#include "core/text.h"
#include "db/migrations/unmigrated.h"
#include "http/message.h"
#include "template/template.h"
#include "urls/reverse.h"
#include "utils/html.h"
#include "views/debug_page.h"
#include "views/locals.h"
#include "views/recorder.h"

#include <stdlib.h>
#include <string.h>

/* ---- pages ----------------------------------------------------------------------------------- */

/* The route of the site's root is empty, and would look like none. */
static nu__buf after_empty(nu__buf *rest)
{
    nu__buf line = { 0 };

    nu__buf_fmt(&line, "''{}", nu__buf_str(rest));
    return line;
}

static void tried_list(nu__page *p, nu_list *tried)
{
    if (p->html)
        nu__buf_lit(&p->out, "<ol>\n");
    for (size_t i = 0; i < nu_list_len(tried); i++) {
        nu_list *way = nu_as_list(nu_at(tried, i));
        nu__buf line = { 0 };

        for (size_t k = 0; k < nu_list_len(way); k++)
            nu__buf_fmt(&line, "{}{}", k ? " " : "", nu_at(way, k));
        if (!line.len || nu_starts_with(nu__buf_str(&line), S(" ")))
            line = after_empty(&line);
        if (p->html)
            nu__buf_lit(&p->out, "<li><code>");
        else
            nu__buf_fmt(&p->out, "  {}. ", (int64_t)i + 1);
        (p->html ? nu__escape_to : nu__buf_str_add)(&p->out, nu__buf_str(&line));
        if (p->html)
            nu__buf_lit(&p->out, "</code></li>");
        nu__buf_char(&p->out, '\n');
    }
    if (p->html)
        nu__buf_lit(&p->out, "</ol>\n");
}

nu_response *nu__technical_404(nu_request *req, const nu_error *error)
{
    bool resolved = req->locals[NU__REQUEST_URLS] != NULL;
    const nu_urlconf *urlconf = nu__url_urlconf_find();
    nu_str path = req->path_info;
    nu__page p = nu__page_for(req);

    nu__page_begin(&p, nu_fmt("Page not found (404) at {}", req->path));
    if (resolved && error->message.len)
        nu__page_paragraph(&p, "pre", error->message);
    nu__page_request(&p, req, "Raised by");
    nu__page_section(&p, "URL patterns");
    nu__page_paragraph(&p, "p", S("These URL patterns were tried, in this order:"));
    if (urlconf)
        tried_list(&p, nu__url_tried(nu__resolver_get(urlconf), path));
    if (nu_starts_with(path, S("/")))
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    nu__page_paragraph(
        &p, "p",
        nu_fmt("{} {}", path.len ? nu_fmt("The current path, {},", path) : S("The empty path"),
               resolved ? "matched the last one." : "didn’t match any of these."));
    return nu__page_end(&p, 404);
}

/* ---- where it happened ----------------------------------------------------------------------- */

typedef struct trace {
    nu__frame_info *frames; /* innermost first: the raise and what called it */
    size_t n;
} trace;

static bool is_of_raising(nu_str function)
{
    return !function.ptr || nu_starts_with(function, S("nu__error_")) ||
           nu_starts_with(function, S("nu_raise")) || nu_starts_with(function, S("nu__raise")) ||
           nu_eq(function, "copy_stack") || nu_eq(function, "raise_formatted") ||
           memmem(function.ptr, function.len, "interceptor", 11);
}

/* Without the frames that raising itself has, which lead nobody anywhere. */
static void drop_raising(trace *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->n; i++)
        if (!is_of_raising(t->frames[i].function))
            t->frames[kept++] = t->frames[i];
    t->n = kept;
}

/* What was kept of the stack, with the variables: the error has left it. */
static trace trace_of(const nu_error *error)
{
    const nu__stack_copy *copy = nu__error_stack(error);
    size_t n = copy ? copy->n_frames : 0;
    void **addresses = nu_alloc_array(void *, n + 1);
    uintptr_t *calls = nu_alloc_array(uintptr_t, n + 1);
    trace t = { .n = n };

    for (size_t i = 0; i < n; i++) {
        addresses[i] = (void *)copy->frames[i].pc;
        calls[i] = copy->frames[i].pc - 1;
    }
    t.frames = nu__frames_of(addresses, n);
    if (copy)
        nu__locals_find(
            &(nu__stack_view){ copy->frames, n, (uintptr_t)copy->base, copy->bytes, copy->len },
            calls, t.frames, n);
    drop_raising(&t);
    return t;
}

/* The site's own innermost line; NULL: none is known. */
static const nu__frame_info *site_frame(const trace *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!t->frames[i].own && t->frames[i].file.ptr)
            return &t->frames[i];
    return NULL;
}

static void traceback(nu__page *p, const trace *t)
{
    nu__page_section(p, "Traceback");
    nu__page_frames(p, t->frames, t->n, site_frame(t));
}

typedef struct template_place {
    nu_str name;
    int line; /* 0: none */
} template_place;

/* "page.html:3:14", with or without more behind it. */
static template_place read_place(nu_str text)
{
    size_t colon = strcspn(text.len ? text.ptr : "", ":");

    return (template_place){ { text.ptr, colon },
                             colon < text.len ? atoi(text.ptr + colon + 1) : 0 };
}

/* A template that does not compile says so on a line of its own; other errors have noted which tag
   was being rendered. */
static template_place place_of(const nu_error *error)
{
    const char *last = memrchr(error->message.ptr, '\n', error->message.len);
    template_place place = { 0 };

    if (last && nu_error_is_a(error->klass, NU_TEMPLATE_SYNTAX_ERROR))
        place = read_place(nu_trim(nu_s(last + 1)));
    return place.line > 0 ? place : read_place(nu_copy(nu__error_place(error)));
}

static void template_lines(nu__page *p, const nu_error *error)
{
    template_place place = place_of(error);
    nu_str name = place.name, file, text = { 0 };
    int line = place.line;

    if (line < 1)
        return;
    if (nu_catch(NU_OS_ERROR, text = nu__template_text(name, &file)))
        file = (nu_str){ 0 }; /* it is gone by now */
    nu__page_section(p, "Template");
    nu__page_paragraph(p, "p", nu_fmt("{}, line {}", file.ptr ? file : name, (int64_t)line));
    nu__page_lines(p, nu__lines_around(text, line), line);
}

/* Where to look first; a template's error has its own lines for that. */
static void site_line(nu__page *p, const trace *t, const nu_error *error)
{
    const nu__frame_info *site = site_frame(t);

    if (!site || place_of(error).line > 0)
        return;
    nu__page_paragraph(
        p, "p", nu_fmt("{}, line {}, in {}", site->file, (int64_t)site->line, site->function));
    nu__page_source(p, site->file, site->line);
}

static void raised_at(nu__page *p, const nu_error *error)
{
    nu__page_section(p, "Raised at");
    nu__page_table_begin(p);
    for (const nu_error *e = error; e; e = e->cause)
        nu__page_row(p, nu_fmt("{}:{}", e->file, e->line),
                     nu_fmt("{}{}: {}", e == error ? "" : "caused by ",
                            nu_error_class_name(e->klass), e->message));
    nu__page_table_end(p);
}

/* What the message, which is the database's own, does not say. */
static void what_to_do(nu__page *p, const nu_request *req, const nu_error *error)
{
    nu__recorder *recorder = nu__recorder_of(req);
    nu_str advice;

    if (recorder)
        recorder->paused = true;
    advice = nu__unmigrated_advice(error);
    if (recorder)
        recorder->paused = false;
    if (advice.len)
        nu__page_paragraph(p, "p", advice);
}

/* What may be shown to others, too. */
static void write_error(nu__page *p, nu_request *req, const nu_error *error, const trace *t)
{
    nu__page_begin(p, nu_fmt("{} at {}", nu_error_class_name(error->klass), req->path));
    nu__page_paragraph(p, "pre", error->message);
    what_to_do(p, req, error);
    site_line(p, t, error);
    nu__page_request(p, req, "Raised during");
    nu__page_environment(p);
    template_lines(p, error);
    raised_at(p, error);
    traceback(p, t);
}

static void write_500(nu__page *p, nu_request *req, const nu_error *error)
{
    trace t = trace_of(error);
    nu__page copy = { .brief = true };

    write_error(p, req, error, &t);
    if (p->html) {
        write_error(&copy, req, error, &t);
        nu__page_copy(p, nu__buf_str(&copy.out));
    }
    nu__page_queries(p, req);
    nu__page_sent(p, req);
    nu__page_settings(p);
}

nu_response *nu__technical_500(nu_request *req, const nu_error *error, int status)
{
    nu__page p = nu__page_for(req);

    write_500(&p, req, error);
    return nu__page_end(&p, status);
}

nu_str nu__error_report(nu_request *req, const nu_error *error)
{
    nu__page p = { 0 };

    write_500(&p, req, error);
    return nu__buf_str(&p.out);
}
