#include "core/object.h"
#include "views/pagination.h"

struct nu_paginator {
    nu_object object;
    nu_value objects; /* QUERY or LIST */
    nu_paginator_options options;
    int64_t count; /* -1: not counted yet */
};

struct nu_page {
    nu_object object;
    nu_paginator *paginator;
    int64_t number;
    nu_value objects;
};

static const nu_class paginator_class, page_class;

/* ---- counting
 * ------------------------------------------------------------------------------------ */

nu_paginator *nu_paginator_new(nu_value objects, const nu_paginator_options *options)
{
    nu_paginator *paginator = nu_alloc(nu_paginator);

    if (options->per_page <= 0)
        nu_raise(NU_VALUE_ERROR, "a paginator's .per_page must be above 0, not {}",
                 options->per_page);
    paginator->object.type = &paginator_class;
    paginator->objects = objects;
    paginator->options = *options;
    paginator->count = -1;
    return paginator;
}

int64_t nu_paginator_count(nu_paginator *paginator)
{
    if (paginator->count >= 0)
        return paginator->count;
    if (paginator->objects.kind == NU_KIND_QUERY)
        paginator->count = nu_count((nu_query *)paginator->objects.p);
    else
        paginator->count = nu__value_length(paginator->objects);
    if (paginator->count < 0)
        nu_raise(NU_TYPE_ERROR, "a paginator needs a query or a list, not {}",
                 nu__kind_name(paginator->objects.kind));
    return paginator->count;
}

int64_t nu_paginator_num_pages(nu_paginator *paginator)
{
    int64_t hits = nu_paginator_count(paginator);
    int per_page = paginator->options.per_page;

    if (!hits && paginator->options.disallow_empty_first_page)
        return 0;
    hits -= paginator->options.orphans;
    if (hits < 1)
        hits = 1;
    return hits / per_page + (hits % per_page != 0);
}

/* ---- numbers
 * ------------------------------------------------------------------------------------- */

static NU_NORETURN void no_page(nu_error_class klass, const char *own, const char *message)
{
    nu_raise(klass, "{}", own ? own : message);
}

