/* What --help and a wrong use of a command say of its arguments. */
#include "cli/command.h"

#include "core/buf.h"

#include <string.h>

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

nu_str nu__command_usage(const nu_command_run *run)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "usage: {} {} [-h]", run->program, run->command->name);
    for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
        const nu_argument *a = nu__command_row(run->command, i);

        if (a)
            nu__buf_fmt(&out, " {}{}{}", nu__is_option(a) || a->optional ? "[" : "", shape(a),
                        nu__is_option(a) || a->optional ? "]" : "");
    }
    return nu__buf_str(&out);
}

static void explain(nu__buf *out, const nu_argument *a)
{
    nu_str left = a->short_name ? nu_fmt("{}, {}", a->short_name, shape(a)) : shape(a);

    nu__buf_fmt(out, "  {:<26} {}", left, a->help ? a->help : "");
    if (a->default_ && nu__is_option(a))
        nu__buf_fmt(out, " (default: {})", a->default_);
    nu__buf_char(out, '\n');
}

nu_str nu__command_help(const nu_command_run *run)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out, "{}\n\n{}\n", nu__command_usage(run), run->command->help);
    for (int options = 0; options < 2; options++) {
        bool any = false;

        for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
            const nu_argument *a = nu__command_row(run->command, i);

            if (!a || nu__is_option(a) != (bool)options)
                continue;
            if (!any)
                nu__buf_str_add(&out, options ? S("\noptions:\n") : S("\narguments:\n"));
            any = true;
            explain(&out, a);
        }
    }
    return nu__buf_str(&out);
}
