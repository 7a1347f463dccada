/* check: what is wrong with the project, before it runs. */
#include "apps/registry.h"
#include "cli/check_security.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/migrations_check.h"
#include "conf/settings.h"
#include "core/object.h"
#include "db/models/options.h"
#include "handlers/handler.h"
#include "urls/checks.h"

#include <stdio.h>
#include <string.h>

/* Messages are dicts: id, level ("error", "warning"…), msg, hint, object. */
struct nu_check_messages {
    nu_list *list;
    int64_t silenced;
};

static const struct {
    nu_check_level level;
    const char *word, *title;
    nu_style style;
} levels[] = {
    { NU_CHECK_CRITICAL, "critical", "CRITICALS", NU_STYLE_ERROR },
    { NU_CHECK_ERROR, "error", "ERRORS", NU_STYLE_ERROR },
    { NU_CHECK_WARNING, "warning", "WARNINGS", NU_STYLE_WARNING },
    { NU_CHECK_INFO, "info", "INFOS", NU_STYLE_PLAIN },
    { NU_CHECK_DEBUG, "debug", "DEBUGS", NU_STYLE_PLAIN },
};
enum { LEVELS = sizeof levels / sizeof *levels };

static const char *word_of(nu_check_level level)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (levels[i].level == level)
            return levels[i].word;
    return "error";
}

static nu_check_level level_of(nu_str word)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (nu_eq(nu_lower(word), levels[i].word))
            return levels[i].level;
    return NU_CHECK_ERROR;
}

/* ---- gathering ------------------------------------------------------------------------------- */

static bool is_silenced(nu_str id)
{
    const nu__conf_list *silenced = &nu__settings.silenced_system_checks;

    for (size_t i = 0; i < silenced->len; i++)
        if (nu_eq_(silenced->items[i], id))
            return true;
    return false;
}

static void take(nu_check_messages *messages, nu_dict *message)
{
    if (is_silenced(nu_string(nu_item(message, "id"))))
        messages->silenced++;
    else
        nu_list_append(messages->list, message);
}

void nu_check_add(nu_check_messages *messages, nu_check_level level, const char *id, nu_str message,
                  nu_str hint, nu_str object)
{
    take(messages, NU_DICT(("id", id), ("level", word_of(level)), ("msg", message), ("hint", hint),
                           ("object", object.ptr ? object : S("?"))));
}

static void extend(nu_check_messages *messages, const nu_list *more)
{
    for (size_t i = 0; more && i < nu_list_len(more); i++)
        take(messages, nu_at(more, i).dict);
}

static void check_settings(nu_check_messages *messages)
{
    nu_list *suspects = nu__setup_suspects();

    for (size_t i = 0; i < nu_list_len(suspects); i++) {
        nu_dict *each = nu_at(suspects, i).dict;

        nu_dict_set(each, "hint", nu_null());
        nu_dict_set(each, "object", "?");
        take(messages, each);
    }
}

static void check_models(nu_check_messages *messages)
{
    extend(messages, nu__models_check(nu__models()));
}

static void check_urls(nu_check_messages *messages)
{
    if (nu__settings.site->root_urlconf) /* a site may have commands only */
        extend(messages, nu__url_checks(nu__resolver_get(nu__settings.site->root_urlconf)));
}

static void check_templates(nu_check_messages *messages)
{
    extend(messages, nu__check_templates());
}

/* What the migrations that are still to be applied would do to a site that runs. A database that
   cannot be reached has no say in it. */
static void check_migrations(nu_check_messages *messages)
{
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, extend(messages, nu__lint_unapplied(NULL)));

    (void)error;
}

static const nu_check builtin[] = {
    { check_settings, .tag = "settings" },
    { check_models, .tag = "models" },
    { check_urls, .tag = "urls" },
    { check_templates, .tag = "templates" },
    { check_migrations, .tag = "migrations" },
    { nu__check_security, .tag = "security", .deploy = true },
};
enum { BUILTIN = sizeof builtin / sizeof *builtin };

