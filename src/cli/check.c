/* check: what is wrong with the project, before it runs. */
#include "cli/command.h"
#include "cli/commands.h"
#include "conf/settings.h"
#include "core/object.h"
#include "db/models/options.h"
#include "handlers/handler.h"
#include "urls/checks.h"

#include <stdio.h>
#include <string.h>

/* Messages are dicts: id, level ("error", "warning"), msg, hint, object. */
static void extend(nu_list *messages, const nu_list *more)
{
    for (size_t i = 0; more && i < nu_list_len(more); i++)
        nu_list_append_(messages, nu_at(more, i));
}

static void check_settings(nu_list *messages)
{
    nu_list *suspects = nu__setup_suspects();

    for (size_t i = 0; i < nu_list_len(suspects); i++) {
        nu_dict *each = nu_at(suspects, i).dict;

        nu_dict_set(each, "hint", nu_null());
        nu_dict_set(each, "object", "?");
        nu_list_append_(messages, V(each));
    }
}

static void print_group(const nu_list *messages, const char *level, nu_style style)
{
    bool any = false, colour = nu__colour(2);

    for (size_t i = 0; i < nu_list_len(messages); i++) {
        nu_dict *message = nu_at(messages, i).dict;
        nu_value hint = nu_item(message, "hint");
        nu_str line;

        if (!nu_eq(nu_string(nu_item(message, "level")), level))
            continue;
        if (!any)
            fprintf(stderr, "\n%s:\n", !strcmp(level, "error") ? "ERRORS" : "WARNINGS");
        any = true;
        line = nu_fmt("{}: ({}) {}", nu_item(message, "object"), nu_item(message, "id"),
                      nu_item(message, "msg"));
        fprintf(stderr, "%s\n", nu__styled(style, line, colour).ptr);
        if (nu__value_truth(hint))
            fprintf(stderr, "\tHINT: %s\n", nu_string(hint).ptr);
    }
}

static int64_t count(const nu_list *messages, const char *level)
{
    int64_t n = 0;

    for (size_t i = 0; i < nu_list_len(messages); i++)
        n += nu_eq(nu_string(nu_item(nu_at(messages, i).dict, "level")), level);
    return n;
}

static int check(const nu_command_run *run)
{
    nu_list *messages = nu_list_new();
    int64_t errors, n;

    check_settings(messages);
    extend(messages, nu__models_check(nu__models()));
    extend(messages, nu__url_checks(nu__resolver_get(nu__settings.site->root_urlconf)));
    extend(messages, nu__check_templates());
    errors = count(messages, "error");
    n = (int64_t)nu_list_len(messages);
    if (n)
        fprintf(stderr, "System check identified some issues:\n");
    print_group(messages, "error", NU_STYLE_ERROR);
    print_group(messages, "warning", NU_STYLE_WARNING);
    if (n)
        fprintf(stderr, "\n");
    nu_command_print(run, "System check identified {} issue{} (0 silenced).\n",
                     n ? nu_v_int(n) : nu_v_cstr("no"), n == 1 ? "" : "s");
    return errors || (nu_command_flag(run, "--fail-on-warnings") && n);
}

const nu_command nu__check_command = {
    .name = "check", .help = "Check the whole project for problems: settings, models, URLs, templates.",
    .run = check,
    .arguments = {
        { "--fail-on-warnings", .flag = true, .help = "exit with 1 for warnings too" },
    },
};
