/**
 * @file
 * Finding a command, reading its arguments, running it.
 */
#pragma once
#include <nuages/cli.h>
#include <nuages/conf.h>

enum { NU__USAGE_ERROR = 2 };

/* Those of Nuages; ends with NULL. */
extern const nu_command *const nu__builtin_commands[];
/* By name, an app's before a built-in one of that name; NULL when there is none. */
const nu_command *nu__command_find(const nu_settings *settings, const char *name);
/* Every name, sorted, for help and suggestions. */
const char **nu__command_names(const nu_settings *settings, size_t *n);

struct nu_command_run {
    const nu_command *command;
    const nu_settings *settings;
    const char *program; /* "./manage" */
    int argc;            /* what follows the command's name, as it was given */
    char **argv;
    nu_str values[32]; /* by the argument's place in the row, then the common ones */
    bool flags[32];
    nu_list *lists[32]; /* of what may be repeated; NULL: not given */
    int64_t verbosity;
    bool traceback, no_color, force_color, version, skip_checks;
    bool scriptable; /* standard output has the paths of what was written alone, standard error the
                        rest */
};

/* Fill in `run` from what follows the command's name. false: *wrong says what is wrong, or is null
   when --help, or with run->version --version, was asked for. */
bool nu__command_parse(nu_command_run *run, int argc, char **argv, nu_str *wrong);
/* What is wrong with a database that an argument names, as nu__command_parse() says it; null when
   all are there. With the settings set up. */
nu_str nu__command_wrong_alias(const nu_command_run *run);
/* The same for one value of one argument. */
nu_str nu__command_unknown_alias(const char *argument, nu_str alias);
/* The arguments by place, a command's own before the common ones; NULL: none is there. */
enum { NU__COMMAND_ROWS = 32 };
const nu_argument *nu__command_row(const nu_command *command, size_t i);
/* --name, not a positional one. */
bool nu__is_option(const nu_argument *argument);
nu_str nu__command_usage(const nu_command_run *run);
/* Tell on standard error what a command raised. Its exit status: 2 for UsageError, 130 for a
   cancellation, 1 for the others. */
int nu__command_failed(const nu_command_run *run, const nu_error *error);
nu_str nu__command_help(const nu_command_run *run);
/* Set the site up as for a command that needs all of it; for those that say they need nothing. */
void nu__command_setup(const nu_command_run *run);
/* With --scriptable: the path of a file that was written, on standard output. */
void nu__command_tell_path(const nu_command_run *run, nu_str path);
/* The list of commands, by app. */
nu_str nu__commands_help(const nu_settings *settings, const char *program);
bool nu__colour(int fd);
/* The same as the command's own options want it. */
bool nu__run_colour(const nu_command_run *run, int fd);
nu_str nu__styled(nu_style style, nu_str text, bool colour);