/* Python's int(text); INT64_MAX and INT64_MIN stand for what is beyond. */
static bool parse_int(nu_str text, int64_t *number)
{
    nu_str bare = nu_trim(text);
    bool minus = nu_starts_with(bare, S("-")), over = false, digit = false;
    size_t i = minus || nu_starts_with(bare, S("+"));

    *number = 0;
    for (; i < bare.len; i++) {
        char c = bare.ptr[i];

        if (c == '_' && digit && i + 1 < bare.len) { /* between digits, as Python allows */
            digit = false;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        digit = true;
        over |= __builtin_mul_overflow(*number, 10, number) ||
                __builtin_add_overflow(*number, c - '0', number);
    }
    if (over)
        *number = INT64_MAX;
    *number = minus ? -*number : *number;
    return digit;
}

/* int(value) as the paginator takes it. */
static bool to_number(nu_value value, int64_t *number)
{
    switch (value.kind) {
    case NU_KIND_INT:
        *number = value.i;
        return true;
    case NU_KIND_BOOL:
        *number = value.b;
        return true;
    case NU_KIND_UINT:
        *number = INT64_MAX;
        return true;
    case NU_KIND_FLOAT:
        *number = value.f >= -9e15 && value.f <= 9e15 ? (int64_t)value.f : INT64_MAX;
        return value.f - value.f == 0 && (double)*number == value.f;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return parse_int(value.s, number);
    default:
        return false;
    }
}

static int64_t validate_number(nu_paginator *paginator, nu_value value)
{
    const nu_paginator_options *options = &paginator->options;
    int64_t number;

    if (!to_number(value, &number))
        no_page(NU_PAGE_NOT_AN_INTEGER, options->invalid_page,
                "That page number is not an integer");
    if (number < 1)
        no_page(NU_EMPTY_PAGE, options->min_page, "That page number is less than 1");
    if (number > nu_paginator_num_pages(paginator))
        no_page(NU_EMPTY_PAGE, options->no_results, "That page contains no results");
    return number;
}

/* ---- pages
 * --------------------------------------------------------------------------------------- */

static nu_value slice(nu_value objects, int64_t bottom, int64_t top)
{
    nu_list *all, *part;

    if (objects.kind == NU_KIND_QUERY)
        return nu_v_query(nu_slice((nu_query *)objects.p, bottom, top));
    all = nu__value_items(objects);
    part = nu_list_new();
    for (int64_t i = bottom; i < top && (size_t)i < nu_list_len(all); i++)
        nu_list_append_(part, nu_at(all, (size_t)i));
    return V(part);
}

nu_page *nu_paginator_page(nu_paginator *paginator, nu_value value)
{
    int64_t number = validate_number(paginator, value), count = nu_paginator_count(paginator);
    int64_t bottom = (number - 1) * paginator->options.per_page;
    int64_t top = bottom + paginator->options.per_page;
    nu_page *page = nu_alloc(nu_page);

    if (top + paginator->options.orphans >= count)
        top = count;
    page->object.type = &page_class;
    page->paginator = paginator;
    page->number = number;
    page->objects = slice(paginator->objects, bottom, top);
    return page;
}

nu_page *nu_paginator_get_page(nu_paginator *paginator, nu_value value)
{
    int64_t number = 1;
    const nu_error *error = nu_catch(NU_INVALID_PAGE, number = validate_number(paginator, value));

    if (error)
        number = error->klass == NU_EMPTY_PAGE ? nu_paginator_num_pages(paginator) : 1;
    return nu_paginator_page(paginator, nu_v_int(number));
}

nu_page *nu__paginate(nu_paginator *paginator, nu_value asked)
{
    nu_page *page = NULL;
    int64_t number;
    const nu_error *error;

    if (asked.kind == NU_KIND_STR && nu_eq(asked.s, "last"))
        number = nu_paginator_num_pages(paginator);
    else if (!to_number(asked, &number))
        nu_raise(NU_HTTP404, "Page is not “last”, nor can it be converted to an int.");
    error = nu_catch(NU_INVALID_PAGE, page = nu_paginator_page(paginator, nu_v_int(number)));
    if (error)
        nu_raise(NU_HTTP404, "Invalid page ({}): {}", asked.kind == NU_KIND_STR ? asked : V(number),
                 error->message);
    return page;
}

nu_page *nu_paginate(nu_request *req, nu_query *query, int per_page)
{
    nu_str asked = nu_query_param(req, "page");

    return nu__paginate(nu_paginator_of(nu_v_query(query), .per_page = per_page),
                        asked.len ? V(asked) : nu_v_int(1));
}

int64_t nu_page_number(const nu_page *page)
{
    return page->number;
}

nu_value nu_page_object_list(const nu_page *page)
{
    return page->objects;
}

nu_paginator *nu_page_paginator(const nu_page *page)
{
    return page->paginator;
}

bool nu_page_has_next(const nu_page *page)
{
    return page->number < nu_paginator_num_pages(page->paginator);
}

bool nu_page_has_previous(const nu_page *page)
{
    return page->number > 1;
}

bool nu_page_has_other_pages(const nu_page *page)
{
    return nu_page_has_previous(page) || nu_page_has_next(page);
}

int64_t nu_page_start_index(const nu_page *page)
{
    if (!nu_paginator_count(page->paginator))
        return 0;
    return page->paginator->options.per_page * (page->number - 1) + 1;
}

int64_t nu_page_end_index(const nu_page *page)
{
    if (page->number == nu_paginator_num_pages(page->paginator))
        return nu_paginator_count(page->paginator);
    return page->number * page->paginator->options.per_page;
}

/* ---- ranges of numbers
 * ----------------------------------------------------------------------------- */

static void range_add(nu_list *list, int64_t first, int64_t last)
{
    for (int64_t i = first; i <= last; i++)
        nu_list_append_(list, nu_v_int(i));
}

nu_list *nu_paginator_elided_range(nu_paginator *paginator, int64_t number, int on_each_side,
                                   int on_ends)
{
    int64_t last = nu_paginator_num_pages(paginator);
    nu_list *list = nu_list_new();

    number = validate_number(paginator, nu_v_int(number));
    if (last <= ((int64_t)on_each_side + on_ends) * 2) {
        range_add(list, 1, last);
        return list;
    }
    if (number > 1 + on_each_side + on_ends + 1) {
        range_add(list, 1, on_ends);
        nu_list_append(list, "…");
        range_add(list, number - on_each_side, number);
    } else {
        range_add(list, 1, number);
    }
    if (number < last - on_each_side - on_ends - 1) {
        range_add(list, number + 1, number + on_each_side);
        nu_list_append(list, "…");
        range_add(list, last - on_ends + 1, last);
    } else {
        range_add(list, number + 1, last);
    }
    return list;
}

/* ---- for templates
 * --------------------------------------------------------------------------------- */

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
        range_add(list, 1, nu_paginator_num_pages(paginator));
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
    return nu_v_int(validate_number(page->paginator, nu_v_int(page->number + 1)));
}

static nu_value get_previous_page_number(const nu_page *page)
{
    return nu_v_int(validate_number(page->paginator, nu_v_int(page->number - 1)));
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
static const nu_class paginator_class = { &paginator_ops, "Paginator" };
static const nu_object_ops page_ops = { .kind = "Page",
                                        .get = page_get,
                                        .text = page_text,
                                        .items = page_items,
                                        .length = page_length,
                                        .at = page_at };
static const nu_class page_class = { &page_ops, "Page" };
