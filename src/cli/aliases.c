/* Arguments that name a database: which there are is known once the settings are. */
#include "cli/command.h"

#include "core/suggest.h"
#include "core/text.h"
#include "db/connection.h"

enum { MOST = 64 };

static size_t list_aliases(const char **aliases)
{
    size_t n = 0;

    while (n < MOST && (aliases[n] = nu__database_alias(n)))
        n++;
    return n;
}

static bool is_one_of(nu_str alias, const char *const *aliases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq_(alias, nu_s(aliases[i])))
            return true;
    return n == MOST; /* there may be more: the connection says whether there is this one */
}

static nu_str refusal(const char *argument, nu_str alias, const char *const *aliases, size_t n)
{
    nu_list *quoted = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(quoted, nu_fmt("'{}'", aliases[i]));
    return nu_fmt("argument {}: invalid choice: '{}' (choose from {}){}", argument, alias,
                  nu__join(S(", "), quoted), nu__suggestion(alias, aliases, n));
}

nu_str nu__command_unknown_alias(const char *argument, nu_str alias)
{
    const char *aliases[MOST];
    size_t n = list_aliases(aliases);

    return is_one_of(alias, aliases, n) ? (nu_str){ NULL, 0 }
                                        : refusal(argument, alias, aliases, n);
}

static nu_str wrong_among(const nu_argument *argument, const nu_list *given)
{
    nu_str wrong = { NULL, 0 };

    for (size_t i = 0; i < nu_list_len(given) && !wrong.ptr; i++)
        wrong = nu__command_unknown_alias(argument->name, nu_string(nu_at(given, i)));
    return wrong;
}

nu_str nu__command_wrong_alias(const nu_command_run *run)
{
    nu_str wrong = { NULL, 0 };

    for (const nu_argument *a = run->command->arguments; a->name && !wrong.ptr; a++) {
        if (a->database && a->repeated)
            wrong = wrong_among(a, nu_command_list(run, a->name));
        else if (a->database)
            wrong = nu__command_unknown_alias(a->name, nu_command_text(run, a->name));
    }
    return wrong;
}
