/* completion: scripts that let bash, zsh and fish complete commands, options and their values. */
#include "cli/command.h"
#include "cli/commands.h"
#include "core/buf.h"
#include "core/text.h"

#include <nuages/migrations.h>
#include <stdio.h>
#include <string.h>

/* ---- what there is to complete ------------------------------------------------------------------
 */

static const char *label_of(const nu_app *app)
{
    const char *dot = strrchr(app->name, '.');

    return app->label ? app->label : dot ? dot + 1 : app->name;
}

static nu_str app_labels(const nu_settings *settings)
{
    nu__buf out = { 0 };

    for (size_t i = 0; settings && settings->installed_apps[i]; i++)
        nu__buf_fmt(&out, "{}{}", i ? " " : "", label_of(settings->installed_apps[i]));
    return nu__buf_str(&out);
}

/* "registry registry.Course registry.Student …" */
static nu_str apps_and_models(const nu_settings *settings)
{
    nu__buf out = { 0 };

    for (size_t i = 0; settings && settings->installed_apps[i]; i++) {
        const nu_app *app = settings->installed_apps[i];

        nu__buf_fmt(&out, "{}{}", i ? " " : "", label_of(app));
        for (size_t k = 0; k < 128 && app->models[k]; k++)
            if (!app->models[k]->abstract)
                nu__buf_fmt(&out, " {}.{}", label_of(app), app->models[k]->name);
    }
    return nu__buf_str(&out);
}

static nu_str migration_names(const nu_app *app)
{
    nu__buf out = { 0 };

    for (size_t i = 0; app->migrations && app->migrations[i]; i++)
        nu__buf_fmt(&out, "{}{}", i ? " " : "", app->migrations[i]->name);
    return nu__buf_str(&out);
}

static nu_str database_aliases(const nu_settings *settings)
{
    nu__buf out = { 0 };

    for (size_t i = 0; settings && settings->databases[i].alias; i++)
        nu__buf_fmt(&out, "{}{}", i ? " " : "", settings->databases[i].alias);
    return nu__buf_str(&out);
}

/* What an argument asks for, by its metavar or name. */
static const struct {
    const char *asked;
    nu_str (*values)(const nu_settings *settings);
} known[] = { { "app_label", app_labels }, { "app_label[.ModelName]", apps_and_models } };

/* The values that an argument may have, separated by blanks; empty: any. */
static nu_str values_of(const nu_settings *settings, const nu_argument *argument)
{
    if (argument->choices)
        return nu_join(S(" "), nu__split(nu_s(argument->choices), S("|")));
    if (argument->database)
        return database_aliases(settings);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].asked, argument->metavar ? argument->metavar : argument->name))
            return known[i].values(settings);
    return S("");
}

/* Whether the name of a migration follows the label of its app. */
static bool takes_migration(const nu_command *command)
{
    for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
        const nu_argument *a = nu__command_row(command, i);

        if (a && !strcmp(a->name, "migration_name"))
            return true;
    }
    return false;
}

/* Options, then the values of what has no dashes. */
static nu_str words_of(const nu_settings *settings, const nu_command *command)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "--help");
    for (size_t i = 0; i < NU__COMMAND_ROWS; i++) {
        const nu_argument *a = nu__command_row(command, i);

        if (a && nu__is_option(a))
            nu__buf_fmt(&out, " {}", a->name);
        else if (a)
            nu__buf_fmt(&out, " {}", values_of(settings, a));
    }
    return nu__buf_str(&out);
}

/* A text between apostrophes, as all three shells read it. */
static nu_str quoted(const char *text)
{
    nu__buf out = { 0 };

    for (; *text; text++) {
        if (*text == '\'')
            nu__buf_lit(&out, "'\\''");
        else
            nu__buf_char(&out, *text);
    }
    return nu__buf_str(&out);
}

typedef struct site {
    const nu_settings *settings;
    const char *program, *path;
    const char **names;
    size_t n;
} site;

/* `help` has a name, and no row. */
static const nu_command *command_at(const site *s, size_t i)
{
    static const nu_command help = { .name = "help", .help = "The commands; or what one does." };
    const nu_command *found = nu__command_find(s->settings, s->names[i]);

    return found ? found : &help;
}

/* ---- bash and zsh ------------------------------------------------------------------------------
 */

/* "migrate registry") found="0001_initial …" */
static void print_migration_cases(const site *s, size_t i, const char *indent)
{
    if (!takes_migration(command_at(s, i)))
        return;
    for (size_t k = 0; s->settings && s->settings->installed_apps[k]; k++) {
        const nu_app *app = s->settings->installed_apps[k];

        if (app->migrations)
            printf("%s\"%s %s\") found=\"%s\" ;;\n", indent, s->names[i], label_of(app),
                   migration_names(app).ptr);
    }
}

