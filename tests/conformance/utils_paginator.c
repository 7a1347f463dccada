#include "utils_ops.h"

#include <nuages/shortcuts.h>

static nu_value numbers(int64_t n)
{
    nu_list *list = nu_list_new();

    for (int64_t i = 1; i <= n; i++)
        nu_list_append_(list, nu_v_int(i));
    return V(list);
}

static nu_list *items_of(const nu_page *page)
{
    return nu_as_list(nu_page_object_list(page));
}

/* The page that was asked for, or the error. */
static void put_page(nu_dict *out, nu_paginator *paginator, nu_value number)
{
    nu_page *page = NULL;
    const nu_error *error = nu_catch(NU_EXCEPTION, page = nu_paginator_page(paginator, number));

    if (error) {
        nu_dict_set(out, "page_error", nu_error_class_name(error->klass));
        nu_dict_set(out, "message", error->message);
        return;
    }
    nu_dict_set(out, "page",
                NU_DICT(("number", nu_page_number(page)), ("start", nu_page_start_index(page)),
                        ("end", nu_page_end_index(page)),
                        ("has_next", conf_bool(nu_page_has_next(page))),
                        ("has_previous", conf_bool(nu_page_has_previous(page))),
                        ("has_other", conf_bool(nu_page_has_other_pages(page))),
                        ("items", items_of(page))));
}

static nu_value paginator(const conf_case *c)
{
    nu_value orphans = conf_kwarg(c, "orphans"), allow = conf_kwarg(c, "allow_empty_first_page");
    nu_paginator *made =
        nu_paginator_of(numbers(nu_int(conf_arg(c, 0))), .per_page = (int)nu_int(conf_arg(c, 1)),
                        .orphans = orphans.kind == NU_KIND_INT ? (int)orphans.i : 0,
                        .disallow_empty_first_page = allow.kind == NU_KIND_BOOL && !allow.b);
    nu_dict *out =
        NU_DICT(("count", nu_paginator_count(made)), ("num_pages", nu_paginator_num_pages(made)),
                ("page_range", numbers(nu_paginator_num_pages(made))));
    nu_page *lenient = nu_paginator_get_page(made, conf_arg(c, 2));

    nu_dict_set(out, "lenient_number", nu_page_number(lenient));
    put_page(out, made, conf_arg(c, 2));
    nu_dict_set(out, "elided", nu_paginator_elided_range(made, nu_page_number(lenient), 3, 2));
    return V(out);
}

const conf_op conf_utils_paginator[] = { { "paginator", paginator, NULL }, { 0 } };
