/* filters.jsonl: single filters, called as from Python. */
#include "template_ops.h"

#include "template/context.h"

static const nu__filter *filter_of(const conf_case *c)
{
    nu_str name = nu_string(nu_item(c->data, "filter"));
    bool humanize = nu_eq(nu_string(nu_item(c->data, "library")), "humanize");
    const nu__library *const *libraries = humanize ? nu__loadable_libraries : nu__builtin_libraries;

    for (; *libraries; libraries++) {
        const nu__filter *filter = nu__library_filter(*libraries, name);

        if (filter && (!humanize || nu_eq((*libraries)->name, "humanize")))
            return filter;
    }
    nu_raise(NU_NOT_IMPLEMENTED_ERROR, "no filter {}", name);
}

static nu_value run_filter(const conf_case *c)
{
    const nu__filter *filter = filter_of(c);
    nu_value autoescape = conf_kwarg(c, "autoescape");
    nu__template_engine *engine;
    nu_template_context context = { .use_tz = true, .use_l10n = true, .autoescape = true };

    engine =
        nu__template_engine_new(&(nu__template_options){ .naive_times = !conf_uses_tz(c->data) });
    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    context.engine = engine;
    conf_localize_by(c->data);
    return nu__filter_call_fn(filter,
                              &(nu__filter_call){
                                  .value = conf_arg(c, 0),
                                  .arg = conf_arg(c, 1),
                                  .has_arg = nu_list_len(c->args) > 1,
                                  .autoescape = autoescape.kind != NU_KIND_BOOL || autoescape.b,
                                  .context = &context,
                              });
}

const conf_op conf_filters[] = { { "filter", run_filter, NULL }, { 0 } };