/* ---- choosing -------------------------------------------------------------------------------- */

/* Call `visit` for every check, with its tag. */
static void each_check(void (*visit)(void *self, const nu_check *check, nu_str tag), void *self)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < BUILTIN; i++)
        visit(self, &builtin[i], nu_s(builtin[i].tag));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 8 && apps[i].app->checks[k].run; k++) {
            const nu_check *check = &apps[i].app->checks[k];

            visit(self, check, check->tag ? nu_s(check->tag) : apps[i].label);
        }
}

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
            extend(c->messages, nu__models_check_database(
                                    nu__models(), nu_copy(nu_string(nu_at(aliases, i))).ptr));
}

/* ---- telling --------------------------------------------------------------------------------- */

static void print_message(const nu_dict *message, nu_style style, bool colour)
{
    nu_value hint = nu_item(message, "hint");
    nu_str line = nu_fmt("{}: ({}) {}", nu_item(message, "object"), nu_item(message, "id"),
                         nu_item(message, "msg"));

    fprintf(stderr, "%s\n", nu__styled(style, line, colour).ptr);
    if (nu__value_truth(hint))
        fprintf(stderr, "\tHINT: %s\n", nu_string(hint).ptr);
}

static void print_level(const nu_list *messages, size_t which)
{
    bool any = false;

    for (size_t i = 0; i < nu_list_len(messages); i++) {
        const nu_dict *message = nu_at(messages, i).dict;

        if (!nu_eq(nu_string(nu_item(message, "level")), levels[which].word))
            continue;
        if (!any)
            fprintf(stderr, "\n%s:\n", levels[which].title);
        any = true;
        print_message(message, levels[which].style, nu__colour(2));
    }
}

/* Whether one is as grave as --fail-level says. */
static bool fails(const nu_command_run *run, const nu_list *messages)
{
    nu_check_level least = nu_command_flag(run, "--fail-on-warnings")
                               ? NU_CHECK_WARNING
                               : level_of(nu_command_text(run, "--fail-level"));

    for (size_t i = 0; i < nu_list_len(messages); i++)
        if (level_of(nu_string(nu_item(nu_at(messages, i).dict, "level"))) >= least)
            return true;
    return false;
}

static int check(const nu_command_run *run)
{
    nu_check_messages messages = { nu_list_new(), 0 };
    choice c = { run, &messages, nu_list_new() };
    size_t n;

    each_check(note_tag, &c);
    if (nu_command_flag(run, "--list-tags")) {
        for (size_t i = 0; i < nu_list_len(c.tags); i++)
            nu_command_print(run, "{}\n", nu_at(c.tags, i));
        return 0;
    }
    check_tags(&c);
    each_check(run_one, &c);
    check_databases(&c);
    n = nu_list_len(messages.list);
    if (n)
        fprintf(stderr, "System check identified some issues:\n");
    for (size_t i = 0; i < LEVELS; i++)
        print_level(messages.list, i);
    if (n)
        fprintf(stderr, "\n");
    nu_command_print(run, "System check identified {} issue{} ({} silenced).\n",
                     n ? nu_v_int((int64_t)n) : nu_v_cstr("no"), n == 1 ? "" : "s",
                     messages.silenced);
    return fails(run, messages.list);
}

const nu_command nu__check_command = {
    .name = "check", .help = "Check the whole project for problems: settings, models, URLs, templates.",
    .run = check,
    .arguments = {
        { "--tag", .short_name = "-t", .repeated = true, .help = "only checks with this tag; may be given again" },
        { "--database", .database = true, .repeated = true, .help = "also what this database has not; may be given again" },
        { "--list-tags", .flag = true, .help = "name the tags" },
        { "--deploy", .flag = true, .help = "check what matters in production, too" },
        { "--fail-level", .default_ = "ERROR", .choices = "CRITICAL|ERROR|WARNING|INFO|DEBUG", .help = "the least level that ends the command with 1" },
        { "--fail-on-warnings", .flag = true, .help = "exit with 1 for warnings too" },
    },
};
