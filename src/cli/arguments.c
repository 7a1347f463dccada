/* Arguments of commands: reading them, asking for them. */
#include "cli/command.h"

#include "core/buf.h"
#include "core/suggest.h"
#include "core/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN = 24, ROWS = NU__COMMAND_ROWS };

/* Every command has these. */
static const nu_argument common[] = {
    { "--verbosity", .short_name = "-v", .metavar = "{0,1,2,3}", .default_ = "1",
      .help = "how much to tell: 0 nothing, 1 the ordinary, 2 more, 3 everything" },
    { "--traceback", .flag = true, .help = "where an error was raised, with its causes" },
    { "--no-color", .flag = true, .help = "no colours" },
    { "--force-color", .flag = true, .help = "colours also where no terminal is" },
    { "--skip-checks", .flag = true, .help = "do not check models, URLs and settings first" },
    { "--version", .flag = true, .help = "print the version of Nuages" },
};
enum { COMMON = sizeof common / sizeof *common };

const nu_argument *nu__command_row(const nu_command *command, size_t i)
{
    if (i < OWN)
        return command->arguments[i].name ? &command->arguments[i] : NULL;
    return i - OWN < COMMON ? &common[i - OWN] : NULL;
}

bool nu__is_option(const nu_argument *argument)
{
    return argument->name[0] == '-';
}

/* ---- reading ------------------------------------------------------------------------------- */

static size_t option_at(const nu_command *command, nu_str name)
{
    for (size_t i = 0; i < ROWS; i++) {
        const nu_argument *a = nu__command_row(command, i);

        if (a && nu__is_option(a) &&
            (nu_eq(name, a->name) || (a->short_name && nu_eq(name, a->short_name))))
            return i;
    }
    return ROWS;
}

static nu_str unknown_option(const nu_command *command, nu_str name)
{
    const char *names[ROWS];
    size_t n = 0;

    for (size_t i = 0; i < ROWS; i++)
        if (nu__command_row(command, i) && nu__is_option(nu__command_row(command, i)))
            names[n++] = nu__command_row(command, i)->name;
    return nu_fmt("unrecognized arguments: {}.{}", name, nu__suggestion(name, names, n));
}

static nu_list *list_at(nu_command_run *run, size_t i)
{
    if (!run->lists[i])
        run->lists[i] = nu_list_new();
    return run->lists[i];
}

/* A short option with its value right behind it. */
static bool read_attached(nu_command_run *run, const char *word, nu_str *wrong)
{
    size_t i = option_at(run->command, (nu_str){ word, 2 });
    const nu_argument *argument = i < ROWS ? nu__command_row(run->command, i) : NULL;

    if (!argument || argument->flag) {
        *wrong = unknown_option(run->command, nu_s(word));
        return false;
    }
    run->values[i] = nu_s(word + 2);
    if (argument->repeated)
        nu_list_append(list_at(run, i), run->values[i]);
    return true;
}

/* As it stands in Django's messages: "--plan/-p". */
static nu_str spelled(const nu_argument *argument)
{
    return argument->short_name ? nu_fmt("{}/{}", argument->name, argument->short_name)
                                : nu_s(argument->name);
}

static bool exclude_each_other(const nu_argument *a, const nu_argument *b)
{
    return (a->excludes && !strcmp(a->excludes, b->name)) ||
           (b->excludes && !strcmp(b->excludes, a->name));
}

static bool take_flag(nu_command_run *run, size_t i, nu_str *wrong)
{
    const nu_argument *taken = nu__command_row(run->command, i);

    for (size_t k = 0; k < ROWS; k++)
        if (run->flags[k] && exclude_each_other(taken, nu__command_row(run->command, k))) {
            *wrong = nu_fmt("argument {}: not allowed with argument {}", spelled(taken),
                            spelled(nu__command_row(run->command, k)));
            return false;
        }
    run->flags[i] = true;
    return true;
}

