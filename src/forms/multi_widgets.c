/* Widgets of several inputs: a list of hidden ones, widgets side by side, a date in three selects.
 */
#include "core/object.h"
#include "core/time.h"
#include "forms/widget_types.h"
#include "utils/formats.h"
#include "utils/html.h"
#include "utils/strptime.h"
#include "utils/translation.h"

#include <nuages/timezone.h>
#include <string.h>

static nu_dict *with_id(const nu_dict *attrs, nu_str id)
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
                          nu__value_truth(id) ? with_id(attrs, nu_fmt("{}_{}", nu_string(id), i))
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
    nu__widget_render(&part, out, name, i < nu_list_len(values) ? nu_at(values, i) : nu_null(),
                      nu__value_truth(id) ? with_id(attrs, nu_fmt("{}_{}", nu_string(id), i))
                                          : attrs);
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

/* ---- a date in three selects
 * ---------------------------------------------------------------------- */

enum { YEAR, MONTH, DAY, PARTS };
static const char *const part_names[PARTS] = { "year", "month", "day" };
static const char *const part_letters[PARTS] = { "Yy", "bEFMmNn", "dj" };
enum { YEARS_AHEAD = 10 };

/* The parts in the order of the locale's DATE_FORMAT. */
static size_t parts_in_order(int order[PARTS])
{
    size_t n = 0;

    for (const char *at = nu__locale_current()->date_format; *at && n < PARTS; at++) {
        if (*at == '\\' && at[1]) {
            at++;
            continue;
        }
        for (int part = 0; part < PARTS; part++)
            if (strchr(part_letters[part], *at))
                order[n++] = part;
    }
    return n;
}

static nu_str select_name(nu_str name, int part)
{
    return nu_fmt("{}_{}", name, part_names[part]);
}

/* "2007-2-31": numbers, 0 for what was left empty; the day may be none. */
static bool split_iso(nu_str text, nu_value out[PARTS])
{
    int at = 0, digits = 0;
    int64_t number = 0;

    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.ptr[i] : '-';

        if (c >= '0' && c <= '9') {
            number = number * 10 + (c - '0');
            if (++digits > 4)
                return false;
            continue;
        }
        if (c != '-' || at == PARTS || !digits)
            return false;
        if (at == YEAR ? digits != 4 && !(digits == 1 && !number) : digits > 2)
            return false;
        out[at++] = number ? nu_v_int(number) : nu_v_str(S(""));
        number = digits = 0;
    }
    return at == PARTS;
}

static void shown_parts(nu_value value, nu_value out[PARTS])
{
    nu__strptime_result read;
    nu__moment moment;

    out[YEAR] = out[MONTH] = out[DAY] = nu_null();
    if (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) {
        nu_value parts[PARTS];

        if (split_iso(value.s, parts)) {
            memcpy(out, parts, sizeof parts);
            return;
        }
        if (!nu__strptime(value.s, nu_s(nu__locale_current()->date_input_formats[0]), &read))
            return;
        value = nu_v_date(read.date);
    }
    if (value.kind == NU_KIND_DATETIME)
        moment = nu__moment_at((nu_datetime){ value.i }, nu_timezone_current());
    else if (value.kind == NU_KIND_DATE)
        moment = nu__moment_of_date((nu_date){ (int32_t)value.i });
    else
        return;
    out[YEAR] = nu_v_int(moment.year);
    out[MONTH] = nu_v_int(moment.month);
    out[DAY] = nu_v_int(moment.day);
}

static nu_list *years_of(const nu__widget *widget)
{
    nu_list *years = nu_list_new();
    int this_year;

    if (widget->years)
        return widget->years;
    this_year = nu__moment_at(nu_now(), nu_timezone_current()).year;
    for (int i = 0; i < YEARS_AHEAD; i++)
        nu_list_append(years, this_year + i);
    return years;
}

static nu_list *part_choices(const nu__widget *widget, int part)
{
    nu_list *items = nu_list_new(), *years = part == YEAR ? years_of(widget) : NULL;
    size_t n = years ? nu_list_len(years) : part == MONTH ? 12 : 31;

    if (!widget->required)
        nu_list_append(
            items,
            NU_LIST(S(""), widget->empty_labels[part].ptr ? widget->empty_labels[part] : S("---")));
    for (size_t i = 0; i < n; i++) {
        nu_value number = years ? nu_at(years, i) : nu_v_int((int64_t)i + 1);

        nu_list_append(items, part == MONTH ? NU_LIST(number, nu__gettext(nu_s(nu__months[i])))
                                            : NU_LIST(number, nu_string(number)));
    }
    return items;
}

void nu__render_select_date(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    nu__buf html = { 0 };
    nu_value shown[PARTS];
    int order[PARTS];
    size_t n = parts_in_order(order);

    shown_parts(value, shown);
    for (size_t i = 0; i < n; i++) {
        nu__choices choices = { .items = part_choices(widget, order[i]) };
        nu_str own = select_name(name, order[i]);
        nu__widget select;

        nu__widget_init(&select, nu__widget_type_find(S("Select")));
        select.choices = &choices;
        nu__widget_render(&select, &html, own, shown[order[i]],
                          with_id(attrs, nu_fmt("id_{}", own)));
    }
    nu__buf_str_add(out, nu__strip_spaces_between_tags(nu_trim(nu__buf_str(&html))));
}

/* int(): a number with spaces around it. */
static bool is_number(nu_str text, int64_t *out)
{
    nu_str digits = nu_trim(text);

    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
        if (*out < 100000)
            *out = *out * 10 + (digits.ptr[i] - '0');
    }
    return digits.len > 0;
}

nu_value nu__select_date_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_value sent[PARTS];
    int64_t numbers[PARTS];
    int32_t ordinal = 0;
    bool all_empty = true, all_there = true, all_numbers = true;

    (void)widget;
    for (int part = 0; part < PARTS; part++) {
        sent[part] = nu__form_data_get(data, select_name(name, part));
        all_there &= sent[part].kind != NU_KIND_NULL;
        all_empty &= sent[part].kind != NU_KIND_NULL && !sent[part].s.len;
    }
    if (all_empty)
        return nu_null();
    if (!all_there)
        return nu__form_data_get(data, name);
    for (int part = 0; part < PARTS; part++)
        all_numbers &= is_number(sent[part].s, &numbers[part]);
    if (all_numbers && numbers[YEAR] <= 9999)
        ordinal = nu__ordinal_of((int)numbers[YEAR], (int)numbers[MONTH], (int)numbers[DAY]);
    if (!ordinal)
        return nu_v_str(nu_fmt("{}-{}-{}", sent[YEAR].s.len ? sent[YEAR].s : S("0"),
                               sent[MONTH].s.len ? sent[MONTH].s : S("0"),
                               sent[DAY].s.len ? sent[DAY].s : S("0")));
    return nu_v_str(nu__strftime(nu_v_date((nu_date){ ordinal }),
                                 nu_s(nu__locale_current()->date_input_formats[0])));
}

bool nu__select_date_omitted(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    (void)widget;
    for (int part = 0; part < PARTS; part++)
        if (nu_querydict_has(data->fields, select_name(name, part)))
            return false;
    return true;
}

nu_str nu__select_date_id_for_label(nu_str id)
{
    int order[PARTS];

    return nu_fmt("{}_{}", id, part_names[parts_in_order(order) ? order[0] : MONTH]);
}
