/* forms.jsonl: single fields and widgets. Forms and formsets are in forms_whole.c. */
#include "forms_ops.h"

#include "core/object.h"
#include "core/text.h"
#include "forms/convert.h"
#include "template_ops.h"
#include "utils/regex.h"
#include "utils/translation.h"

#include <string.h>

/* ---- values ------------------------------------------------------------------------------- */

static nu_list *pairs_of(nu_value choices)
{
    nu_list *items = nu_list_new();

    if (choices.kind == NU_KIND_DICT) {
        for (size_t i = 0; i < nu_dict_len(choices.dict); i++)
            nu_list_append(items,
                           NU_LIST(nu_dict_key(choices.dict, i), nu_dict_value(choices.dict, i)));
    } else {
        nu_list *given = nu__value_items(choices);

        for (size_t i = 0; i < nu_list_len(given); i++)
            nu_list_append(items, nu_at(given, i));
    }
    return items;
}

/* Choices as the widgets have them: pairs, and groups with lists of pairs. */
static nu_list *choices_of(nu_value choices)
{
    nu_list *pairs = pairs_of(choices), *items = nu_list_new();

    for (size_t i = 0; i < nu_list_len(pairs); i++) {
        nu_list *pair = nu__value_items(nu_at(pairs, i));
        nu_value label = nu_at(pair, 1);
        bool group = label.kind == NU_KIND_DICT || label.kind == NU_KIND_LIST ||
                     label.kind == NU_KIND_OBJECT;

        nu_list_append(items, group ? NU_LIST(nu_at(pair, 0), choices_of(label))
                                    : NU_LIST(nu_at(pair, 0), label));
    }
    return items;
}

/* ---- widgets ------------------------------------------------------------------------------- */

static const nu__widget_type *widget_row(nu_str name)
{
    const nu__widget_type *type = nu__widget_type_find(name);

    if (!type)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the widget {}", name);
    return type;
}

static void set_attrs(nu__widget *widget, nu_value attrs)
{
    for (size_t i = 0; attrs.kind == NU_KIND_DICT && i < nu_dict_len(attrs.dict); i++)
        nu__widget_set(widget, nu_dict_key(attrs.dict, i), nu_dict_value(attrs.dict, i));
}

static void set_choices(nu__widget *widget, nu_value choices)
{
    widget->choices = nu_alloc(nu__choices);
    widget->choices->items = choices_of(choices);
}

static void set_format(nu__widget *widget, nu_value format)
{
    widget->date_format = nu_string(format);
}

static void set_render_value(nu__widget *widget, nu_value yes)
{
    widget->render_value = yes.b;
}

static void set_years(nu__widget *widget, nu_value years)
{
    widget->years = nu__value_items(years);
}

static void set_empty_label(nu__widget *widget, nu_value label)
{
    for (size_t i = 0; i < 3; i++)
        widget->empty_labels[i] =
            label.kind == NU_KIND_STR ? label.s : nu_string(nu_at(nu__value_items(label), i));
}

static void set_date_attrs(nu__widget *widget, nu_value attrs)
{
    set_attrs(&widget->parts[0].widget, attrs);
}

static void set_time_attrs(nu__widget *widget, nu_value attrs)
{
    set_attrs(&widget->parts[1].widget, attrs);
}

static void set_date_format(nu__widget *widget, nu_value format)
{
    set_format(&widget->parts[0].widget, format);
}

static void set_time_format(nu__widget *widget, nu_value format)
{
    set_format(&widget->parts[1].widget, format);
}

static const struct {
    const char *name;
    void (*set)(nu__widget *widget, nu_value value);
} widget_options[] = {
    { "years", set_years },
    { "empty_label", set_empty_label },
    { "date_attrs", set_date_attrs },
    { "time_attrs", set_time_attrs },
    { "date_format", set_date_format },
    { "time_format", set_time_format },
    { "attrs", set_attrs },
    { "choices", set_choices },
    { "format", set_format },
    { "render_value", set_render_value },
};

