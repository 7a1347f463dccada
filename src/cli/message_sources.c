#include "cli/message_sources.h"

#include "core/text.h"
#include "files/walk.h"

#include <nuages/errors.h>

enum { MOST_SOURCES = 4096 };

typedef struct finding {
    const nu_command_run *run;
    nu_str source;
    nu_list *extensions;
    nu__message_sources found;
} finding;

bool nu__is_javascript(const nu_command_run *run)
{
    return nu_eq(nu_command_text(run, "--domain"), "djangojs");
}

/* Those of --extension, "html,txt" or given again, with their dots. */
static nu_list *extensions_of(const finding *c)
{
    nu_list *given = nu_command_list(c->run, "--extension"), *all = nu_list_new();

    if (!nu_list_len(given))
        nu_list_append(given, nu__is_javascript(c->run) ? "js" : "html,txt");
    for (size_t i = 0; i < nu_list_len(given); i++) {
        nu_list *parts = nu__split(nu__replace(nu_at(given, i).s, S(" "), S("")), S(","));

        for (size_t k = 0; k < nu_list_len(parts); k++)
            nu_list_append(all, nu_starts_with(nu_at(parts, k).s, S("."))
                                    ? nu_at(parts, k).s
                                    : nu_fmt(".{}", nu_at(parts, k)));
    }
    return all;
}

static bool has_ending(nu_str path, const nu_list *endings)
{
    for (size_t i = 0; i < nu_list_len(endings); i++)
        if (nu_ends_with(path, nu_at(endings, i).s))
            return true;
    return false;
}

/* Which of the lists a file belongs to by its name; NULL: none. */
static nu_list *list_for(const finding *c, nu_str path)
{
    if (nu__is_javascript(c->run))
        return has_ending(path, c->extensions) ? c->found.code : NULL;
    if (nu_ends_with(path, S(".c")) || nu_ends_with(path, S(".h")))
        return c->found.code;
    return has_ending(path, c->extensions) ? c->found.templates : NULL;
}

static void add_file(void *self, nu_str path)
{
    finding *c = self;
    nu_list *list = list_for(c, path);

    if (!list)
        return;
    if (nu_list_len(list) == MOST_SOURCES)
        nu_raise(NU_COMMAND_ERROR, "{} has more than {} files with texts.", c->source,
                 (int)MOST_SOURCES);
    nu_list_append(list, path);
}

nu__message_sources nu__message_sources_find(const nu_command_run *run, nu_str source)
{
    nu__walk_rules rules = { .ignore = nu_command_list(run, "--ignore"),
                             .no_defaults = nu_command_flag(run, "--no-default-ignore"),
                             .no_links = !nu_command_flag(run, "--symlinks") };
    finding c = { .run = run, .source = source, .found = { nu_list_new(), nu_list_new() } };

    c.extensions = extensions_of(&c);
    nu__walk_by(source, &rules, add_file, &c);
    /* Not as the folders happen to list them: catalogues are kept under version control. */
    return (nu__message_sources){ nu__sorted_texts(c.found.code),
                                  nu__sorted_texts(c.found.templates) };
}