/* `case` rows: "check --fail-level") found="CRITICAL …"; then the commands alone. */
static void print_cases(const site *s, const char *indent)
{
    for (size_t i = 0; i < s->n; i++)
        print_migration_cases(s, i, indent);
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < NU__COMMAND_ROWS; k++) {
            const nu_argument *a = nu__command_row(command_at(s, i), k);
            nu_str values = a && nu__is_option(a) ? values_of(s->settings, a) : S("");

            if (values.len)
                printf("%s\"%s %s\") found=\"%s\" ;;\n", indent, s->names[i], a->name, values.ptr);
        }
    for (size_t i = 0; i < s->n; i++)
        printf("%s\"%s \"*) found=\"%s\" ;;\n", indent, s->names[i],
               words_of(s->settings, command_at(s, i)).ptr);
}

static void print_names(const site *s)
{
    for (size_t i = 0; i < s->n; i++)
        printf("%s%s", i ? " " : "", s->names[i]);
}

static void print_bash(const site *s)
{
    printf("# bash completion; load it with: source <(%s completion bash)\n_%s() {\n"
           "    local found=\"",
           s->path, s->program);
    print_names(s);
    printf("\"\n    if [ \"$COMP_CWORD\" -gt 1 ]; then\n        found=\"\"\n"
           "        case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}\" in\n");
    print_cases(s, "        ");
    printf("        esac\n    fi\n"
           "    COMPREPLY=($(compgen -W \"$found\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
           "complete -o default -F _%s %s\n",
           s->program, s->program);
}

static void print_zsh(const site *s)
{
    printf("#compdef %s\n# zsh completion; load it with: source <(%s completion zsh)\n_%s() {\n"
           "    local found=\"\"\n    if (( CURRENT == 2 )); then\n        compadd -- ",
           s->program, s->path, s->program);
    print_names(s);
    printf("\n        return\n    fi\n    case \"$words[2] $words[CURRENT-1]\" in\n");
    print_cases(s, "    ");
    /* Sourced it says what it is for; found in a folder of zsh's it is the function itself, and
     * called at once. */
    printf("    esac\n    compadd -- ${=found}\n    _files\n}\n"
           "if [[ $funcstack[1] == _%s ]]; then\n    _%s \"$@\"\n"
           "elif (( $+functions[compdef] )); then\n    compdef _%s %s\nfi\n",
           s->program, s->program, s->program, s->program);
}

/* ---- fish --------------------------------------------------------------------------------------
 */

static void print_fish_argument(const site *s, const char *name, const nu_argument *a)
{
    nu_str values = values_of(s->settings, a);

    printf("complete -c %s -n '__fish_seen_subcommand_from %s", s->program, name);
    if (!strcmp(a->name, "app_label") && takes_migration(nu__command_find(s->settings, name)))
        printf("; and not __fish_seen_subcommand_from %s", app_labels(s->settings).ptr);
    printf("'");
    if (nu__is_option(a))
        printf(" -l %s%s -d '%s'", a->name + 2, a->flag || a->const_ ? "" : " -r",
               quoted(a->help ? a->help : "").ptr);
    if (values.len)
        printf(" -f -a '%s'", values.ptr);
    printf("\n");
}

static void print_fish_migrations(const site *s, size_t i)
{
    if (!takes_migration(command_at(s, i)))
        return;
    for (size_t k = 0; s->settings && s->settings->installed_apps[k]; k++) {
        const nu_app *app = s->settings->installed_apps[k];

        if (app->migrations)
            printf("complete -c %s -n '__fish_seen_subcommand_from %s; and "
                   "__fish_seen_subcommand_from %s' -f -a '%s'\n",
                   s->program, s->names[i], label_of(app), migration_names(app).ptr);
    }
}

static void print_fish(const site *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const nu_command *command = command_at(s, i);

        printf("complete -c %s -f -n __fish_use_subcommand -a %s -d '%s'\n", s->program,
               s->names[i], quoted(command->help ? command->help : "").ptr);
        printf("complete -c %s -n '__fish_seen_subcommand_from %s' -l help -d 'its arguments'\n",
               s->program, s->names[i]);
        for (size_t k = 0; k < NU__COMMAND_ROWS; k++) {
            const nu_argument *a = nu__command_row(command, k);

            if (a && (nu__is_option(a) || values_of(s->settings, a).len))
                print_fish_argument(s, s->names[i], a);
        }
        print_fish_migrations(s, i);
    }
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int completion(const nu_command_run *run)
{
    static const struct {
        const char *shell;
        void (*print)(const site *s);
    } shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };
    const char *slash = strrchr(run->program, '/');
    site s = { .settings = run->settings,
               .program = slash ? slash + 1 : run->program,
               .path = run->program };

    s.names = nu__command_names(run->settings, &s.n);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (nu_eq(nu_command_text(run, "shell"), shells[i].shell))
            shells[i].print(&s);
    return 0;
}

const nu_command nu__completion_command = {
    .name = "completion",
    .help = "Print what lets a shell complete commands, options and their values: source "
            "<(./manage completion bash)",
    .run = completion,
    .needs = NU_NEEDS_NOTHING,
    .arguments = { { "shell", .choices = "bash|zsh|fish", .help = "bash, zsh or fish" } },
};
