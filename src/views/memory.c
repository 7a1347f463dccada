#include "views/memory.h"

#include "core/buf.h"
#include "core/context.h"
#include "core/text.h"
#include "http/message.h"
#include "loop/crash.h"
#include "loop/leak_check.h"
#include "urls/resolver.h"
#include "views/debug_page.h"
#include "views/recorder.h"
#include "views/sanitizer_report.h"

#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

enum { SIGNAL_STACK = 2 << 20, MOST_FRAMES = 256 };

/* There in programs that are built with the sanitizers. */
__attribute__((weak)) void __asan_set_error_report_callback(void (*fn)(const char *report));
__attribute__((weak)) void __ubsan_get_current_report_data(const char **kind, const char **message,
                                                           const char **file, unsigned *line,
                                                           unsigned *column, char **address);
__attribute__((weak)) int __asan_report_present(void);
/* Called by them. */
void __ubsan_on_report(void);
const char *__ubsan_default_options(void);

static nu__memory_watch watching;

/* ---- the page -------------------------------------------------------------------------------- */

static void arguments(nu__page *p, nu_request *req)
{
    const nu__url_match *match = req->locals[NU__REQUEST_URLS];
    nu_dict *kwargs = match ? nu__url_match_captured_kwargs(match) : NULL;

    if (!kwargs || !nu_dict_len(kwargs))
        return;
    nu__page_section(p, "Arguments of the view");
    nu__page_table_begin(p);
    for (size_t i = 0; i < nu_dict_len(kwargs); i++)
        nu__page_row(p, nu_dict_key(kwargs, i), nu_fmt("{}", nu_dict_value(kwargs, i)));
    nu__page_table_end(p);
}

/* The site's own innermost frame; NULL: none is known. */
static const nu__frame_info *site_frame(const nu__stack_trace *stack)
{
    for (size_t k = 0; k < stack->n; k++)
        if (!stack->frames[k].own && stack->frames[k].file.ptr)
            return &stack->frames[k];
    return NULL;
}

static void stacks(nu__page *p, const nu__sanitizer_report *report)
{
    for (size_t i = 0; i < report->n_stacks; i++) {
        const nu__stack_trace *stack = &report->stacks[i];

        nu__page_section(p, nu_copy(stack->title).ptr);
        nu__page_frames(p, stack->frames, stack->n, site_frame(stack));
    }
}

static nu_str place_text(const nu__frame_info *place)
{
    return nu_fmt("{}, line {}, in {}", place->file, (int64_t)place->line, place->function);
}

/* What is wrong is wrong right now: the stack stands. A leak, or a note, is of earlier. */
static void find_locals(nu__sanitizer_report *report)
{
    nu__unwound frames[MOST_FRAMES];

    if (__asan_report_present && __asan_report_present())
        nu__sanitizer_report_locals(
            report,
            &(nu__stack_view){ .frames = frames, .n_frames = nu__unwind(frames, MOST_FRAMES) });
}

static void write_fault(nu__page *p, nu_request *req, const nu__sanitizer_report *report)
{
    const nu__frame_info *place = nu__sanitizer_report_place(report);

    nu__page_begin(p, nu_fmt("{} at {}", report->kind, req->path));
    nu__page_paragraph(p, "p", report->explanation);
    if (place) {
        nu__page_paragraph(p, "p", place_text(place));
        nu__page_source(p, place->file, place->line);
    }
    nu__page_request(p, req, "Raised during");
    nu__page_environment(p);
    if (!p->brief)
        arguments(p, req);
    stacks(p, report);
}

/* Clients that take no HTML have all of it as text already. */
static void add_copy(nu__page *p, nu_request *req, const nu__sanitizer_report *report)
{
    nu__page copy = { .brief = true };

    if (!p->html)
        return;
    write_fault(&copy, req, report);
    nu__page_copy(p, nu__buf_str(&copy.out));
}

nu_response *nu__memory_page(nu_request *req, nu_str text)
{
    nu__sanitizer_report *report = nu__sanitizer_report_read(text);
    nu__page p = nu__page_for(req);

    find_locals(report);
    write_fault(&p, req, report);
    add_copy(&p, req, report);
    if (nu__find(text, S("Sanitizer: ")) >= 0) { /* not notes, which are written here */
        nu__page_section(&p, "The sanitizer's report");
        nu__page_paragraph(&p, "pre", text);
    }
    nu__page_queries(&p, req);
    nu__page_sent(&p, req);
    nu__page_settings(&p);
    return nu__page_end(&p, 500);
}