/* One option, with its value in the same word after "=" or in the next. */
static bool read_option(nu_command_run *run, char ***at, char **end, nu_str *wrong)
{
    const char *word = **at, *equals = strchr(word, '=');
    nu_str name = equals ? nu_copy((nu_str){ word, (size_t)(equals - word) }) : nu_s(word);
    size_t i = option_at(run->command, name);
    const nu_argument *argument = i < ROWS ? nu__command_row(run->command, i) : NULL;

    if (!argument && word[0] == '-' && word[1] != '-' && word[2]) /* -v0 */
        return read_attached(run, word, wrong);
    if (!argument) {
        *wrong = unknown_option(run->command, name);
        return false;
    }
    if (argument->flag && equals) {
        *wrong = nu_fmt("argument {}: ignored explicit argument '{}'", spelled(argument),
                        nu_s(equals + 1));
        return false;
    }
    if (argument->flag)
        return take_flag(run, i, wrong);
    if (!equals && argument->const_ && (*at + 1 == end || (*at)[1][0] == '-')) {
        run->values[i] = nu_s(argument->const_);
        return true;
    }
    if (!equals && ++*at == end) {
        *wrong = nu_fmt("argument {}: expected a value", argument->name);
        return false;
    }
    run->values[i] = nu_s(equals ? equals + 1 : **at);
    if (argument->repeated)
        nu_list_append(list_at(run, i), run->values[i]);
    return true;
}

static bool read_positional(nu_command_run *run, const char *word, size_t *next, nu_str *wrong)
{
    while (*next < OWN && nu__command_row(run->command, *next) &&
           nu__is_option(nu__command_row(run->command, *next)))
        ++*next;
    if (*next >= OWN || !nu__command_row(run->command, *next)) {
        *wrong = nu_fmt("unrecognized arguments: {}", word);
        return false;
    }
    if (nu__command_row(run->command, *next)->repeated) {
        nu_list_append(list_at(run, *next), word);
        run->flags[*next] = true;
        return true;
    }
    run->values[(*next)++] = nu_s(word);
    return true;
}

static bool check_complete(const nu_command_run *run, nu_str *wrong)
{
    nu_list *missing = nu_list_new();

    for (size_t i = 0; i < OWN && nu__command_row(run->command, i); i++) {
        const nu_argument *a = nu__command_row(run->command, i);

        if (nu__is_option(a) || a->optional || run->values[i].ptr || run->flags[i])
            continue;
        nu_list_append(missing, a->name);
    }
    if (nu_list_len(missing))
        *wrong = nu_fmt("the following arguments are required: {}", nu__join(S(", "), missing));
    return !nu_list_len(missing);
}

static bool is_choice(nu_str value, const char *choices)
{
    for (const char *at = choices; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (nu_eq_(value, (nu_str){ at, strcspn(at, "|") }))
            return true;
    }
    return false;
}

static bool check_choices(const nu_command_run *run, nu_str *wrong)
{
    for (size_t i = 0; i < OWN && nu__command_row(run->command, i); i++) {
        const nu_argument *a = nu__command_row(run->command, i);

        if (!a->choices || !run->values[i].ptr || is_choice(run->values[i], a->choices))
            continue;
        *wrong = nu_fmt("argument {}: invalid choice: '{}' (choose from '{}')", a->name,
                        run->values[i], nu__replace(nu_s(a->choices), S("|"), S("', '")));
        return false;
    }
    return true;
}

static bool is_number(nu_str text)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text.ptr, &end, 10);
    return text.len && (isdigit((unsigned char)text.ptr[0]) || text.ptr[0] == '-') && !*end &&
           !errno && number >= 0 && number <= INT32_MAX;
}

static bool check_numbers(const nu_command_run *run, nu_str *wrong)
{
    for (size_t i = 0; i < OWN && nu__command_row(run->command, i); i++) {
        const nu_argument *a = nu__command_row(run->command, i);

        if (!a->number || !run->values[i].ptr || is_number(run->values[i]))
            continue;
        *wrong = nu_fmt("argument {}: invalid int value: '{}' (a whole number from 0 to {})",
                        a->name, run->values[i], (int64_t)INT32_MAX);
        return false;
    }
    return true;
}

