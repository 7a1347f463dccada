#include "core/object.h"
#include "core/text.h"
#include "views/pagination.h"

/* ---- counting -------------------------------------------------------------------------------- */

nu_paginator *nu_paginator_new(nu_value objects, const nu_paginator_options *options)
{
    nu_paginator *paginator = nu_alloc(nu_paginator);

    if (options->per_page <= 0)
        nu_raise(NU_VALUE_ERROR, "a paginator's .per_page must be above 0, not {}",
                 options->per_page);
    paginator->object.type = &nu__paginator_class;
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

/* ---- numbers --------------------------------------------------------------------------------- */

static NU_NORETURN void no_page(nu_error_class klass, const char *own, const char *message)
{
    nu_raise(klass, "{}", own ? own : message);
}

/* Python's int(text); INT64_MAX and INT64_MIN stand for what is beyond. */
static bool parse_int(nu_str text, int64_t *number)
{
    nu_str bare = nu_trim(text);
    bool minus = nu_starts_with(bare, S("-")), over = false, digit = false;
    const char *at = bare.ptr + (minus || nu_starts_with(bare, S("+"))), *end = bare.ptr + bare.len;

    *number = 0;
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c == '_' && digit && at < end) { /* between digits, as Python allows */
            digit = false;
            continue;
        }
        if (!nu__is_digit(c))
            return false;
        digit = true;
        over |= __builtin_mul_overflow(*number, 10, number) ||
                __builtin_add_overflow(*number, nu__digit_value(c), number);
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

int64_t nu__paginator_validate(nu_paginator *paginator, nu_value value)
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

/* ---- pages ----------------------------------------------------------------------------------- */

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
    int64_t number = nu__paginator_validate(paginator, value),
            count = nu_paginator_count(paginator);
    int64_t bottom = (number - 1) * paginator->options.per_page;
    int64_t top = bottom + paginator->options.per_page;
    nu_page *page = nu_alloc(nu_page);

    if (top + paginator->options.orphans >= count)
        top = count;
    page->object.type = &nu__page_class;
    page->paginator = paginator;
    page->number = number;
    page->objects = slice(paginator->objects, bottom, top);
    return page;
}

nu_page *nu_paginator_get_page(nu_paginator *paginator, nu_value value)
{
    int64_t number = 1;
    const nu_error *error =
        nu_catch(NU_INVALID_PAGE, number = nu__paginator_validate(paginator, value));

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

/* ---- ranges of numbers ----------------------------------------------------------------------- */

void nu__range_add(nu_list *list, int64_t first, int64_t last)
{
    for (int64_t i = first; i <= last; i++)
        nu_list_append_(list, nu_v_int(i));
}

nu_list *nu_paginator_elided_range(nu_paginator *paginator, int64_t number, int on_each_side,
                                   int on_ends)
{
    int64_t last = nu_paginator_num_pages(paginator);
    nu_list *list = nu_list_new();

    number = nu__paginator_validate(paginator, nu_v_int(number));
    if (last <= ((int64_t)on_each_side + on_ends) * 2) {
        nu__range_add(list, 1, last);
        return list;
    }
    if (number > 1 + on_each_side + on_ends + 1) {
        nu__range_add(list, 1, on_ends);
        nu_list_append(list, "…");
        nu__range_add(list, number - on_each_side, number);
    } else {
        nu__range_add(list, 1, number);
    }
    if (number < last - on_each_side - on_ends - 1) {
        nu__range_add(list, number + 1, number + on_each_side);
        nu_list_append(list, "…");
        nu__range_add(list, last - on_ends + 1, last);
    } else {
        nu__range_add(list, number + 1, last);
    }
    return list;
}