static void set_widget_option(nu__widget *widget, nu_str name, nu_value value)
{
    for (size_t i = 0; i < sizeof widget_options / sizeof *widget_options; i++)
        if (nu_eq(name, widget_options[i].name)) {
            widget_options[i].set(widget, conf_untag(value));
            return;
        }
    nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the option {} of {}", name, widget->type->name);
}

/* The parts of a MultiWidget: a list of widgets, or a dict of them by the end of their names. */
static void set_parts(nu__widget *widget, nu_value parts)
{
    bool named = parts.kind == NU_KIND_DICT;
    size_t n = named ? nu_dict_len(parts.dict) : nu_list_len(parts.list);

    widget->parts = nu_alloc_array(nu__widget_part, n);
    widget->n_parts = n;
    for (size_t i = 0; i < n; i++) {
        nu_value part = named ? nu_dict_value(parts.dict, i) : nu_at(parts.list, i);
        nu_str name = named ? nu_dict_key(parts.dict, i) : nu_fmt("{}", i);

        widget->parts[i].suffix = name.len ? nu_fmt("_{}", name) : S("");
        conf_widget(&widget->parts[i].widget, nu_item(part.dict, "__widget__").dict);
    }
}

/* The halves of a date and time have the whole's attributes, unless they have their own. */
static void set_halves_attrs(nu__widget *widget, nu_value attrs, const nu_dict *kwargs)
{
    if (nu_item(kwargs, "date_attrs").kind == NU_KIND_NULL)
        set_date_attrs(widget, attrs);
    if (nu_item(kwargs, "time_attrs").kind == NU_KIND_NULL)
        set_time_attrs(widget, attrs);
}

/* A field or widget that another is made of. */
static const nu_dict *part_of(const nu_dict *spec, const char *option)
{
    nu_value kwargs = nu_item(spec, "kwargs"), part = nu_null();

    if (kwargs.kind == NU_KIND_DICT)
        part = nu_item(kwargs.dict, option);
    return part.kind == NU_KIND_DICT ? nu_as_dict(nu_item(part.dict, "__of__")) : NULL;
}

static void set_repeated(nu__widget *widget, const nu_dict *spec)
{
    bool range = nu_eq("RangeWidget", widget->type->name);
    nu__widget base;

    conf_widget(&base, part_of(spec, range ? "base_widget" : "widget"));
    nu__widget_repeat(widget, &base,
                      range ? 2 : (size_t)nu_int(nu_item(nu_item(spec, "kwargs").dict, "size")));
}

static void give_widget_options(nu__widget *widget, const nu_dict *spec)
{
    nu_value kwargs = nu_item(spec, "kwargs"), args = nu_item(spec, "args");

    if (widget->type->repeats) {
        set_repeated(widget, spec);
        return;
    }

    if (args.kind == NU_KIND_LIST && nu_list_len(args.list))
        set_parts(widget, nu_at(args.list, 0)); /* MultiWidget's alone are given by place */
    for (size_t i = 0; kwargs.kind == NU_KIND_DICT && i < nu_dict_len(kwargs.dict); i++) {
        nu_str name = nu_dict_key(kwargs.dict, i);
        nu_value value = nu_dict_value(kwargs.dict, i);

        if (nu_eq(name, "widgets"))
            set_parts(widget, value);
        else if (nu_eq(name, "attrs") && widget->n_parts == 2 && widget->type->decompress)
            set_halves_attrs(widget, conf_untag(value), kwargs.dict);
        else
            set_widget_option(widget, name, value);
    }
}

void conf_widget(nu__widget *widget, const nu_dict *spec)
{
    nu__widget_init(widget, widget_row(nu_string(nu_item(spec, "class"))));
    give_widget_options(widget, spec);
}

/* ---- fields --------------------------------------------------------------------------------- */