/* ---- what ends the process ------------------------------------------------------------------- */

static nu_request *request_here(void)
{
    return nu__here ? nu__here->locals[NU__LOCAL_REQUEST] : NULL;
}

static void tell_terminal(nu_str report)
{
    const nu__frame_info *place = nu__sanitizer_report_place(nu__sanitizer_report_read(report));

    if (place)
        fprintf(stderr, "\n%s\n", place_text(place).ptr);
}

/* clang's sanitizers hand out the notes before an error with it. */
static nu_str from_error(nu_str text)
{
    ptrdiff_t at = nu__find(text, S("==ERROR: "));

    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return at > 0 ? nu__sub(text, (size_t)at, text.len) : text;
}

/* The sanitizer has printed its report, and ends the process when this returns. */
static void on_report(const char *text)
{
    static bool told;
    nu_request *req = request_here();
    nu_response *page = NULL;
    nu_str report = from_error(nu_s(text));

    if (told || !req || !watching.answer)
        return;
    told = true;
    if (nu_catch(NU_EXCEPTION, page = nu__memory_page(req, report)))
        return;
    watching.answer(page);
    tell_terminal(report);
}

/* ---- what is noted --------------------------------------------------------------------------- */

/* UBSan's own stacks on the terminal, too. */
const char *__ubsan_default_options(void)
{
    return "print_stacktrace=1";
}

/* The sanitizer holds a lock: nothing here may be reported in its turn. */
void __ubsan_on_report(void)
{
    const char *kind = NULL, *message = NULL, *file = NULL;
    unsigned line, column;
    char *address;
    nu__recorder *recorder = nu__recorder_of(request_here());
    nu__fault *fault;

    if (!recorder || recorder->n_faults == NU__MOST_FAULTS || !__ubsan_get_current_report_data)
        return;
    __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
    fault = &recorder->faults[recorder->n_faults++];
    fault->message = nu_copy_cstr(message ? message : kind);
    fault->n = (uint32_t)backtrace(fault->frames, NU__MOST_FAULT_FRAMES);
}

/* Between the fault and the note of it. */
static bool is_inside(const nu__frame_info *frame)
{
    return !frame->function.ptr || nu__frame_is_runtime(frame);
}

/* As the address sanitizer would have written it. */
static nu_str notes_of(const nu__recorder *recorder)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < recorder->n_faults; i++) {
        const nu__fault *fault = &recorder->faults[i];
        const nu__frame_info *frames = nu__frames_of(fault->frames, fault->n);
        uint32_t first = 0;

        while (first < fault->n && is_inside(&frames[first]))
            first++;
        nu__buf_fmt(&out, "runtime error: {}\n", fault->message);
        for (uint32_t k = first; k < fault->n; k++)
            nu__buf_fmt(&out, "    #{} 0x{:x}\n", (int64_t)k,
                        (int64_t)(uintptr_t)fault->frames[k] - 1);
    }
    return nu__buf_str(&out);
}

/* ---- at the end of a request ----------------------------------------------------------------- */

nu_response *nu__memory_checked(nu_request *req, nu_response *response)
{
    const nu__recorder *recorder = nu__recorder_of(req);
    nu_str report = { 0 };

    if (!watching.answer || !recorder)
        return response;
    if (recorder->n_faults) {
        watching
            .spent(); /* the sanitizer notes each line once: the next request asks another worker */
        return nu__memory_page(req, notes_of(recorder));
    }
    report = nu__memory_leak_report();
    if (!report.len)
        return response;
    fprintf(stderr, "%s", report.ptr);
    tell_terminal(report);
    watching.spent();
    watching = (nu__memory_watch){ 0 }; /* a request that still comes here has not lost it */
    return nu__memory_page(req, report);
}

/* A fault is told of on the stack for signals, and a page takes more than the sanitizer's has. */
static void use_large_stack(void)
{
    stack_t stack = { .ss_size = SIGNAL_STACK };

    stack.ss_sp =
        mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack.ss_sp != MAP_FAILED)
        sigaltstack(&stack, NULL);
}

void nu__memory_watch_start(const nu__memory_watch *watch)
{
    if (!__asan_set_error_report_callback)
        return;
    use_large_stack();
    watching = *watch;
    nu__crash_report_overflows();
    __asan_set_error_report_callback(on_report);
}
