/* The shell's language is Python's: tests/data/shell/python.txt has what Python made of the code in
   tests/data/shell/code.txt. */
#include "table.h"

#include "cli/shell/evaluator.h"

/* A suggestion stands behind the message; Python's traceback has it, its str() has not. */
static nu_str without_suggestion(nu_str text)
{
    const char *at = text.len ? memmem(text.ptr, text.len, ". Did you mean", 14) : NULL;

    return at ? (nu_str){ text.ptr, (size_t)(at - text.ptr) } : text;
}

static void run(nu__py_scope *scope, nu_str code, nu_str *out)
{
    nu__py value = nu__py_run(scope, code);

    if (!nu__py_given(value) && !nu__py_lookup(scope, S("result"), &value))
        value = nu__py_none();
    *out = nu__py_repr(value);
}

static nu_str outcome(nu_str code, bool whole)
{
    nu_str *out = nu_alloc(nu_str);
    nu__py_scope *scope = nu__py_plain_globals();
    const nu_error *error = nu_catch(NU_EXCEPTION, run(scope, code, out));
    nu__py exception;

    if (!error)
        return *out;
    exception = nu__py_exception_of(error);
    if (!whole && nu__py_is_a(exception.type, &nu__py_syntax_error))
        return nu_fmt("!{}", exception.type->name);
    return nu_fmt("!{}: {}", exception.type->name, without_suggestion(nu__py_text(exception)));
}

static bool agrees(const nu_str cells[TABLE_CELLS], size_t n)
{
    return CHECK_INT(n, 2) && CHECK_STR(outcome(cells[0], false), cells[1]);
}

static bool is_said(const nu_str cells[TABLE_CELLS], size_t n)
{
    return CHECK_INT(n, 2) && CHECK_STR(outcome(cells[0], true), cells[1]);
}

static void code_means_what_it_means_to_python(void)
{
    table_each("shell/python.txt", agrees);
}

static void what_is_left_out_says_so(void)
{
    table_each("shell/left_out.txt", is_said);
}

HARNESS(code_means_what_it_means_to_python, what_is_left_out_says_so)
