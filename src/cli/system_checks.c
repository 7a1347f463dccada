/* The checks that there are, what they find, and telling it: for `check`, and before other
 * commands. */
#include "cli/system_checks.h"

#include "apps/registry.h"
#include "cli/check_caches.h"
#include "cli/check_security.h"
#include "cli/check_staticfiles.h"
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
#include <sys/stat.h>
#include <unistd.h>

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

nu_check_level nu__check_level_of(nu_str word)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (nu_eq(nu_lower(word), levels[i].word))
            return levels[i].level;
    return NU_CHECK_ERROR;
}

static bool is_as_grave(const nu_dict *message, nu_check_level least)
{
    return nu__check_level_of(nu_string(nu_item(message, "level"))) >= least;
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

void nu__checks_extend(nu_check_messages *messages, const nu_list *more)
{
    for (size_t i = 0; more && i < nu_list_len(more); i++)
        take(messages, nu_at(more, i).dict);
}

/* What is told at start-up, too; those whose ids begin so. */
static void take_suspects(nu_check_messages *messages, const char *ids)
{
    nu_list *suspects = nu__setup_suspects();

    for (size_t i = 0; i < nu_list_len(suspects); i++) {
        nu_dict *each = nu_at(suspects, i).dict;

        if (!nu_starts_with(nu_string(nu_item(each, "id")), nu_s(ids)))
            continue;
        nu_dict_set(each, "hint", nu_null());
        nu_dict_set(each, "object", "?");
        take(messages, each);
    }
}

static void check_settings(nu_check_messages *messages)
{
    take_suspects(messages, "nuages.");
}

static void check_translation(nu_check_messages *messages)
{
    take_suspects(messages, "translation.");
}

static void check_staticfiles(nu_check_messages *messages)
{
    nu__check_staticfiles(messages);
    take_suspects(messages, "staticfiles.");
}

static void check_files(nu_check_messages *messages)
{
    nu_str folder = nu__settings.file_upload_temp_dir;
    struct stat st;

    if (folder.len && (stat(folder.ptr, &st) || !S_ISDIR(st.st_mode)))
        nu_check_add(messages, NU_CHECK_ERROR, "files.E001",
                     nu_fmt("The FILE_UPLOAD_TEMP_DIR setting refers to the nonexistent directory "
                            "'{}'.",
                            folder),
                     (nu_str){ 0 }, (nu_str){ 0 });
}

/* Of "shop.Order.total", the object of a message about models; "?" stands for several. */
static bool is_of_app(nu_str object, const nu_list *labels)
{
    bool found = !nu_list_len(labels) || nu_eq(object, "?");

    for (size_t i = 0; i < nu_list_len(labels); i++)
        found |= nu_starts_with(object, nu_fmt("{}.", nu_at(labels, i)));
    return found;
}

static void check_models(nu_check_messages *messages)
{
    const nu_list *all = nu__models_check(nu__models());
    nu_list *wanted = nu_list_new();

    for (size_t i = 0; all && i < nu_list_len(all); i++)
        if (is_of_app(nu_string(nu_item(nu_at(all, i).dict, "object")), messages->apps))
            nu_list_append(wanted, nu_at(all, i));
    nu__checks_extend(messages, wanted);
}

static void check_urls(nu_check_messages *messages)
{
    if (nu__settings.site->root_urlconf) /* a site may have commands only */
        nu__checks_extend(messages,
                          nu__url_checks(nu__resolver_get(nu__settings.site->root_urlconf)));
}

static void check_templates(nu_check_messages *messages)
{
    nu__checks_extend(messages, nu__check_templates());
}

/* What the migrations that are still to be applied would do to a site that runs. A database that
   cannot be reached has no say in it. */
static void check_migrations(nu_check_messages *messages)
{
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, nu__checks_extend(messages, nu__lint_unapplied(NULL)));

    (void)error;
}

/* `before`: what runs before other commands. Nothing where it was told when the site was set up, or
   the check is ours alone, not Django's: a template that does not compile, or a lock that a
   migration takes, stops no command. */
