#include "test/trace.h"

#include "core/error.h"
#include "core/error_store.h"
#include "core/text.h"
#include "loop/crash.h"
#include "views/backtrace.h"

#include <limits.h>
#include <unistd.h>

void nu__test_traces_on(void)
{
    nu__error_traces = true;
    nu__crash_lines = nu__backtrace_tell;
}

static nu_str from_working_folder(nu_str file)
{
    char folder[PATH_MAX];
    nu_str start = getcwd(folder, sizeof folder) ? nu_fmt("{}/", (const char *)folder) : S("/");

    return nu_starts_with(file, start) ? nu__sub(file, start.len, file.len) : file;
}

/* nu_test() makes `name_body` of a test's body. */
static nu_str name_of(nu_str function, const nu_test_def *def)
{
    return nu_eq(function, nu_fmt("{}_body", def->name)) ? nu_s(def->name) : function;
}

static void add_frame(const nu__frame_info *frame, const nu_test_def *def, nu__buf *out)
{
    nu__source_lines source = nu__source_around(frame->file, frame->line);
    int at = frame->line - source.first;

    nu__buf_fmt(out, "  {}:{}, in {}\n", from_working_folder(frame->file), (int64_t)frame->line,
                name_of(frame->function, def));
    if (source.first && at < (int)nu_list_len(source.lines))
        nu__buf_fmt(out, "      {}\n", nu_trim(nu_at(source.lines, (size_t)at).s));
}

void nu__test_trace(const nu_error *error, const nu_test_def *def, size_t fewest, nu__buf *out)
{
    const nu__stack_copy *stack = nu__error_stack(error);
    void *addresses[NU__STACK_FRAMES];
    const nu__frame_info *frames;
    size_t n = stack ? stack->n_frames : 0, n_site = 0;

    for (size_t i = 0; i < n; i++)
        addresses[i] = (void *)stack->frames[i].pc;
    frames = nu__frames_of(addresses, n);
    for (size_t i = 0; i < n; i++)
        n_site += !frames[i].own && frames[i].file.ptr;
    if (n_site < fewest)
        return;
    if (out->len && nu__buf_str(out).ptr[out->len - 1] != '\n')
        nu__buf_char(out, '\n');
    for (size_t i = 0; i < n; i++)
        if (!frames[i].own && frames[i].file.ptr)
            add_frame(&frames[i], def, out);
}