static bool is_given(const nu_command_run *run, nu_str name)
{
    size_t i = option_at(run->command, name);

    return i < ROWS && run->flags[i];
}

static bool read_colours(nu_command_run *run, nu_str *wrong)
{
    run->no_color = is_given(run, S("--no-color"));
    run->force_color = is_given(run, S("--force-color"));
    if (run->no_color && run->force_color)
        *wrong = S("The --no-color and --force-color options can't be used together.");
    return !wrong->ptr;
}

static bool read_verbosity(nu_command_run *run, nu_str *wrong)
{
    nu_str text = run->values[option_at(run->command, S("--verbosity"))];

    if (text.len != 1 || text.ptr[0] < '0' || text.ptr[0] > '3') {
        *wrong =
            nu_fmt("argument -v/--verbosity: invalid choice: {} (choose from 0, 1, 2, 3)", text);
        return false;
    }
    run->verbosity = text.ptr[0] - '0';
    return true;
}

bool nu__command_parse(nu_command_run *run, int argc, char **argv, nu_str *wrong)
{
    char **end = argv + argc;
    size_t next = 0;
    bool options = true;

    *wrong = (nu_str){ NULL, 0 };
    run->argc = argc;
    run->argv = argv;
    for (size_t i = 0; i < ROWS; i++)
        run->values[i] = nu__command_row(run->command, i)
                             ? nu_s(nu__command_row(run->command, i)->default_)
                             : (nu_str){ NULL, 0 };
    for (char **at = argv; at < end; at++) {
        if (options && !strcmp(*at, "--"))
            options = false;
        else if (options && (!strcmp(*at, "--help") || !strcmp(*at, "-h")))
            return false;
        else if (options && !strcmp(*at, "--version") &&
                 option_at(run->command, S("--version")) >= OWN)
            return !(run->version = true);
        else if (!(options && (*at)[0] == '-' && (*at)[1]
                       ? read_option(run, &at, end, wrong)
                       : read_positional(run, *at, &next, wrong)))
            return false;
    }
    run->traceback = is_given(run, S("--traceback"));
    run->skip_checks = is_given(run, S("--skip-checks"));
    run->scriptable = is_given(run, S("--scriptable"));
    return read_colours(run, wrong) && read_verbosity(run, wrong) && check_complete(run, wrong) &&
           check_choices(run, wrong) && check_numbers(run, wrong);
}

/* ---- asking -------------------------------------------------------------------------------- */

static size_t place(const nu_command_run *run, const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (nu__command_row(run->command, i) &&
            !strcmp(nu__command_row(run->command, i)->name, name))
            return i;
    fprintf(stderr, "the command %s asks for its argument %s, which its row has not\n",
            run->command->name, name);
    abort();
}

nu_str nu_command_text(const nu_command_run *run, const char *name)
{
    return run->values[place(run, name)];
}

bool nu_command_flag(const nu_command_run *run, const char *name)
{
    return run->flags[place(run, name)];
}

int64_t nu_command_int(const nu_command_run *run, const char *name, int64_t fallback)
{
    nu_str text = nu_command_text(run, name);
    char *end;
    long long number;

    if (!text.ptr)
        return fallback;
    errno = 0;
    number = strtoll(text.ptr, &end, 10);
    if (!text.len || *end || errno)
        nu_raise(NU_USAGE_ERROR, "argument {}: invalid int value: '{}'", name, text);
    return number;
}

nu_list *nu_command_list(const nu_command_run *run, const char *name)
{
    nu_list *list = run->lists[place(run, name)];

    return list ? list : nu_list_new();
}

int64_t nu_command_verbosity(const nu_command_run *run)
{
    return run->verbosity;
}
