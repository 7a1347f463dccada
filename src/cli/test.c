/* test: the site's tests. */
#include "auth/management.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/system_checks.h"
#include "db/models/flush.h"
#include "handlers/handler.h"
#include "serializers/serializer.h"
#include "test/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

static void migrate(const char *alias)
{
    nu_call_command("migrate", "--noinput", "--database", alias, "-v", "0");
}

/* After a test without a transaction: the tables as migrate leaves them. */
static void flush(const char *alias)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    nu__flush(nu__connection_of(alias), false);
    for (size_t i = 0; i < n && nu__app_find(S("auth")); i++)
        nu__permissions_create(apps[i].app);
}

static void load_fixtures(const char *const *names)
{
    nu_list *labels = nu_list_new();

    for (size_t i = 0; i < 8 && names[i]; i++)
        nu_list_append(labels, names[i]);
    nu__fixtures_load(&(const nu__fixture_options){ .labels = labels, .using = "default" });
}

/* Tests must not depend on a secret of production. */
static void set_up(const nu_command_run *run)
{
    const char *name = run->settings->secret_key_env;

    if (!run->settings->secret_key)
        setenv(name ? name : "SECRET_KEY", "a key of the tests, which protects nothing", 0);
    nu__setup(run->settings);
}

static bool check(void *arg)
{
    const nu_command_run *run = arg;

    return run->skip_checks || nu__checks_pass_apart(run, false);
}

static int64_t seed_of(const nu_command_run *run)
{
    uint32_t seed = 0;

    if (nu_command_text(run, "--shuffle").len)
        return nu_command_int(run, "--shuffle", 0);
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        nu_raise(NU_OS_ERROR, "the system gives no random bytes for a seed");
    return seed % 1000000000;
}

static int64_t processes_of(const nu_command_run *run)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    nu_str given = nu_command_text(run, "--parallel");
    int64_t n = nu_eq(given, "auto") ? cores : nu_command_int(run, "--parallel", 1);

    if (n < 1 || n > 64)
        nu_raise(NU_COMMAND_ERROR, "argument --parallel: {} is not between 1 and 64", n);
    return n;
}

static int test(const nu_command_run *run)
{
    set_up(run);
    nu__case_hooks_installed = (nu__case_hooks){ load_fixtures, flush };
    return nu__test_main(&(const nu__test_options){
        .labels = nu_command_list(run, "test_label"),
        .patterns = nu_command_list(run, "-k"),
        .tags = nu_command_list(run, "--tag"),
        .exclude_tags = nu_command_list(run, "--exclude-tag"),
        .failfast = nu_command_flag(run, "--failfast"),
        .keepdb = nu_command_flag(run, "--keepdb"),
        .reverse = nu_command_flag(run, "--reverse"),
        .shuffle = nu_command_text(run, "--shuffle").ptr != NULL,
        .seed = nu_command_text(run, "--shuffle").ptr ? seed_of(run) : 0,
        .buffer = nu_command_flag(run, "--buffer"),
        .debug_sql = nu_command_flag(run, "--debug-sql"),
        .timing = nu_command_flag(run, "--timing"),
        .last_failed = nu_command_flag(run, "--last-failed"),
        .list = nu_command_flag(run, "--list"),
        .debug_mode = nu_command_flag(run, "--debug-mode"),
        .durations = nu_command_int(run, "--durations", 0),
        .time_limit = (double)nu_command_int(run, "--time-limit", 300),
        .processes = processes_of(run),
        .verbosity = nu_command_verbosity(run),
        .junit = nu_command_text(run, "--junit"),
        .colour = nu__run_colour(run, STDERR_FILENO),
        .migrate = migrate,
        .check = check,
        .self = (void *)(uintptr_t)run,
    });
}

const nu_command nu__test_command = {
    .name = "test", .help = "Run the tests of the installed apps, or those that the labels name.",
    .run = test, .needs = NU_NEEDS_ITSELF,
    .arguments = {
        { "test_label", .optional = true, .repeated = true, .help = "an app, or app.test" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing (nothing is asked)" },
        { "--failfast", .flag = true, .help = "stop at the first failure" },
        { "--reverse", .short_name = "-r", .flag = true, .help = "in the opposite order" },
        { "--keepdb", .flag = true, .help = "keep the test databases between runs" },
        { "--shuffle", .const_ = "", .metavar = "[SEED]", .help = "in an order by chance, which the seed gives again" },
        { "--debug-mode", .flag = true, .help = "with DEBUG on" },
        { "--debug-sql", .short_name = "-d", .flag = true, .help = "show the statements of tests that fail; with -v 2 of all" },
        { "--timing", .flag = true, .help = "tell what the databases and the whole run took" },
        { "--parallel", .const_ = "auto", .metavar = "[N]", .default_ = "1", .help = "so many processes, each with databases of its own; auto: one for each core" },
        { "--tag", .repeated = true, .help = "only tests with this tag; may be given again" },
        { "--exclude-tag", .repeated = true, .help = "no tests with this tag; may be given again" },
        { "-k", .repeated = true, .metavar = "PATTERN", .help = "only tests whose names contain it, or match its * and ?; may be given again" },
        { "--buffer", .short_name = "-b", .flag = true, .help = "show what a test prints only where it fails" },
        { "--durations", .metavar = "N", .help = "show the N slowest" },
        { "--last-failed", .short_name = "--lf", .flag = true, .help = "only those that failed when they last ran; all where none did" },
        { "--junit", .metavar = "FILE", .help = "write the results as JUnit's XML" },
        { "--list", .flag = true, .help = "name the tests, and run none" },
        { "--time-limit", .metavar = "SECONDS", .default_ = "300", .help = "end a test that takes longer; 0: none" },
    },
};