static const struct {
    nu_check check;
    void (*before)(nu_check_messages *messages);
} builtin[] = {
    { { check_settings, .tag = "settings" }, .before = NULL },
    { { check_translation, .tag = "translation" }, .before = check_translation },
    { { check_files, .tag = "files" }, .before = check_files },
    { { check_models, .tag = "models" }, .before = check_models },
    { { check_urls, .tag = "urls" }, .before = check_urls },
    { { nu__check_caches, .tag = "caches" }, .before = nu__check_caches },
    { { nu__check_cache_folders, .tag = "caches", .deploy = true }, .before = NULL },
    { { check_staticfiles, .tag = "staticfiles" }, .before = nu__check_staticfiles },
    { { check_templates, .tag = "templates" }, .before = NULL },
    { { check_migrations, .tag = "migrations" }, .before = NULL },
    { { nu__check_security, .tag = "security", .deploy = true }, .before = NULL },
};
enum { BUILTIN = sizeof builtin / sizeof *builtin, MOST_OF_AN_APP = 8 };

/* Every check of every app. */
static void each_of_apps(nu__check_visitor *visit, void *self)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < MOST_OF_AN_APP && apps[i].app->checks[k].run; k++) {
            const nu_check *check = &apps[i].app->checks[k];

            visit(self, check, check->tag ? nu_s(check->tag) : apps[i].label);
        }
}

void nu__checks_each(nu__check_visitor *visit, void *self)
{
    for (size_t i = 0; i < BUILTIN; i++)
        visit(self, &builtin[i].check, nu_s(builtin[i].check.tag));
    each_of_apps(visit, self);
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

static void print_level(const nu_list *messages, size_t which, bool colour)
{
    bool any = false;

    for (size_t i = 0; i < nu_list_len(messages); i++) {
        const nu_dict *message = nu_at(messages, i).dict;

        if (!nu_eq(nu_string(nu_item(message, "level")), levels[which].word))
            continue;
        if (!any)
            fprintf(stderr, "\n%s:\n", levels[which].title);
        any = true;
        print_message(message, levels[which].style, colour);
    }
}

/* To standard error, the gravest first. */
static void print_messages(const nu_list *messages, bool colour)
{
    for (size_t i = 0; i < LEVELS; i++)
        print_level(messages, i, colour);
}

bool nu__checks_have(const nu_list *messages, nu_check_level least)
{
    for (size_t i = 0; i < nu_list_len(messages); i++)
        if (is_as_grave(nu_at(messages, i).dict, least))
            return true;
    return false;
}

/* ---- before a command ------------------------------------------------------------------------ */

typedef struct gathering {
    nu_check_messages *messages;
    const char *tag; /* only these; NULL: all */
} gathering;

static void run_of_app(void *self, const nu_check *check, nu_str tag)
{
    const gathering *g = self;

    if (!check->deploy && !nu_eq(tag, "database") && /* whose tables may not be there yet */
        (!g->tag || nu_eq(tag, g->tag)))
        check->run(g->messages);
}

static nu_check_messages gathered(const char *tag)
{
    nu_check_messages messages = { nu_list_new(), 0 };
    gathering g = { &messages, tag };

    for (size_t i = 0; i < BUILTIN; i++)
        if (builtin[i].before && (!tag || !strcmp(builtin[i].check.tag, tag)))
            builtin[i].before(&messages);
    each_of_apps(run_of_app, &g);
    return messages;
}

static bool tell(const nu_command_run *run, const nu_check_messages *messages, nu_check_level least)
{
    bool colour = nu__run_colour(run, STDERR_FILENO), failed;
    nu_str heading = S("System check identified some issues:");

    failed = nu__checks_have(messages->list, least);
    if (failed)
        heading = nu__styled(NU_STYLE_ERROR, nu_fmt("SystemCheckError: {}", heading), colour);
    if (nu_list_len(messages->list))
        fprintf(stderr, "%s\n", heading.ptr);
    print_messages(messages->list, colour);
    return !failed;
}

bool nu__checks_tell(const nu_command_run *run, const nu_check_messages *messages,
                     nu_check_level least)
{
    size_t n = nu_list_len(messages->list);
    bool passed = tell(run, messages, least);
    nu_str counted =
        nu_fmt("System check identified {} issue{} ({} silenced).\n",
               n ? nu_v_int((int64_t)n) : nu_v_cstr("no"), n == 1 ? "" : "s", messages->silenced);

    if (n)
        fprintf(stderr, "\n%s", counted.ptr);
    else
        nu_command_print(run, "{}", counted);
    return passed;
}

bool nu__checks_pass(const nu_command_run *run)
{
    nu_check_messages messages = gathered(run->command->checks);

    return tell(run, &messages, NU_CHECK_ERROR);
}

bool nu__checks_pass_aloud(const nu_command_run *run)
{
    nu_check_messages messages = gathered(run->command->checks);

    return nu__checks_tell(run, &messages, NU_CHECK_ERROR);
}
