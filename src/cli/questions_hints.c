/* The answers that the command line gives: --rename, --default. */
#include "cli/questions_int.h"

#include "core/text.h"
#include "db/migrations/detector.h"

#include <string.h>

/* "shop.Thing=Ware" has one dot before the sign, "shop.Thing.size=1" two. */
static bool is_shaped(nu_str text, size_t least_dots)
{
    const char *equals = memchr(text.ptr, '=', text.len);
    size_t dots = 0, word = 0;

    for (const char *c = text.ptr; equals && c < equals; c++) {
        if (*c == '.' && !word)
            return false;
        dots += *c == '.';
        word = *c == '.' ? 0 : word + 1;
    }
    return equals && equals + 1 < text.ptr + text.len && word && dots >= least_dots && dots <= 2;
}

nu__hint *nu__hints_read(const nu_command_run *run, const char *option, size_t *n)
{
    nu_list *given = nu_command_list(run, option);
    nu__hint *hints = nu_alloc_array(nu__hint, nu_list_len(given) + 1);

    for (*n = 0; *n < nu_list_len(given); ++*n) {
        nu_str text = nu_at(given, *n).s;
        bool of_field = !strcmp(option, "--default");
        size_t at;

        if (!is_shaped(text, of_field ? 2 : 1))
            nu_raise(NU_USAGE_ERROR, "argument {}: '{}' is not {}", option, text,
                     of_field ? "APP.Model.field=VALUE" : "APP.Old=New or APP.Model.old=new");
        at = (size_t)((const char *)memchr(text.ptr, '=', text.len) - text.ptr);
        hints[*n] = (nu__hint){ .what = nu_copy((nu_str){ text.ptr, at }),
                                .answer = nu_s(text.ptr + at + 1) };
    }
    return hints;
}

nu__hint *nu__hint_find(nu__hint *hints, size_t n, nu_str what)
{
    for (size_t i = 0; i < n; i++)
        if (nu__same_name(hints[i].what.ptr, what.ptr)) {
            hints[i].used = true;
            return &hints[i];
        }
    return NULL;
}

static void list_unused(nu_list *out, const nu__hint *hints, size_t n, const char *option)
{
    for (size_t i = 0; i < n; i++)
        if (!hints[i].used)
            nu_list_append(out, nu_fmt("{} {}={}", option, hints[i].what, hints[i].answer));
}

void nu__questioner_check_hints(const nu__questioner *questioner)
{
    const nu__asking *a = questioner->self;
    nu_list *unused = nu_list_new();

    list_unused(unused, a->renames, a->n_renames, "--rename");
    list_unused(unused, a->defaults, a->n_defaults, "--default");
    if (nu_list_len(unused))
        nu_raise(NU_USAGE_ERROR,
                 "Nothing was found to be answered by {}. Look at the names: APP.Model.field, with "
                 "the model as it is called now.",
                 nu__join(S(", "), unused));
}
