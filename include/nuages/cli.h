/**
 * @file
 * Management commands: what `./manage NAME …` can do.
 *
 * A command is a row: name, help, arguments, function. An app lists its own in .commands:
 *
 *     static int greet(const nu_command_run *run)
 *     {
 *         nu_command_print(run, "Hello {}\n", nu_command_text(run, "name"));
 *         return 0;
 *     }
 *     const nu_command greet_command = {
 *         .name = "greet", .help = "Greet somebody.", .run = greet,
 *         .arguments = { { "name", .help = "who" }, { "--loud", .flag = true } },
 *     };
 *
 * Commands run in a fiber, with settings, apps, models, databases and templates set up. One that
 * raises ends with status 1; with UsageError, for arguments that make no sense, with its usage and
 * status 2, as when an argument is wrong that the row describes.
 * Counterpart: django.core.management.
 */
#pragma once
#include <nuages/errors.h>

typedef struct nu_command_run nu_command_run;

typedef struct nu_argument {
    const char *name;       /* "app_label"; an option begins with dashes: "--database" */
    const char *short_name; /* "-v" */
    const char *help, *metavar;
    const char *default_;
    const char *choices;  /* the values that it may have: "hash|unified" */
    const char *const_;   /* what an option means that is given without a value: --parallel */
    const char *excludes; /* a flag that it cannot be given with: "--list" */
    bool number;          /* a whole number from 0 to 2147483647; another is a wrong argument */
    bool flag;            /* an option without a value */
    bool optional;        /* a positional that may be left out */
    bool database; /* the alias of one of the site's databases: another is a wrong argument */
    bool repeated; /* the last positional takes all that is left; an option may be given again */
} nu_argument;

typedef enum nu_command_needs {
    NU_NEEDS_ALL = 0, /* a loop, apps, models, databases, templates */
    NU_NEEDS_NO_LOOP, /* all of it, and makes its own processes: serve */
    NU_NEEDS_NOTHING, /* not even settings: help, version */
    NU_NEEDS_ITSELF,  /* settings, which it sets up by itself when it wants: test, runserver */
} nu_command_needs;

typedef struct nu_command {
    const char *name, *help;
    nu_argument arguments[24];
    int (*run)(const nu_command_run *run); /* the exit status */
    nu_command_needs needs;
    bool no_checks; /* runs over models, URLs or settings with errors, too, which stop others unless
                       --skip-checks is given. Django: requires_system_checks = [] */
    const char *checks; /* only those with this tag; NULL: all. Django: requires_system_checks */
} nu_command;

/* Arguments by their names in the row. Asking for a name that the row lacks aborts. */
nu_str nu_command_text(const nu_command_run *run, const char *name); /* null: not given */
bool nu_command_flag(const nu_command_run *run, const char *name);
/** Raises UsageError when it was given and is no whole number. */
int64_t nu_command_int(const nu_command_run *run, const char *name, int64_t fallback);
/* Of a repeated one; empty when it was not given. */
nu_list *nu_command_list(const nu_command_run *run, const char *name);
int64_t nu_command_verbosity(const nu_command_run *run); /* -v: 0 to 3; 1 */

typedef enum nu_style {
    NU_STYLE_PLAIN,
    NU_STYLE_SUCCESS,
    NU_STYLE_WARNING,
    NU_STYLE_ERROR,
    NU_STYLE_HEADING,
    NU_STYLE_LABEL
} nu_style;
/** Print to standard output; formats as nu_fmt(). Nothing below verbosity 1. */
#define nu_command_print(run, f, ...)                                                              \
    nu_command_print_((run), NU_STYLE_PLAIN, "" f, NU_ARGS(__VA_ARGS__))
/** The same in colour, where standard output is a terminal and NO_COLOR is not set. */
#define nu_command_styled(run, style, f, ...)                                                      \
    nu_command_print_((run), (style), "" f, NU_ARGS(__VA_ARGS__))
void nu_command_print_(const nu_command_run *run, nu_style style, const char *format,
                       nu_values args);

/**
 * How far a long command has come, on a terminal's standard error; nothing elsewhere, and at
 * verbosity 0.
 *
 *     nu_progress progress = nu_progress_begin(run, "Importing", n);
 *     for (…)
 *         nu_progress_step(&progress, 1);
 *     nu_progress_end(&progress);
 */
typedef struct nu_progress {
    const char *what;
    int64_t done, total;
    double shown_at;
    bool visible;
} nu_progress;
nu_progress nu_progress_begin(const nu_command_run *run, const char *what, int64_t total);
void nu_progress_step(nu_progress *progress, int64_t n);
void nu_progress_end(nu_progress *progress);

/** Run another command of the site: nu_call_command("migrate", "--noinput"). Its exit status. */
#define nu_call_command(...) nu_call_command_((const char *const[]){ __VA_ARGS__, NULL })
int nu_call_command_(const char *const *argv);