static nu_value coerce_int(const nu__form_field *field, nu_value text)
{
    nu_value number;

    if (!nu__form_integer(field, text, &number))
        nu_raise(NU_VALUE_ERROR, "invalid literal for int()");
    return number;
}

static nu_value coerce_float(const nu__form_field *field, nu_value text)
{
    nu_value number;

    if (!nu__form_float(field, text, &number))
        nu_raise(NU_VALUE_ERROR, "could not convert string to float");
    return number;
}

static nu_value coerce_str(const nu__form_field *field, nu_value text)
{
    (void)field;
    return nu_v_str(nu_string(text));
}

static nu_value coerce_bool(const nu__form_field *field, nu_value text)
{
    (void)field;
    return nu_v_bool(nu__value_truth(text));
}

static const struct {
    const char *name;
    nu_value (*coerce)(const nu__form_field *field, nu_value text);
} coercions[] = {
    { "int", coerce_int }, { "float", coerce_float }, { "str", coerce_str }, { "bool", coerce_bool }
};

static void set_coerce(nu__form_field *field, nu_value raw)
{
    nu_value name = nu_item(raw.dict, "__type__");

    for (size_t i = 0; i < sizeof coercions / sizeof *coercions; i++)
        if (nu_eq(nu_string(name), coercions[i].name))
            field->coerce = coercions[i].coerce;
}

#define OPTION(name, ...)                                                                          \
    static void option_##name(nu__form_field *field, nu_value value)                               \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
OPTION(required, field->required = value.b)
OPTION(disabled, field->disabled = value.b)
OPTION(strip, field->strip = value.b)
OPTION(allow_empty_file, field->allow_empty_file = value.b)
OPTION(max_length, field->max_length = nu_int(value))
OPTION(min_length, field->min_length = nu_int(value))
OPTION(max_digits, field->max_digits = (int)nu_int(value))
OPTION(decimal_places, field->decimal_places = (int)nu_int(value))
OPTION(max_value, field->max_value = value)
OPTION(min_value, field->min_value = value)
OPTION(step_size, field->step_size = value)
OPTION(help_text, field->help_text = nu_string(value))
OPTION(initial, field->initial = value)
OPTION(label, field->has_label = true; field->label = nu_string(value))
OPTION(input_formats, field->input_formats = value.list)
OPTION(empty_value, field->empty_null = value.kind == NU_KIND_NULL)
OPTION(choices, field->choices.items = choices_of(value))
OPTION(localize, field->localize = value.b)
OPTION(allow_unicode, field->allow_unicode = value.b)
OPTION(unpack_ipv4, field->unpack_ipv4 = value.b)
OPTION(assume_scheme, field->assume_scheme = nu_copy(nu_string(value)).ptr)
OPTION(input_date_formats, field->input_formats = value.list)
OPTION(input_time_formats, field->input_time_formats = value.list)
OPTION(error_messages, field->error_messages = value.dict)
OPTION(delimiter, field->delimiter = nu_string(value))
OPTION(size, field->size = (size_t)nu_int(value))
OPTION(remove_trailing_nulls, field->remove_trailing_nulls = value.b)
#undef OPTION

static void option_protocol(nu__form_field *field, nu_value value)
{
    nu_str name = nu_lower(nu_string(value));

    field->protocol = nu_eq(name, "ipv4") ? 4 : nu_eq(name, "ipv6") ? 6 : 0;
}

static void option_base_field(nu__form_field *field, nu_value value)
{
    field->base = nu_alloc(nu__form_field);
    conf_field(field->base, field->name, nu_as_dict(nu_item(value.dict, "__of__")));
}

/* Each pattern is compiled once, for as long as the process. */
static void option_regex(nu__form_field *field, nu_value value)
{
    static struct {
        char *pattern;
        nu__re *regex;
    } known[64];
    size_t i = 0;

    while (i < 63 && known[i].pattern && !nu_eq(value.s, known[i].pattern))
        i++;
    if (!known[i].pattern) {
        known[i].pattern = strndup(value.s.ptr, value.s.len);
        known[i].regex = nu__re_compile(value.s, 0, (char[96]){ 0 });
    }
    field->regex = known[i].regex;
}

