/* nu_main(): from argv to a command's exit status. */
#include "cli/command.h"
#include "cli/system_checks.h"
#include "conf/dotenv.h"
#include "conf/settings.h"
#include "core/context.h"
#include "core/error.h"
#include "core/suggest.h"
#include "db/connection.h"
#include "handlers/handler.h"
#include "loop/loop.h"

#include <nuages/version.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct invocation {
    const nu_settings *settings;
    int argc;
    char **argv;
    nu_command_run run;
    int status;
} invocation;

typedef struct report {
    const nu_command_run *run;
    const nu_error *error;
} report;

static void print_report(void *arg)
{
    const nu_command_run *run = ((report *)arg)->run;
    const nu_error *error = ((report *)arg)->error;
    bool colour = nu__run_colour(run, STDERR_FILENO);
    nu_str text = nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message);
    nu_str place = nu__error_place(error);

    if (place.len)
        text = nu_fmt("{}\n  in the template {}", text, place);
    fprintf(stderr, "%s\n", nu__styled(NU_STYLE_ERROR, text, colour).ptr);
    for (; run->traceback && error; error = error->cause)
        fprintf(stderr, "  raised at %s:%d: %s: %s\n", error->file, error->line,
                nu_error_class_name(error->klass), nu_copy(error->message).ptr);
}

/* Where there is no memory to dress it, as it is. */
static void print_error(const nu_command_run *run, const nu_error *error)
{
    report report = { run, error };

    if (nu__guard(print_report, &report))
        fprintf(stderr, "%s: %.*s\n", nu_error_class_name(error->klass), (int)error->message.len,
                error->message.ptr);
}

static int usage_error(const nu_command_run *run, nu_str wrong)
{
    fprintf(stderr, "%s\n%s %s: error: %s\n", nu__command_usage(run).ptr, run->program,
            run->command->name, wrong.ptr);
    return NU__USAGE_ERROR;
}

int nu__command_failed(const nu_command_run *run, const nu_error *error)
{
    if (nu_error_is_a(error->klass, NU_USAGE_ERROR))
        return usage_error(run, nu_copy(error->message));
    print_error(run, error);
    return error->klass == NU_CANCELLED ? 130 : 1;
}

static int unknown_command(const nu_settings *settings, const char *program, const char *name)
{
    size_t n;
    const char **names = nu__command_names(settings, &n);
    const char *meant = nu__suggest(nu_s(name), names, n);

    fprintf(stderr, "Unknown command: '%s'", name);
    if (meant)
        fprintf(stderr, ". Did you mean %s?", meant);
    fprintf(stderr, "\nType '%s help' for usage.\n", program);
    return 1;
}

/* ---- running ------------------------------------------------------------------------------- */

/* Whether the project is sane enough for it; what is wrong is told. Those without a loop, or that
   set up by themselves, could not wait for a check that queries. */
static bool may_run(const nu_command_run *run)
{
    return run->skip_checks || run->command->no_checks || run->command->needs != NU_NEEDS_ALL ||
           nu__checks_pass(run);
}

static void set_up_and_run(void *arg)
{
    invocation *i = arg;
    nu_str wrong;

    if (i->run.command->needs != NU_NEEDS_NOTHING && i->run.command->needs != NU_NEEDS_ITSELF)
        nu__setup(i->settings);
    wrong = nu__command_wrong_alias(&i->run);
    if (wrong.ptr)
        i->status = usage_error(&i->run, wrong);
    else
        i->status = may_run(&i->run) ? i->run.command->run(&i->run) : 1;
}

void nu__command_setup(const nu_command_run *run)
{
    nu__setup(run->settings);
}

static int guarded(void *arg)
{
    invocation *i = arg;
    const nu_error *error = nu__guard(set_up_and_run, i);

    /* whoever copies the file afterwards finds all of it there, not in a write-ahead log */
    if (i->run.command->needs == NU_NEEDS_ALL)
        nu__databases_close();
    return error ? nu__command_failed(&i->run, error) : i->status;
}

static void read_dotenv(void *unused)
{
    (void)unused;
    nu__dotenv_load(".env");
}

/* Before the settings are looked at; a site alone has one. */
static bool take_dotenv(const invocation *i)
{
    const nu_error *error = i->settings ? nu__guard(read_dotenv, NULL) : NULL;

    if (error)
        print_error(&i->run, error);
    return !error;
}

static int run_command(invocation *i)
{
    if (!take_dotenv(i))
        return 1;
    if (i->run.command->needs == NU_NEEDS_ALL)
        return nu__loop_main(guarded, i);
    return guarded(i);
}

/* "./manage help NAME" is "./manage NAME --help". */
static int dispatch(invocation *i)
{
    const char *name = i->argc > 1 ? i->argv[1] : "help";
    bool help = !strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h");
    nu_str wrong;

    if (help && i->argc > 2 && strcmp(i->argv[2], "help") != 0)
        name = i->argv[2];
    else if (help)
        return fputs(nu__commands_help(i->settings, i->argv[0]).ptr, stdout) < 0;
    if (!strcmp(name, "--version"))
        name = "version";
    i->run = (nu_command_run){ .command = nu__command_find(i->settings, name),
                               .settings = i->settings,
                               .program = i->argv[0],
                               .verbosity = 1 };
    if (!i->run.command)
        return unknown_command(i->settings, i->argv[0], name);
    if (!help && nu__command_parse(&i->run, i->argc - 2, i->argv + 2, &wrong))
        return run_command(i);
    if (i->run.version)
        return printf("%s\n", NU_VERSION) < 0;
    if (!help && wrong.ptr)
        return usage_error(&i->run, wrong);
    return fputs(nu__command_help(&i->run).ptr, stdout) < 0;
}

int nu_main(int argc, char **argv, const nu_settings *settings)
{
    invocation i = { .settings = settings, .argc = argc, .argv = argv };
    nu__context context;
    int status;

    nu__context_init(&context, argc > 1 ? argv[1] : "manage");
    nu__here = &context;
    status = dispatch(&i);
    fflush(stdout);
    nu__here = NULL;
    nu__context_release(&context);
    return status;
}

int nu_call_command_(const char *const *argv)
{
    const nu_settings *settings = nu__settings.site;
    nu_command_run run = { .settings = settings,
                           .program = "manage",
                           .verbosity = 1,
                           .command = nu__command_find(settings, argv[0]) };
    int argc = 0;
    nu_str wrong;

    if (!run.command)
        nu_raise(NU_COMMAND_ERROR, "Unknown command: '{}'.", argv[0]);
    while (argv[argc + 1])
        argc++;
    if (!nu__command_parse(&run, argc, (char **)argv + 1, &wrong))
        nu_raise(NU_COMMAND_ERROR, "{}: {}", argv[0],
                 wrong.ptr ? wrong : S("--help and --version have no place in a call"));
    wrong = nu__command_wrong_alias(&run);
    if (wrong.ptr)
        nu_raise(NU_COMMAND_ERROR, "{}: {}", argv[0], wrong);
    return run.command->run(&run);
}
