/* Widgets of several inputs: a list of hidden ones, widgets side by side, a date in three selects.
 */
#include "core/object.h"
#include "core/time.h"
#include "forms/widget_types.h"
#include "utils/html.h"

#include <nuages/timezone.h>

nu_dict *nu__attrs_with_id(const nu_dict *attrs, nu_str id)
{
    nu_dict *all = nu__attrs_merged(attrs, NULL);

    nu_dict_set(all, "id", id);
    return all;
}

/* ---- MultipleHiddenInput --------------------------------------------------------------------- */

void nu__render_hidden_list(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    nu_list *items = value.kind == NU_KIND_NULL ? nu_list_new() : nu__value_items(value);
    nu_value id = nu_item(attrs, "id");
    nu__widget input;

    (void)widget;
    nu__widget_init(&input, nu__widget_type_find(S("HiddenInput")));
    for (size_t i = 0; i < nu_list_len(items); i++)
        nu__widget_render(&input, out, name, nu_at(items, i),
                          nu__value_truth(id)
                              ? nu__attrs_with_id(attrs, nu_fmt("{}_{}", nu_string(id), i))
                              : attrs);
}

/* ---- MultiWidget ----------------------------------------------------------------------------- */

static nu_str part_name(const nu__widget *widget, nu_str name, size_t i)
{
    return nu_fmt("{}{}", name, widget->parts[i].suffix);
}

/* What each part shows: the items of a list, or a value taken apart. */
static nu_list *part_values(const nu__widget *widget, nu_value value)
{
    if (value.kind == NU_KIND_LIST)
        return value.list;
    if (!widget->type->decompress)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "Subclasses must implement this method.");
    return widget->type->decompress(value);
}

static void render_part(const nu__widget *widget, size_t i, nu__widget part, nu__buf *out,
                        nu_str name, nu_list *values, const nu_dict *attrs)
{
    nu_value id = nu_item(attrs, "id");

    part.localized |= widget->localized;
    nu__widget_render(
        &part, out, name, i < nu_list_len(values) ? nu_at(values, i) : nu_null(),
        nu__value_truth(id) ? nu__attrs_with_id(attrs, nu_fmt("{}_{}", nu_string(id), i)) : attrs);
}

static void add_parts(nu__buf *out, nu__buf *html)
{
    nu__buf_str_add(out, nu__strip_spaces_between_tags(nu_trim(nu__buf_str(html))));
}

void nu__render_parts(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                      const nu_dict *attrs)
{
    nu_list *values = part_values(widget, value);
    nu__buf html = { 0 };

    for (size_t i = 0; i < widget->n_parts; i++)
        render_part(widget, i, widget->parts[i].widget, &html, part_name(widget, name, i), values,
                    attrs);
    add_parts(out, &html);
}

nu_value nu__parts_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_list *values = nu_list_new();

    for (size_t i = 0; i < widget->n_parts; i++) {
        const nu__widget *part = &widget->parts[i].widget;

        nu_list_append(values, part->type->from_data(part, data, part_name(widget, name, i)));
    }
    return nu_v_list(values);
}

bool nu__parts_omitted(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    for (size_t i = 0; i < widget->n_parts; i++)
        if (!nu__widget_omitted(&widget->parts[i].widget, data, part_name(widget, name, i)))
            return false;
    return true;
}

/* ---- one widget several times -----------------------------------------------------------------
 */

void nu__widget_repeat(nu__widget *widget, const nu__widget *base, size_t n)
{
    widget->parts = nu_alloc_array(nu__widget_part, n);
    widget->n_parts = n;
    for (size_t i = 0; i < n; i++)
        widget->parts[i] = (nu__widget_part){ .suffix = nu_fmt("_{}", i), .widget = *base };
}

void nu__hidden_range_init(nu__widget *widget)
{
    nu__widget hidden;

    nu__widget_init(&hidden, nu__widget_type_find(S("HiddenInput")));
    nu__widget_repeat(widget, &hidden, 2);
}

nu_list *nu__range_decompress(nu_value value)
{
    const nu_range *range = nu_as_range(value);

    return range ? NU_LIST(range->lower, range->upper) : NU_LIST(nu_null(), nu_null());
}

/* An array that is longer than the widget has inputs is shown whole. */
void nu__render_split_array(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    nu_list *values = value.kind == NU_KIND_LIST ? value.list : nu_list_new();
    size_t n = nu_list_len(values) > widget->n_parts ? nu_list_len(values) : widget->n_parts;
    nu__buf html = { 0 };

    for (size_t i = 0; i < n && widget->n_parts; i++)
        render_part(widget, i, widget->parts[0].widget, &html, nu_fmt("{}_{}", name, i), values,
                    attrs);
    add_parts(out, &html);
}

/* ---- a date and a time --------------------------------------------------------------------------
 */

static void split_init(nu__widget *widget, bool hidden)
{
    static const char *const classes[] = { "DateInput", "TimeInput" };

    widget->parts = nu_alloc_array(nu__widget_part, 2);
    widget->n_parts = 2;
    for (size_t i = 0; i < 2; i++) {
        widget->parts[i].suffix = nu_fmt("_{}", i);
        nu__widget_init(&widget->parts[i].widget, nu__widget_type_find(nu_s(classes[i])));
        if (hidden)
            widget->parts[i].widget.input_type = S("hidden");
    }
}

void nu__split_init(nu__widget *widget)
{
    split_init(widget, false);
}

void nu__split_hidden_init(nu__widget *widget)
{
    split_init(widget, true);
}

/* In the current time zone, to the second. */
nu_list *nu__split_decompress(nu_value value)
{
    nu__moment m;

    if (value.kind != NU_KIND_DATETIME)
        return NU_LIST(nu_null(), nu_null());
    m = nu__moment_at((nu_datetime){ value.i }, nu_timezone_current());
    return NU_LIST(nu_v_date((nu_date){ nu__ordinal_of(m.year, m.month, m.day) }),
                   nu_time_of(m.hour, m.minute, m.second, 0));
}
