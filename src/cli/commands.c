/* The table of commands: Nuages' own, and those of the apps. */
#include "cli/commands.h"

#include "cli/columns.h"
#include "cli/command.h"
#include "core/buf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const nu_command *const nu__builtin_commands[] = {
    &nu__check_command,
    &nu__checkproject_command,
    &nu__collectmigrations_command,
    &nu__collectstatic_command,
    &nu__compilemessages_command,
    &nu__completion_command,
    &nu__createcachetable_command,
    &nu__dbshell_command,
    &nu__diffsettings_command,
    &nu__dumpdata_command,
    &nu__embed_command,
    &nu__findstatic_command,
    &nu__flush_command,
    &nu__loaddata_command,
    &nu__inspectdb_command,
    &nu__makemessages_command,
    &nu__makemigrations_command,
    &nu__migrate_command,
    &nu__optimizemigration_command,
#ifdef NU__HAVE_PACK
    &nu__pack_command,
#endif
    &nu__runserver_command,
    &nu__sendtestemail_command,
    &nu__serve_command,
    &nu__shell_command,
    &nu__showmigrations_command,
    &nu__sqlflush_command,
    &nu__sqlmigrate_command,
    &nu__sqlsequencereset_command,
    &nu__squashmigrations_command,
    &nu__startapp_command,
    &nu__startproject_command,
    &nu__template_command,
    &nu__test_command,
    &nu__testserver_command,
    &nu__version_command,
    NULL,
};

/* The tool outside of a site has only what needs none. */
static bool available(const nu_settings *settings, const nu_command *command)
{
    return settings || command->needs == NU_NEEDS_NOTHING;
}

static const nu_command *named(const nu_command *const *commands, size_t most, const char *name)
{
    for (size_t i = 0; i < most && commands[i]; i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

const nu_command *nu__command_find(const nu_settings *settings, const char *name)
{
    const nu_command *found = NULL;

    for (size_t a = 0; settings && !found && a < 64 && settings->installed_apps[a]; a++)
        found = named(settings->installed_apps[a]->commands, 32, name);
    if (!found)
        found = named(nu__builtin_commands, SIZE_MAX, name);
    return found && available(settings, found) ? found : NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **nu__command_names(const nu_settings *settings, size_t *n)
{
    const char **names = nu_alloc_array(const char *, 64 * 32 + 64);

    *n = 0;
    names[(*n)++] = "help";
    for (size_t i = 0; nu__builtin_commands[i]; i++)
        if (available(settings, nu__builtin_commands[i]))
            names[(*n)++] = nu__builtin_commands[i]->name;
    for (size_t a = 0; settings && a < 64 && settings->installed_apps[a]; a++)
        for (size_t i = 0; i < 32 && settings->installed_apps[a]->commands[i]; i++)
            names[(*n)++] = settings->installed_apps[a]->commands[i]->name;
    qsort(names, *n, sizeof *names, by_text);
    return names;
}

static void list_commands(nu__buf *out, const nu_settings *settings, const char *owner,
                          const nu_command *const *commands, size_t most)
{
    if (!commands[0])
        return;
    nu__buf_fmt(out, "\n{}\n", nu__styled(NU_STYLE_ERROR, nu_fmt("[{}]", owner), nu__colour(1)));
    for (size_t i = 0; i < most && commands[i]; i++)
        if (available(settings, commands[i]))
            nu__wrap_row_to(out, nu_fmt("    {}", commands[i]->name), nu_s(commands[i]->help), 23,
                            nu__terminal_columns(STDOUT_FILENO));
}

nu_str nu__commands_help(const nu_settings *settings, const char *program)
{
    nu__buf out = { 0 };

    nu__buf_fmt(&out,
                "\nType '{} help <subcommand>' for help on a specific subcommand.\n\nAvailable "
                "subcommands:\n",
                program);
    list_commands(&out, settings, "nuages", nu__builtin_commands, SIZE_MAX);
    for (size_t a = 0; settings && a < 64 && settings->installed_apps[a]; a++)
        list_commands(&out, settings, settings->installed_apps[a]->name,
                      settings->installed_apps[a]->commands, 32);
    return nu__buf_str(&out);
}
