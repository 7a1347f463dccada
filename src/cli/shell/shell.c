/* The command: `./manage shell`. */
#include "cli/commands.h"
#include "cli/shell/evaluator.h"
#include "core/json.h"

#include <stdio.h>

void nu__py_print(nu_str text)
{
    fwrite(text.ptr, 1, text.len, stdout);
    fflush(stdout);
}

/* ---- running code ---------------------------------------------------------------------------- */

typedef struct session {
    const nu_command_run *run;
    nu__py_scope *globals;
    nu_str code;
    bool json;
} session;

/* The value of the last expression, or else what `result` holds. */
static void run_code(session *s)
{
    nu__py value = nu__py_run(s->globals, s->code);
    nu__buf out = { 0 };

    if (!s->json)
        return;
    if (!nu__py_given(value) && !nu__py_lookup(s->globals, S("result"), &value))
        value = nu__py_none();
    nu__py_json(value, &out);
    nu__buf_char(&out, '\n');
    nu__py_print(nu__buf_str(&out));
}

static int report(const session *s, const nu_error *error)
{
    nu__py exception = nu__py_exception_of(error);
    nu__buf out = { 0 };

    if (!s->json) {
        fprintf(stderr, "%s: %s\n", exception.type->name, nu_copy(nu__py_text(exception)).ptr);
        return 1;
    }
    nu__buf_lit(&out, "{\"error\": ");
    nu__json_str(&out, nu_s(exception.type->name), &nu__json_dumps);
    nu__buf_lit(&out, ", \"message\": ");
    nu__json_str(&out, nu__py_text(exception), &nu__json_dumps);
    nu__buf_lit(&out, "}\n");
    nu__py_print(nu__buf_str(&out));
    return 1;
}

static nu_str read_all(FILE *file)
{
    nu__buf out = { 0 };
    char part[4096];
    size_t n;

    while ((n = fread(part, 1, sizeof part, file)))
        nu__buf_add(&out, part, n);
    return nu__buf_str(&out);
}

static int shell(const nu_command_run *run)
{
    session *s = nu_alloc(session);
    const nu_error *error;
    nu_str code = nu_command_text(run, "--command");

    *s = (session){ .run = run,
                    .globals = nu__py_globals_new(),
                    .code = code.ptr ? code : read_all(stdin),
                    .json = nu_command_flag(run, "--json") };
    error = nu_catch(NU_EXCEPTION, run_code(s));
    return error ? report(s, error) : 0;
}

const nu_command nu__shell_command = {
    .name = "shell",
    .help = "Evaluate query code in Python's syntax, with the site's models at hand.",
    .run = shell,
    .arguments = {
        { "--command", .short_name = "-c", .metavar = "CODE", .help = "run this code and exit" },
        { "--json", .flag = true, .help = "print the value as JSON, errors too" },
    },
};
