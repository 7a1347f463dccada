/* check: what is wrong with the project, before it runs. */
#include "apps/registry.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/system_checks.h"
#include "core/text.h"
#include "db/models/options.h"

typedef struct choice {
    const nu_command_run *run;
    nu_check_messages *messages;
    nu_list *tags; /* all that there are, for --list-tags and wrong ones */
} choice;

static bool contains(const nu_list *texts, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(texts); i++)
        if (nu_eq_(nu_string(nu_at(texts, i)), text))
            return true;
    return false;
}

static void note_tag(void *self, const nu_check *check, nu_str tag)
{
    choice *c = self;

    if (!contains(c->tags, tag) && (!check->deploy || nu_command_flag(c->run, "--deploy")))
        nu_list_append(c->tags, tag);
}

static void run_one(void *self, const nu_check *check, nu_str tag)
{
    choice *c = self;
    const nu_list *wanted = nu_command_list(c->run, "--tag");

    if (check->deploy && !nu_command_flag(c->run, "--deploy"))
        return;
    if (!nu_list_len(wanted) || contains(wanted, tag))
        check->run(c->messages);
}

static void check_tags(const choice *c)
{
    const nu_list *wanted = nu_command_list(c->run, "--tag");

    for (size_t i = 0; i < nu_list_len(wanted); i++)
        if (!contains(c->tags, nu_at(wanted, i).s))
            nu_raise(NU_COMMAND_ERROR, "There is no system check with the \"{}\" tag.",
                     nu_at(wanted, i));
}

/* Those that need to know the database, where one is given. */
static void check_databases(const choice *c)
{
    const nu_list *aliases = nu_command_list(c->run, "--database");
    const nu_list *wanted = nu_command_list(c->run, "--tag");

    for (size_t i = 0; i < nu_list_len(aliases); i++)
        if (!nu_list_len(wanted) || contains(wanted, S("models")))
            nu__checks_extend(
                c->messages,
                nu__models_check_database(nu__models(), nu_copy(nu_string(nu_at(aliases, i))).ptr));
}

/* The least level that ends the command with 1. */
static nu_check_level least_of(const nu_command_run *run)
{
    return nu_command_flag(run, "--fail-on-warnings")
               ? NU_CHECK_WARNING
               : nu__check_level_of(nu_command_text(run, "--fail-level"));
}

/* The labels of the apps whose models are asked for; one that no app has raises. */
static const nu_list *apps_of(const nu_command_run *run)
{
    const nu_list *labels = nu_command_list(run, "app_label");

    for (size_t i = 0; i < nu_list_len(labels); i++)
        nu__app_get(nu_at(labels, i).s);
    return labels;
}

static int list_tags(const choice *c)
{
    size_t n = nu_list_len(c->tags);
    nu_str *tags = nu_alloc_array(nu_str, n + 1);

    for (size_t i = 0; i < n; i++)
        tags[i] = nu_string(nu_at(c->tags, i));
    nu__sort_texts(tags, n);
    for (size_t i = 0; i < n; i++)
        nu_command_print(c->run, "{}\n", tags[i]);
    return 0;
}

static int check(const nu_command_run *run)
{
    nu_check_messages messages = { .list = nu_list_new(), .apps = apps_of(run) };
    choice c = { run, &messages, nu_list_new() };

    nu__checks_each(note_tag, &c);
    if (nu_command_flag(run, "--list-tags"))
        return list_tags(&c);
    check_tags(&c);
    nu__checks_each(run_one, &c);
    check_databases(&c);
    return !nu__checks_tell(run, &messages, least_of(run));
}

const nu_command nu__check_command = {
    .name = "check", .help = "Check the whole project for problems: settings, models, URLs, templates.",
    .run = check, .no_checks = true,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .help = "of models, only those of these apps" },
        { "--tag", .short_name = "-t", .repeated = true, .help = "only checks with this tag; may be given again" },
        { "--database", .database = true, .repeated = true, .help = "also what this database has not; may be given again" },
        { "--list-tags", .flag = true, .help = "name the tags" },
        { "--deploy", .flag = true, .help = "check what matters in production, too" },
        { "--fail-level", .default_ = "ERROR", .choices = "CRITICAL|ERROR|WARNING|INFO|DEBUG", .help = "the least level that ends the command with 1" },
        { "--fail-on-warnings", .flag = true, .help = "exit with 1 for warnings too" },
    },
};