static const struct {
    const char *name;
    void (*set)(nu__form_field *field, nu_value value);
    bool raw;
} field_options[] = {
    { "required", option_required, false },
    { "disabled", option_disabled, false },
    { "strip", option_strip, false },
    { "allow_empty_file", option_allow_empty_file, false },
    { "max_length", option_max_length, false },
    { "min_length", option_min_length, false },
    { "max_digits", option_max_digits, false },
    { "decimal_places", option_decimal_places, false },
    { "max_value", option_max_value, false },
    { "min_value", option_min_value, false },
    { "step_size", option_step_size, false },
    { "help_text", option_help_text, false },
    { "initial", option_initial, false },
    { "label", option_label, false },
    { "input_formats", option_input_formats, false },
    { "empty_value", option_empty_value, false },
    { "choices", option_choices, false },
    { "error_messages", option_error_messages, false },
    { "localize", option_localize, false },
    { "allow_unicode", option_allow_unicode, false },
    { "unpack_ipv4", option_unpack_ipv4, false },
    { "assume_scheme", option_assume_scheme, false },
    { "input_date_formats", option_input_date_formats, false },
    { "input_time_formats", option_input_time_formats, false },
    { "protocol", option_protocol, false },
    { "regex", option_regex, false },
    { "coerce", set_coerce, true },
    { "base_field", option_base_field, true },
    { "delimiter", option_delimiter, false },
    { "size", option_size, false },
    { "remove_trailing_nulls", option_remove_trailing_nulls, false },
};

static void set_field_option(nu__form_field *field, nu_str name, nu_value value)
{
    for (size_t i = 0; i < sizeof field_options / sizeof *field_options; i++)
        if (nu_eq(name, field_options[i].name)) {
            field_options[i].set(field, field_options[i].raw ? value : conf_untag(value));
            return;
        }
    nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the option {} of {}", name, field->type->name);
}

void conf_field(nu__form_field *field, nu_str name, const nu_dict *spec)
{
    nu_str class = nu_string(nu_item(spec, "class"));
    const nu__form_field_type *type = nu__form_field_type_find(class);
    nu_value kwargs = nu_item(spec, "kwargs"), args = nu_item(spec, "args"), widget = nu_null();
    nu_dict *own = NULL;

    if (!type)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the field {}", class);
    nu__form_field_begin(field, type, name);
    if (args.kind == NU_KIND_LIST && nu_list_len(args.list))
        option_regex(field, nu_at(args.list, 0)); /* RegexField's alone are given by place */
    for (size_t i = 0; kwargs.kind == NU_KIND_DICT && i < nu_dict_len(kwargs.dict); i++) {
        if (nu_eq(nu_dict_key(kwargs.dict, i), "widget"))
            widget = nu_item(nu_dict_value(kwargs.dict, i).dict, "__widget__");
        else
            set_field_option(field, nu_dict_key(kwargs.dict, i), nu_dict_value(kwargs.dict, i));
    }
    own = widget.kind == NU_KIND_DICT ? widget.dict : NULL;
    nu__form_field_finish(field, own ? widget_row(nu_string(nu_item(own, "class"))) : NULL);
    if (own)
        give_widget_options(&field->widget, own);
}

/* Date-times without a zone stand for instants of the current one. */
static void localize(const conf_case *c)
{
    conf_localize_by(c->data);
    conf_keep_zones = CONF_INSTANTS;
}

static nu__form_field *the_field(const conf_case *c)
{
    nu__form_field *field = nu_alloc(nu__form_field);

    localize(c);
    conf_field(field, S("n"), nu_as_dict(nu_item(c->data, "field")));
    return field;
}

