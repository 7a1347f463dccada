/* A date in three selects. Django: SelectDateWidget */
#include "core/object.h"
#include "core/time.h"
#include "forms/widget_types.h"
#include "utils/formats.h"
#include "utils/html.h"
#include "utils/strptime.h"
#include "utils/translation.h"

#include <nuages/timezone.h>
#include <string.h>

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
                          nu__attrs_with_id(attrs, nu_fmt("id_{}", own)));
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
