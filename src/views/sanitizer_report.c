#include "views/sanitizer_report.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *kind, *words;
} explanations[] = {
    { "heap-use-after-free", "Memory is used that was freed before." },
    { "heap-buffer-overflow", "Memory is used past the end, or before the start, of a block." },
    { "stack-buffer-overflow", "Memory is used past the end of a local variable." },
    { "stack-buffer-underflow", "Memory is used before the start of a local variable." },
    { "stack-use-after-return", "A local variable is used after its function returned." },
    { "stack-use-after-scope", "A local variable is used after its block ended." },
    { "stack-overflow", "The stack is used up: a function calls itself without end, or has too "
                        "large variables." },
    { "global-buffer-overflow", "Memory is used past the end of a global variable." },
    { "use-after-poison", "Memory of the request's arena is used that nobody was given, or past "
                          "the end of a piece of it." },
    { "attempting double-free", "A block is freed a second time." },
    { "attempting free", "Something is freed that malloc() did not give." },
    { "alloc-dealloc-mismatch", "A block is freed by another family of functions than gave it." },
    { "SEGV", "An address is used that belongs to nobody: a NULL pointer, or one that was "
              "overwritten." },
    { "FPE", "A whole number is divided by zero." },
    { "detected memory leaks", "Memory was lost: nothing points to it any more, and nobody freed "
                               "it. What nu_alloc() gives goes with the request by itself." },
};

/* ---- lines ----------------------------------------------------------------------------------- */

static nu_str after(nu_str line, nu_str what)
{
    ptrdiff_t at = nu__find(line, what);

    return at < 0 ? (nu_str){ 0 } : nu__sub(line, (size_t)at + what.len, line.len);
}

/* "    #3 0x55d6… in name file:line" */
static bool is_frame(nu_str line)
{
    nu_str text = nu_trim(line);

    return text.len > 4 && text.ptr[0] == '#' && after(text, S(" 0x")).ptr;
}

/* "signed integer overflow: 1 + 2147483647 cannot be represented in type 'int'" */
static void read_undefined(nu__sanitizer_report *report, nu_str message)
{
    if (report->kind.ptr)
        return;
    report->kind = nu__sub(message, 0, strcspn(message.ptr, ":\n"));
    report->explanation = nu_fmt("{}. What the code does has no defined meaning in C.", message);
}

static void read_kind(nu__sanitizer_report *report, nu_str line)
{
    static const char *const before[] = { "AddressSanitizer: ", "LeakSanitizer: ",
                                          "UndefinedBehaviorSanitizer: " };
    nu_str rest = { 0 };

    for (size_t i = 0; !rest.ptr && i < sizeof before / sizeof *before; i++)
        rest = after(line, nu_s(before[i]));
    if (after(line, S("runtime error: ")).ptr)
        read_undefined(report, after(line, S("runtime error: ")));
    if (report->kind.ptr || !rest.ptr)
        return;
    for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++)
        if (nu_starts_with(rest, nu_s(explanations[i].kind))) {
            report->kind = nu_s(explanations[i].kind);
            report->explanation = nu_s(explanations[i].words);
            return;
        }
    report->kind = rest;
}

static void begin_stack(nu__sanitizer_report *report, nu_str title)
{
    if (report->n_stacks == NU__MOST_STACKS)
        return;
    report->stacks[report->n_stacks++] =
        (nu__stack_trace){ .title = title,
                           .frames = nu_alloc_array(nu__frame_info, NU__MOST_STACK_FRAMES),
                           .addresses = nu_alloc_array(uintptr_t, NU__MOST_STACK_FRAMES) };
}

/* The sanitizer's stand-in for strdup() is strdup() to whoever reads. */
static void name_interceptor(nu__frame_info *frame)
{
    nu_str name = after(frame->function, S("__interceptor_"));

    if (name.len)
        *frame = (nu__frame_info){ .function = name, .own = true };
}

/* The address says function, file and line where libdw knows them; else the line does in part. */
static void add_frame(nu__stack_trace *stack, nu_str line)
{
    void *address =
        (void *)(uintptr_t)strtoull(after(line, S(" 0x")).ptr, NULL, 16); /* of the call itself */
    void *next = (char *)address + 1;
    nu__frame_info *frame;
    nu_str name = after(line, S(" in "));

    if (stack->n == NU__MOST_STACK_FRAMES)
        return;
    frame = &stack->frames[stack->n];
    stack->addresses[stack->n++] = (uintptr_t)address;
    *frame = nu__frames_of(&next, 1)[0];
    if (!frame->function.ptr && name.ptr)
        frame->function = nu__sub(name, 0, strcspn(name.ptr, " "));
    name_interceptor(frame);
}

/* What the next stack is headed by: the last line before it that is no hint, and not what the page
   begins with. */
static nu_str title_of(nu_str line, nu_str before)
{
    static const char *const others[] = { "Hint: ", "The signal is caused", "ERROR: ", "====" };
    nu_str text = nu_trim(line), mark = S("==");

    if (nu_starts_with(text, mark) && after(nu__sub(text, 2, text.len), mark).len)
        text = after(nu__sub(text, 2, text.len), mark); /* ==7== */
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (nu_starts_with(text, nu_s(others[i])))
            return before;
    return text.len ? text : before;
}

nu__sanitizer_report *nu__sanitizer_report_read(nu_str text)
{
    nu__sanitizer_report *report = nu_alloc(nu__sanitizer_report);
    nu_list *lines = nu__split(text, S("\n"));
    nu_str title = { 0 };
    bool in_stack = false;

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        nu_str line = nu_at(lines, i).s;

        if (!is_frame(line)) {
            in_stack = false;
            read_kind(report, line);
            title = title_of(line, title);
            continue;
        }
        if (!in_stack)
            begin_stack(report, title.len ? title : S("Where it happened"));
        in_stack = true;
        add_frame(&report->stacks[report->n_stacks - 1], line);
    }
    return report;
}

void nu__sanitizer_report_locals(nu__sanitizer_report *report, const nu__stack_view *stack)
{
    if (report->n_stacks)
        nu__locals_find(stack, report->stacks[0].addresses, report->stacks[0].frames,
                        report->stacks[0].n);
}

const nu__frame_info *nu__sanitizer_report_place(const nu__sanitizer_report *report)
{
    for (size_t i = 0; i < report->n_stacks; i++)
        for (size_t k = 0; k < report->stacks[i].n; k++)
            if (!report->stacks[i].frames[k].own && report->stacks[i].frames[k].file.ptr)
                return &report->stacks[i].frames[k];
    return NULL;
}
