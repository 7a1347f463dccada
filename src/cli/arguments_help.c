/* What --help and a wrong use of a command say of its arguments. */
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/shell/width.h"

#include "core/buf.h"
#include "core/text.h"

#include <string.h>
#include <unistd.h>

enum { RIGHT = 29 }; /* the column of the explanations */

static nu_str metavar(const nu_argument *a)
{
    nu_str name;

    if (a->metavar)
        return nu_s(a->metavar);
    name = nu_upper(nu_s(a->name + strspn(a->name, "-")));
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '-')
            ((char *)name.ptr)[i] = '_'; /* fresh memory of nu_upper() */
    return name;
}

static nu_str shape(const nu_argument *a)
{
    if (!nu__is_option(a))
        return a->repeated ? nu_fmt("{} …", a->name) : nu_s(a->name);
    return a->flag ? nu_s(a->name) : nu_fmt("{} {}", a->name, metavar(a));
}

/* Under the first argument, where that leaves them half of the line. */
static size_t usage_indent(nu_str head, size_t columns)
{
    size_t width = nu__py_width(head) + 1;

    return width * 2 <= columns ? width : 7;
}

nu_str nu__command_usage(const nu_command_run *run)
{
    nu_str head = nu_fmt("usage: {} {}", run->program, run->command->name);
    nu_list *pieces = nu_list_new();
    size_t columns = nu__terminal_columns(STDOUT_FILENO);
    nu__buf out = { 0 };

    nu_list_append(pieces, head);
    nu_list_append(pieces, S("[-h]"));
    for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
        const nu_argument *a = nu__command_row(run->command, i);

        if (a)
            nu_list_append(pieces,
                           nu__is_option(a) || a->optional ? nu_fmt("[{}]", shape(a)) : shape(a));
    }
    nu__wrap_to(&out, pieces, 0, usage_indent(head, columns), columns);
    return nu__buf_str(&out);
}

static void explain(nu__buf *out, const nu_argument *a)
{
    nu_str left = a->short_name ? nu_fmt("{}, {}", a->short_name, shape(a)) : shape(a);
    nu_str help = nu_s(a->help ? a->help : "");

    if (a->default_ && nu__is_option(a))
        help = nu_fmt("{} (default: {})", help, a->default_);
    nu__wrap_row_to(out, nu_fmt("  {}", left), help, RIGHT, nu__terminal_columns(STDOUT_FILENO));
}

/* Of every command, and no row of its table: it ends the reading. */
static void explain_help(nu__buf *out)
{
    nu__wrap_row_to(out, S("  -h, --help"), S("show this help message and exit"), RIGHT,
                    nu__terminal_columns(STDOUT_FILENO));
}

static void description(nu__buf *out, const nu_command_run *run)
{
    nu__buf_fmt(out, "{}\n\n", nu__command_usage(run));
    nu__wrap_to(out, nu__split(nu_s(run->command->help), S(" ")), 0, 0,
                nu__terminal_columns(STDOUT_FILENO));
    nu__buf_char(out, '\n');
}

nu_str nu__command_help(const nu_command_run *run)
{
    nu__buf out = { 0 };

    description(&out, run);
    for (int options = 0; options < 2; options++) {
        bool any = false;

        for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
            const nu_argument *a = nu__command_row(run->command, i);

            if (!a || nu__is_option(a) != (bool)options)
                continue;
            if (!any)
                nu__buf_str_add(&out, options ? S("\noptions:\n") : S("\narguments:\n"));
            if (!any && options)
                explain_help(&out);
            any = true;
            explain(&out, a);
        }
    }
    return nu__buf_str(&out);
}
