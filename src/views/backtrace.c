#include "views/backtrace.h"

#include "core/text.h"

#include <nuages/errors.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef NU__HAVE_LIBDW
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

static Dwfl *dwfl; /* of this process; made once, kept */

static Dwfl *information(void)
{
    static char *debug_path;
    static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_linux_proc_find_elf,
                                              .find_debuginfo = dwfl_standard_find_debuginfo,
                                              .debuginfo_path = &debug_path };

    if (dwfl)
        return dwfl;
    dwfl = dwfl_begin(&callbacks);
    if (dwfl && (dwfl_linux_proc_report(dwfl, getpid()) || dwfl_report_end(dwfl, NULL, NULL))) {
        dwfl_end(dwfl);
        dwfl = NULL;
    }
    return dwfl;
}

/* As it can be opened from anywhere; compilers note what they were given, and where they ran. */
static nu_str absolute(Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    nu_str path = file[0] == '/' || !folder ? nu_copy_cstr(file) : nu_fmt("{}/{}", folder, file);
    char *real = realpath(path.ptr, NULL);

    path = real ? nu_copy_cstr(real) : path;
    free(real);
    return path;
}

/* libdw finds units by .debug_aranges, which clang does not write: then each is asked. */
static Dwarf_Die *unit_of(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);

    if (unit)
        return unit;
    while ((unit = dwfl_module_nextcu(module, unit, bias)))
        if (dwarf_haspc(unit, address - *bias) > 0)
            break;
    return unit;
}

static void describe(Dwfl *all, Dwarf_Addr address, nu__frame_info *frame)
{
    Dwarf_Addr bias = 0;
    Dwfl_Module *module = dwfl_addrmodule(all, address);
    const char *name = module ? dwfl_module_addrname(module, address) : NULL;
    Dwarf_Die *unit = module ? unit_of(module, address, &bias) : NULL;
    Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
    const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;

    frame->function = nu_copy_cstr(name);
    frame->file = file ? absolute(unit, file) : (nu_str){ 0 };
    if (line)
        dwarf_lineno(line, &frame->line);
}

Dwarf_Die *nu__debug_unit(uintptr_t address, Dwarf_Addr *bias)
{
    Dwfl_Module *module = information() ? dwfl_addrmodule(information(), address) : NULL;

    return module ? unit_of(module, address, bias) : NULL;
}

/* The folder of the library's sources, by this very file. */
static nu_str own_folder(void)
{
    static const char here[] = "views/backtrace.c";
    nu__frame_info frame = { 0 };

    if (information())
        describe(information(), (Dwarf_Addr)(uintptr_t)own_folder, &frame);
    return nu_ends_with(frame.file, nu_s(here))
               ? (nu_str){ frame.file.ptr, frame.file.len - (sizeof here - 1) }
               : (nu_str){ 0 };
}

nu_str nu__function_name(const void *function)
{
    nu__frame_info frame = { 0 };

    if (information())
        describe(information(), (Dwarf_Addr)(uintptr_t)function, &frame);
    return frame.function;
}

#else

static nu_str own_folder(void)
{
    return (nu_str){ 0 };
}

nu_str nu__function_name(const void *function)
{
    (void)function;
    return (nu_str){ 0 };
}

#endif

static bool has(nu_str text, const char *part)
{
    return text.ptr && memmem(text.ptr, text.len, part, strlen(part));
}

bool nu__frame_is_runtime(const nu__frame_info *frame)
{
    return has(frame->file, "libsanitizer") || has(frame->file, "compiler-rt") ||
           has(frame->function, "__ubsan") || nu_starts_with(frame->function, S("__interceptor_"));
}

static bool is_own(const nu__frame_info *frame, nu_str folder)
{
    if (nu_starts_with(frame->function, S("nu__")) || nu_starts_with(frame->function, S("__")))
        return true;
    if (frame->file.ptr && folder.len)
        return nu_starts_with(frame->file, folder) || nu__frame_is_runtime(frame);
    return !frame->file.ptr || nu_starts_with(frame->function, S("nu_"));
}

nu__frame_info *nu__frames_of(void *const *addresses, size_t n)
{
    nu__frame_info *frames = nu_alloc_array(nu__frame_info, n + 1);
    nu_str folder = own_folder();

#ifdef NU__HAVE_LIBDW
    for (size_t i = 0; i < n && information(); i++)
        describe(information(), (Dwarf_Addr)(uintptr_t)addresses[i] - 1, &frames[i]);
#else
    (void)addresses;
#endif
    for (size_t i = 0; i < n; i++)
        frames[i].own = is_own(&frames[i], folder);
    return frames;
}

/* In a signal's handler, which no error may leave: without memory there are no lines. */
void nu__backtrace_tell(void *const *addresses, size_t n)
{
    const nu__frame_info *frames = NULL;

    if (nu_catch(NU_EXCEPTION, frames = nu__frames_of(addresses, n)))
        return;
    for (size_t i = 0; i < n; i++)
        if (!frames[i].own && frames[i].file.ptr)
            dprintf(STDERR_FILENO, "  %s:%d, in %s\n", frames[i].file.ptr, frames[i].line,
                    frames[i].function.ptr);
}

/* ---- source ---------------------------------------------------------------------------------- */

static void close_file(void *file)
{
    fclose(file);
}

enum { CONTEXT = 4 }; /* lines before and after */

static int first_of(int line)
{
    return line > CONTEXT ? line - CONTEXT : 1;
}

nu__source_lines nu__lines_around(nu_str text, int line)
{
    nu__source_lines out = { .first = first_of(line), .lines = nu_list_new() };
    nu_list *all = nu__split(text, S("\n"));

    for (int number = out.first; text.ptr && number <= line + CONTEXT; number++)
        if ((size_t)number <= nu_list_len(all))
            nu_list_append(out.lines, nu_at(all, (size_t)number - 1));
    return out;
}

nu__source_lines nu__source_around(nu_str file, int line)
{
    nu__source_lines out = { .first = first_of(line), .lines = nu_list_new() };
    FILE *source = file.ptr ? fopen(file.ptr, "re") : NULL;
    char text[1024];

    if (!source || line < 1) {
        if (source)
            fclose(source);
        return (nu__source_lines){ .lines = out.lines };
    }
    nu_defer(close_file, source);
    for (int number = 1; number <= line + CONTEXT && fgets(text, sizeof text, source); number++) {
        bool whole = strchr(text, '\n') != NULL;

        text[strcspn(text, "\n")] = 0;
        if (number >= out.first)
            nu_list_append(out.lines, nu_copy_cstr(text));
        while (!whole && fgets(text, sizeof text, source))
            whole = strchr(text, '\n') != NULL;
    }
    return out;
}
