/* Template filters that utils.jsonl calls as functions. */
#include "template_ops.h"
#include "utils_ops.h"

#include "template/filters/humanize.h"
#include "template/library.h"

static nu_value call(const conf_case *c, const nu__library *const *libraries, const char *name)
{
    const nu__filter *filter = NULL;

    for (; *libraries && !filter; libraries++)
        filter = nu__library_filter(*libraries, nu_s(name));
    if (!filter)
        nu_raise(NU_LOOKUP_ERROR, "no filter {}", name);
    return nu__filter_call_fn(filter, &(nu__filter_call){ .value = conf_arg(c, 0),
                                                          .arg = conf_arg(c, 1),
                                                          .has_arg = nu_list_len(c->args) > 1,
                                                          .autoescape = true });
}

#define FILTER_OP(name, libraries)                                                                 \
    static nu_value name(const conf_case *c)                                                       \
    {                                                                                              \
        return call(c, libraries, #name);                                                          \
    }
FILTER_OP(title, nu__builtin_libraries)
FILTER_OP(addslashes, nu__builtin_libraries)
FILTER_OP(filesizeformat, nu__builtin_libraries)
FILTER_OP(intword, nu__loadable_libraries)
FILTER_OP(ordinal, nu__loadable_libraries)
FILTER_OP(apnumber, nu__loadable_libraries)

static nu_value intcomma(const conf_case *c)
{
    nu_value l10n = nu_list_len(c->args) > 1 ? conf_arg(c, 1) : conf_kwarg(c, "use_l10n");

    return nu__intcomma(conf_arg(c, 0), l10n.kind != NU_KIND_BOOL || l10n.b);
}

const conf_op conf_utils_filters[] = {
    { "title", title },
    { "addslashes", addslashes },
    { "filesizeformat", filesizeformat },
    { "intcomma", intcomma },
    { "intword", intword },
    { "ordinal", ordinal },
    { "apnumber", apnumber },
    { 0 },
};