static nu__widget *the_widget(const conf_case *c)
{
    nu__widget *widget = nu_alloc(nu__widget);

    localize(c);
    conf_widget(widget, nu_as_dict(nu_item(c->data, "widget")));
    return widget;
}

/* ---- operations ----------------------------------------------------------------------------- */

nu_list *conf_errors(const nu_list *errors)
{
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < nu_list_len(errors); i++) {
        nu_dict *error = nu_at(errors, i).dict;

        nu_list_append(
            all, NU_DICT(("code", nu_item(error, "code")), ("message", nu_item(error, "message"))));
    }
    return all;
}

/* Whole numbers in JSON have 64 bits; beyond that they are floats. */
static bool beyond_json(const nu__form_field *field, nu_value cleaned)
{
    const char *tag = conf_tag(cleaned);

    return tag && nu_eq(tag, "__int__") && nu_eq("JSONField", field->type->name);
}

nu_value conf_plain_range(nu_value value)
{
    const nu_range *range = nu_as_range(value);

    return range ? V(NU_LIST(range->lower, range->upper, range->bounds)) : value;
}

static nu_value clean(const conf_case *c)
{
    nu__form_field *field = the_field(c);
    nu_value initial = conf_member(c, "initial"), cleaned;
    nu_list *errors = nu_list_new();

    if (beyond_json(field, nu_item(c->data, "cleaned")))
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "whole numbers of over 64 bits in JSON");
    if (nu__form_field_clean(field, conf_member(c, "value"), initial, &cleaned, errors))
        return V(NU_DICT(("valid", true), ("cleaned", conf_plain_range(cleaned))));
    return V(NU_DICT(("valid", false), ("errors", conf_errors(errors))));
}

static nu_str html_of(nu__widget *widget, nu_str name, nu_value value, nu_value attrs)
{
    nu__buf out = { 0 };

    nu__widget_render(widget, &out, name, value, attrs.kind == NU_KIND_DICT ? attrs.dict : NULL);
    return nu__buf_str(&out);
}

static nu_value render(const conf_case *c)
{
    nu__widget *widget = the_widget(c);

    widget->required = nu__value_truth(nu_item(c->data, "is_required"));
    widget->localized = nu__value_truth(nu_item(c->data, "is_localized"));
    return V(NU_DICT(("html", html_of(widget, conf_member_text(c, "name"), conf_member(c, "value"),
                                      conf_member(c, "attrs")))));
}

static nu_value default_widget(const conf_case *c)
{
    nu__form_field *field = the_field(c);
    nu_str type = field->widget.input_type;

    return V(NU_DICT(("widget", field->widget.type->name),
                     ("input_type", type.ptr ? nu_v_str(type) : nu_null()),
                     ("html", html_of(&field->widget, S("n"), nu_null(), nu_null()))));
}

static nu_value has_changed(const conf_case *c)
{
    nu_value initial = nu_item(c->data, "initial");

    if (conf_uses_tz(c->data) && conf_tag(initial) && nu_eq(conf_tag(initial), "__datetime__") &&
        !conf_zone(initial))
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "date-times without a zone where there are zones");
    return V(nu__form_field_has_changed(the_field(c), conf_member(c, "initial"),
                                        conf_member(c, "data")));
}

static nu_value from_data(const conf_case *c)
{
    nu__widget *widget = the_widget(c);
    nu__form_data data = { .fields = nu_querydict_parse(conf_member_text(c, "data"), 0) };
    nu_str name = conf_member_text(c, "name");

    return V(NU_DICT(("output", widget->type->from_data(widget, &data, name)),
                     ("omitted", nu__widget_omitted(widget, &data, name))));
}

const conf_op conf_forms[] = {
    { "clean", clean, "valid cleaned errors" },
    { "widget", render, "html" },
    { "field_widget", default_widget, "widget input_type html" },
    { "has_changed", has_changed, NULL },
    { "value_from_data", from_data, "output omitted" },
    { 0 },
};
