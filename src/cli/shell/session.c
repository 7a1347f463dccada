/* One piece of code: its transaction, its value, its error. */
#include "cli/shell/session.h"

#include "cli/command.h"
#include "cli/shell/limits.h"
#include "cli/shell/orm/signals.h"
#include "core/json.h"
#include "db/enclosure.h"
#include "db/migrations/unmigrated.h"

#include <stdio.h>

nu__py_session *nu__py_session_new(void)
{
    nu__py_session *session = nu_alloc(nu__py_session);

    nu__py_session_end(session);
    session->globals = nu__py_globals_new();
    return session;
}

void nu__py_session_end(void *session)
{
    (void)session;
    nu__orm_signals_end();
    nu__orm_queries_end();
}

void nu__py_print(nu_str text)
{
    fwrite(text.ptr, 1, text.len, stdout);
    fflush(stdout);
}

/* ---- the transaction ------------------------------------------------------------------------- */

static void enclose(void)
{
    for (size_t i = 0; nu__database_alias(i); i++)
        nu__enclose(nu__connection_of(nu__database_alias(i)));
}

static void end_enclosures(bool commit)
{
    const char *alias;

    for (size_t i = 0; (alias = nu__database_alias(i)); i++)
        nu__enclosure_end(nu__connection_of(alias), commit);
}

/* ---- running --------------------------------------------------------------------------------- */

typedef struct piece {
    nu__py_session *session;
    nu_str code, output;
} piece;

static nu__py value_of(const piece *p)
{
    nu__py value = nu__py_run(p->session->globals, p->code);

    if (nu__py_given(value)) {
        if (value.type != &nu__py_none_type)
            nu__py_assign(p->session->globals, S("_"), value);
        return value;
    }
    if (p->session->json && nu__py_lookup(p->session->globals, S("result"), &value))
        return value;
    return nu__py_none();
}

/* The value is asked for inside of the transaction: printing a query set reads its rows. */
static void run(piece *p)
{
    nu__py value = value_of(p);
    nu__buf out = { 0 };

    if (p->session->json) {
        nu__py_json(value, &out);
        nu__buf_char(&out, '\n');
    } else if (value.type != &nu__py_none_type && !p->session->quiet) {
        nu__buf_str_add(&out, nu__py_display(value));
        nu__buf_char(&out, '\n');
    }
    p->output = nu__buf_str(&out);
}

static void end(bool *commit)
{
    end_enclosures(*commit);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static int exit_status(nu__py exception)
{
    const nu__py_exception *e = exception.cp;
    const nu__py_list *args = e->args.list;

    if (!nu__py_is_a(exception.type, &nu__py_system_exit) || !args->len ||
        !NU__PY_IS(args->items[0], int))
        return 1;
    return (int)(nu__py_as_int(args->items[0], "exit status") & 255);
}

static void report_json(nu__py exception)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "{\"error\": ");
    nu__json_str(&out, nu_s(exception.type->name), &nu__json_dumps);
    nu__buf_lit(&out, ", \"message\": ");
    if (nu__py_is_a(exception.type, &nu__py_errors[NU_VALIDATION_ERROR]))
        nu__py_json(nu__py_invalid_detail(exception), &out);
    else
        nu__json_str(&out, nu__py_text(exception), &nu__json_dumps);
    nu__buf_lit(&out, "}\n");
    nu__py_print(nu__buf_str(&out));
}

/* What the message, which is the database's own, does not say; empty: nothing. */
static nu_str what_to_do(nu__py exception)
{
    const nu_error *error = ((const nu__py_exception *)exception.cp)->error;
    nu_str advice = error ? nu__unmigrated_advice(error) : S("");

    return advice.len ? nu_fmt("\n{}", advice) : S("");
}

static void report(const nu__py_session *session, nu__py exception)
{
    nu_str text = nu__py_text(exception);
    nu_str line =
        text.len ? nu_fmt("{}: {}", exception.type->name, text) : nu_s(exception.type->name);

    if (session->json)
        report_json(exception);
    else
        fprintf(stderr, "%s%s\n", nu__styled(NU_STYLE_ERROR, line, session->colour).ptr,
                what_to_do(exception).ptr);
}

int nu__py_session_run(nu__py_session *session, nu_str code)
{
    piece *p = nu_alloc(piece);
    bool *commit = nu_alloc(bool);
    const nu_error *error;
    nu__py exception = { 0 };

    *p = (piece){ .session = session, .code = code };
    enclose();
    error = nu_catch(NU_EXCEPTION, run(p));
    nu__py_end();
    if (error)
        exception = nu__py_exception_of(error);
    *commit = !error && !session->rollback;
    error = nu_catch(NU_EXCEPTION, end(commit));
    if (error && !nu__py_given(exception))
        exception = nu__py_exception_of(error);
    if (!nu__py_given(exception)) {
        nu__py_print(p->output);
        return 0;
    }
    if (!nu__py_is_a(exception.type, &nu__py_system_exit) &&
        (error = nu_catch(NU_EXCEPTION, report(session, exception))))
        report(session, nu__py_exception_of(error)); /* its text could not be made */
    return exit_status(exception);
}
