/* Paginators and pages as templates read them. */
#include "core/object.h"
#include "views/pagination.h"

nu_value nu_paginator_value(nu_paginator *paginator)
{
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &paginator->object };
}

static bool paginator_get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_paginator *paginator = (nu_paginator *)self;
    nu_list *list;

    if (nu_eq(name, "count"))
        *out = nu_v_int(nu_paginator_count(paginator));
    else if (nu_eq(name, "num_pages"))
        *out = nu_v_int(nu_paginator_num_pages(paginator));
    else if (nu_eq(name, "per_page"))
        *out = nu_v_int(paginator->options.per_page);
    else if (nu_eq(name, "orphans"))
        *out = nu_v_int(paginator->options.orphans);
    else if (nu_eq(name, "object_list"))
        *out = paginator->objects;
    else if (nu_eq(name, "ELLIPSIS"))
        *out = V("…");
    else if (nu_eq(name, "allow_empty_first_page"))
        *out = nu_v_bool(!paginator->options.disallow_empty_first_page);
    else if (nu_eq(name, "get_elided_page_range"))
        *out = V(nu_paginator_elided_range(paginator, 1, 3, 2));
    else if (nu_eq(name, "page_range")) {
        list = nu_list_new();
        nu__range_add(list, 1, nu_paginator_num_pages(paginator));
        *out = V(list);
    } else
        return false;
    return true;
}

static nu_list *paginator_items(const nu_object *self)
{
    nu_paginator *paginator = (nu_paginator *)self;
    nu_list *pages = nu_list_new();

    for (int64_t i = 1; i <= nu_paginator_num_pages(paginator); i++)
        nu_list_append_(pages, nu_v_page(nu_paginator_page(paginator, nu_v_int(i))));
    return pages;
}

static bool always_true(const nu_object *self)
{
    (void)self;
    return true;
}

static nu_value get_number(const nu_page *page)
{
    return nu_v_int(page->number);
}

static nu_value get_paginator(const nu_page *page)
{
    return nu_paginator_value(page->paginator);
}

static nu_value get_has_next(const nu_page *page)
{
    return nu_v_bool(nu_page_has_next(page));
}

static nu_value get_has_previous(const nu_page *page)
{
    return nu_v_bool(nu_page_has_previous(page));
}

static nu_value get_has_other_pages(const nu_page *page)
{
    return nu_v_bool(nu_page_has_other_pages(page));
}

static nu_value get_next_page_number(const nu_page *page)
{
    return nu_v_int(nu__paginator_validate(page->paginator, nu_v_int(page->number + 1)));
}

static nu_value get_previous_page_number(const nu_page *page)
{
    return nu_v_int(nu__paginator_validate(page->paginator, nu_v_int(page->number - 1)));
}

static nu_value get_start_index(const nu_page *page)
{
    return nu_v_int(nu_page_start_index(page));
}

static nu_value get_end_index(const nu_page *page)
{
    return nu_v_int(nu_page_end_index(page));
}

static const struct {
    const char *name;
    nu_value (*get)(const nu_page *page);
} page_attributes[] = {
    { "number", get_number },
    { "paginator", get_paginator },
    { "object_list", nu_page_object_list },
    { "has_next", get_has_next },
    { "has_previous", get_has_previous },
    { "has_other_pages", get_has_other_pages },
    { "next_page_number", get_next_page_number },
    { "previous_page_number", get_previous_page_number },
    { "start_index", get_start_index },
    { "end_index", get_end_index },
};

static bool page_get(const nu_object *self, nu_str name, nu_value *out)
{
    for (size_t i = 0; i < sizeof(page_attributes) / sizeof(page_attributes[0]); i++)
        if (nu_eq(name, page_attributes[i].name)) {
            *out = page_attributes[i].get((const nu_page *)self);
            return true;
        }
    return false;
}

static nu_list *page_items(const nu_object *self)
{
    return nu__value_items(((const nu_page *)self)->objects);
}

static int64_t page_length(const nu_object *self)
{
    return nu__value_length(((const nu_page *)self)->objects);
}

static bool page_at(const nu_object *self, int64_t index, nu_value *out)
{
    nu_list *items = page_items(self);

    if (index < 0 || (size_t)index >= nu_list_len(items))
        return false;
    *out = nu_at(items, (size_t)index);
    return true;
}

static nu_value page_text(const nu_object *self)
{
    const nu_page *page = (const nu_page *)self;

    return V(nu_fmt("<Page {} of {}>", page->number, nu_paginator_num_pages(page->paginator)));
}

static const nu_object_ops paginator_ops = {
    .kind = "Paginator", .get = paginator_get, .truth = always_true, .items = paginator_items
};
const nu_class nu__paginator_class = { &paginator_ops, "Paginator" };
static const nu_object_ops page_ops = { .kind = "Page",
                                        .get = page_get,
                                        .text = page_text,
                                        .items = page_items,
                                        .length = page_length,
                                        .at = page_at };
const nu_class nu__page_class = { &page_ops, "Page" };
