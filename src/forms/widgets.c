#include "forms/widgets.h"

#include "core/object.h"
#include "core/time.h"
#include "utils/html.h"
#include "utils/strptime.h"

#include <nuages/template.h>

#include <string.h>

/* ---- attributes ---------------------------------------------------------------------------- */

void nu__attrs_render(nu__buf *out, const nu_dict *attrs)
{
    for (size_t i = 0; attrs && i < nu_dict_len(attrs); i++) {
        nu_value value = nu_dict_value(attrs, i);

        if (value.kind == NU_KIND_BOOL && !value.b)
            continue;
        nu__buf_char(out, ' ');
        nu__buf_str_add(out, nu_dict_key(attrs, i));
        if (value.kind == NU_KIND_BOOL)
            continue;
        nu__buf_lit(out, "=\"");
        nu__conditional_escape_to(out, value);
        nu__buf_char(out, '"');
    }
}

static nu_dict *merged(const nu_dict *own, const nu_dict *more)
{
    nu_dict *all = nu_dict_new();

    for (size_t i = 0; own && i < nu_dict_len(own); i++)
        nu_dict_set_str(all, nu_dict_key(own, i), nu_dict_value(own, i));
    for (size_t i = 0; more && i < nu_dict_len(more); i++)
        nu_dict_set_str(all, nu_dict_key(more, i), nu_dict_value(more, i));
    return all;
}

void nu__widget_set_attr(nu__widget *widget, const char *attribute)
{
    const char *equals = strchr(attribute, '=');
    size_t len = equals ? (size_t)(equals - attribute) : strlen(attribute);
    nu_str name = { attribute, len };
    nu_value value = equals ? nu_v_cstr(equals + 1) : nu_v_bool(true);

    if (nu_eq(name, "type") && equals)
        widget->input_type = nu_s(equals + 1);
    else
        nu_dict_set_str(widget->attrs, name, value);
}

/* ---- values -------------------------------------------------------------------------------- */

static bool is_empty_text(nu_value value)
{
    return value.kind == NU_KIND_NULL ||
           ((value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) && !value.s.len);
}

nu_str nu__widget_format(const nu__widget *widget, nu_value value)
{
    nu_str format = widget->date_format.ptr ? widget->date_format : nu_s(widget->type->date_format);

    if (is_empty_text(value)) /* what was sent as a date is shown again, even nothing */
        return format.ptr && value.kind != NU_KIND_NULL ? S("") : (nu_str){ NULL, 0 };
    if (format.ptr && (value.kind == NU_KIND_DATE || value.kind == NU_KIND_DATETIME ||
                       value.kind == NU_KIND_TIME))
        return nu__strftime(value, format);
    return nu_string(value);
}

static void input(const nu__widget *widget, nu__buf *out, nu_str type, nu_str name, nu_str value,
                  const nu_dict *attrs)
{
    (void)widget;
    nu__buf_lit(out, "<input type=\"");
    nu__escape_to(out, type);
    nu__buf_lit(out, "\" name=\"");
    nu__escape_to(out, name);
    nu__buf_char(out, '"');
    if (value.ptr) {
        nu__buf_lit(out, " value=\"");
        nu__escape_to(out, value);
        nu__buf_char(out, '"');
    }
    nu__attrs_render(out, attrs);
    nu__buf_char(out, '>');
}

static void render_input(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                         const nu_dict *attrs)
{
    input(widget, out, widget->input_type, name, nu__widget_format(widget, value), attrs);
}

static void render_password(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    render_input(widget, out, name, widget->render_value ? value : nu_null(), attrs);
}

static void render_textarea(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    nu__buf_lit(out, "<textarea name=\"");
    nu__escape_to(out, name);
    nu__buf_char(out, '"');
    nu__attrs_render(out, attrs);
    nu__buf_lit(out, ">\n");
    nu__escape_to(out, nu__widget_format(widget, value));
    nu__buf_lit(out, "</textarea>");
}

/* CheckboxInput: a value that is not plain true or false is shown as the box's own. */
static void render_checkbox(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    bool plain = value.kind == NU_KIND_BOOL || is_empty_text(value);

    if (!is_empty_text(value) && !(value.kind == NU_KIND_BOOL && !value.b)) {
        nu_dict *checked = merged(attrs, NULL);

        nu_dict_set(checked, "checked", true);
        attrs = checked;
    }
    input(widget, out, widget->input_type, name, plain ? (nu_str){ NULL, 0 } : nu_string(value),
          attrs);
}

static void render_file(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                        const nu_dict *attrs)
{
    (void)value;
    input(widget, out, widget->input_type, name, (nu_str){ NULL, 0 }, attrs);
}

/* The file that is kept, with a link and a box to clear it, before the input for another. */
static void render_clearable_file(const nu__widget *widget, nu__buf *out, nu_str name,
                                  nu_value value, const nu_dict *attrs)
{
    nu_value url = nu_null();

    if (value.kind == NU_KIND_OBJECT && nu__value_truth(value) &&
        nu__value_get(value, S("url"), &url) && nu__value_truth(url)) {
        nu__buf_lit(out, "Currently: <a href=\"");
        nu__conditional_escape_to(out, url);
        nu__buf_lit(out, "\">");
        nu__conditional_escape_to(out, value);
        nu__buf_lit(out, "</a>");
        if (!widget->required)
            nu__buf_fmt(out,
                        "\n<input type=\"checkbox\" name=\"{}-clear\" id=\"{}-clear_id\"{}{}>\n"
                        "<label for=\"{}-clear_id\">Clear</label>",
                        name, name, nu__value_truth(nu_item(attrs, "disabled")) ? " disabled" : "",
                        nu__value_truth(nu_item(attrs, "checked")) ? " checked" : "", name);
        nu__buf_lit(out, "<br>\nChange:\n");
    }
    render_file(widget, out, name, nu_null(), attrs);
}

/* ---- choices ------------------------------------------------------------------------------- */

nu_list *nu__choices_items(nu__choices *choices)
{
    if (!choices->items)
        choices->items = choices->make(choices->self);
    return choices->items;
}

/* The chosen values as texts; None is "". */
static nu_list *chosen_texts(const nu__widget *widget, nu_value value)
{
    nu_list *texts = nu_list_new();

    if (widget->type->as_choice)
        value = widget->type->as_choice(value);
    if (value.kind == NU_KIND_NULL && widget->type->multiple)
        return texts;
    if (value.kind != NU_KIND_LIST) {
        nu_list_append(texts, value.kind == NU_KIND_NULL ? S("") : nu_string(value));
        return texts;
    }
    for (size_t i = 0; i < nu_list_len(value.list); i++) {
        nu_value item = nu_at(value.list, i);

        nu_list_append(texts, item.kind == NU_KIND_NULL ? S("") : nu_string(item));
    }
    return texts;
}

static bool chosen(const nu_list *texts, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(texts); i++)
        if (nu_eq_(nu_at(texts, i).s, text))
            return true;
    return false;
}

/* One walk over the options of a widget, groups and all, calling `one` for each. */
typedef struct option {
    nu_str name, value;
    nu_value label;
    bool selected;
    nu_dict *attrs;
} option;

typedef struct option_walk {
    const nu__widget *widget;
    nu_str name;
    nu_list *texts;
    const nu_dict *attrs;
    bool any_selected;
    void (*one)(struct option_walk *walk, const option *option);
    void (*group)(struct option_walk *walk, const nu_value *label); /* NULL label: the end */
    nu__buf *out;
    nu_list *list;
} option_walk;

static nu_dict *option_attrs(const option_walk *walk, bool selected, nu_str index)
{
    const nu__widget_type *type = walk->widget->type;
    nu_dict *attrs = type->numbered ? merged(walk->attrs, NULL) : nu_dict_new();
    nu_value id = nu_item(attrs, "id");

    if (selected)
        nu_dict_set_str(attrs, type->numbered ? S("checked") : S("selected"), nu_v_bool(true));
    if (id.kind != NU_KIND_NULL)
        nu_dict_set(attrs, "id", nu_fmt("{}_{}", nu_string(id), index));
    return attrs;
}

static void walk_option(option_walk *walk, nu_value value, nu_value label, nu_str index)
{
    nu_str text = value.kind == NU_KIND_NULL ? S("") : nu_string(value);
    bool selected =
        (!walk->any_selected || walk->widget->type->multiple) && chosen(walk->texts, text);

    walk->any_selected |= selected;
    walk->one(walk, &(const option){ walk->name, text, label, selected,
                                     option_attrs(walk, selected, index) });
}

static void walk_options(option_walk *walk)
{
    nu_list *items =
        walk->widget->choices ? nu__choices_items(walk->widget->choices) : nu_list_new();

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_list *pair = nu_as_list(nu_at(items, i));
        nu_value label = nu_at(pair, 1), group = nu_at(pair, 0);

        if (label.kind != NU_KIND_LIST) {
            walk_option(walk, group, label, nu_fmt("{}", i));
            continue;
        }
        walk->group(walk, &group);
        for (size_t j = 0; j < nu_list_len(label.list); j++) {
            nu_list *inner = nu_as_list(nu_at(label.list, j));

            walk_option(walk, nu_at(inner, 0), nu_at(inner, 1), nu_fmt("{}_{}", i, j));
        }
        walk->group(walk, NULL);
    }
}

static void select_option(option_walk *walk, const option *option)
{
    nu__buf_lit(walk->out, "\n  <option value=\"");
    nu__escape_to(walk->out, option->value);
    nu__buf_char(walk->out, '"');
    nu__attrs_render(walk->out, option->attrs);
    nu__buf_char(walk->out, '>');
    nu__conditional_escape_to(walk->out, option->label);
    nu__buf_lit(walk->out, "</option>\n");
}

static void select_group(option_walk *walk, const nu_value *label)
{
    if (!label) {
        nu__buf_lit(walk->out, "\n  </optgroup>");
        return;
    }
    nu__buf_lit(walk->out, "\n  <optgroup label=\"");
    nu__conditional_escape_to(walk->out, *label);
    nu__buf_lit(walk->out, "\">");
}

static void render_select(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                          const nu_dict *attrs)
{
    option_walk walk = { .widget = widget,
                         .name = name,
                         .texts = chosen_texts(widget, value),
                         .attrs = attrs,
                         .one = select_option,
                         .group = select_group,
                         .out = out };

    if (widget->type->multiple) {
        nu_dict *multiple = merged(attrs, NULL);

        nu_dict_set(multiple, "multiple", true);
        attrs = multiple;
    }
    nu__buf_lit(out, "<select name=\"");
    nu__escape_to(out, name);
    nu__buf_char(out, '"');
    nu__attrs_render(out, attrs);
    nu__buf_char(out, '>');
    walk_options(&walk);
    nu__buf_lit(out, "\n</select>");
}

static void labelled_input(const nu__widget *widget, nu__buf *out, const option *option)
{
    nu_value id = nu_item(option->attrs, "id");

    nu__buf_lit(out, "<label");
    if (nu__value_truth(id)) {
        nu__buf_lit(out, " for=\"");
        nu__conditional_escape_to(out, id);
        nu__buf_char(out, '"');
    }
    nu__buf_char(out, '>');
    input(widget, out, widget->input_type, option->name, option->value, option->attrs);
    nu__buf_char(out, '\n');
    nu__buf_char(out, ' ');
    nu__conditional_escape_to(out, option->label);
    nu__buf_lit(out, "</label>\n");
}

static void box_option(option_walk *walk, const option *option)
{
    nu__buf_lit(walk->out, "<div>\n    ");
    labelled_input(walk->widget, walk->out, option);
    nu__buf_lit(walk->out, "\n</div>");
}

static void box_group(option_walk *walk, const nu_value *label)
{
    if (!label) {
        nu__buf_lit(walk->out, "\n  </div>");
        return;
    }
    nu__buf_lit(walk->out, "\n  <div><label>");
    nu__conditional_escape_to(walk->out, *label);
    nu__buf_lit(walk->out, "</label>");
}

static void render_boxes(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                         const nu_dict *attrs)
{
    option_walk walk = { .widget = widget,
                         .name = name,
                         .texts = chosen_texts(widget, value),
                         .attrs = attrs,
                         .one = box_option,
                         .group = box_group,
                         .out = out };
    static const char *const on_the_div[] = { "id", "class" };

    nu__buf_lit(out, "<div");
    for (size_t i = 0; i < 2; i++) {
        nu_value attribute = nu_item(attrs, on_the_div[i]);

        if (!nu__value_truth(attribute))
            continue;
        nu__buf_fmt(out, " {}=\"", on_the_div[i]);
        nu__conditional_escape_to(out, attribute);
        nu__buf_char(out, '"');
    }
    nu__buf_char(out, '>');
    walk_options(&walk);
    nu__buf_lit(out, "\n</div>");
}

static void list_option(option_walk *walk, const option *option)
{
    nu__buf tag = { 0 };

    if (walk->widget->type->numbered) {
        labelled_input(walk->widget, &tag, option);
    } else {
        option_walk single = *walk;

        single.out = &tag;
        select_option(&single, option);
    }
    nu_list_append(walk->list, NU_DICT(("tag", nu_safe(nu_trim(nu__buf_str(&tag)))),
                                       ("choice_label", option->label), ("value", option->value),
                                       ("selected", option->selected),
                                       ("id_for_label", nu_item(option->attrs, "id"))));
}

static void list_group(option_walk *walk, const nu_value *label)
{
    (void)walk;
    (void)label;
}

nu_list *nu__widget_options(const nu__widget *widget, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    option_walk walk = { .widget = widget,
                         .name = name,
                         .texts = chosen_texts(widget, value),
                         .attrs = merged(widget->attrs, attrs),
                         .one = list_option,
                         .group = list_group,
                         .list = nu_list_new() };

    walk_options(&walk);
    return walk.list;
}

/* ---- values from what was sent -------------------------------------------------------------- */

static nu_value data_text(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    if (widget->type->multiple)
        return nu_v_list(nu_querydict_list(data->fields, name));
    return nu__form_data_get(data, name);
}

static nu_value data_checkbox(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_value value = nu__form_data_get(data, name);

    (void)widget;
    if (value.kind == NU_KIND_NULL)
        return nu_v_bool(false);
    return nu_v_bool(value.s.len && !nu_eq(nu_lower(value.s), "false"));
}

/* The words that stand for yes and no in a NullBooleanSelect; 2 and 3 as old pages sent them. */
static nu_value null_boolean(nu_value value)
{
    static const struct {
        const char *text;
        bool yes;
    } words[] = { { "True", true },   { "true", true },   { "2", true },
                  { "False", false }, { "false", false }, { "3", false } };

    for (size_t i = 0; value.kind == NU_KIND_STR && i < sizeof words / sizeof *words; i++)
        if (nu_eq(value.s, words[i].text))
            return nu_v_bool(words[i].yes);
    return value.kind == NU_KIND_BOOL ? value : nu_null();
}

static nu_value null_boolean_choice(nu_value value)
{
    nu_value known = null_boolean(value);

    return nu_v_str(known.kind == NU_KIND_NULL ? S("unknown") : known.b ? S("true") : S("false"));
}

static nu_value data_null_boolean(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    (void)widget;
    return null_boolean(nu__form_data_get(data, name));
}

static nu_value data_file(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_file *file = data->file ? data->file(data->self, name) : NULL;

    (void)widget;
    return file ? (nu_value){ .kind = NU_KIND_FILE, .p = file } : nu_null();
}

/* false: the file that is kept shall go; the text "contradiction": and another was sent too. */
static nu_value data_clearable_file(const nu__widget *widget, const nu__form_data *data,
                                    nu_str name)
{
    nu_value file = data_file(widget, data, name);
    nu_value clear = data_checkbox(widget, data, nu_fmt("{}-clear", name));

    if (widget->required || !clear.b)
        return file;
    return file.kind == NU_KIND_NULL ? nu_v_bool(false) : nu_v_str(S("contradiction"));
}

/* ---- the rows ------------------------------------------------------------------------------ */

#define INPUT(n, t, ...)                                                                           \
    {                                                                                              \
        .name = n, .input_type = t, .render = render_input, .from_data = data_text, __VA_ARGS__    \
    }
#define CHOICES(n, t, draw, ...)                                                                   \
    {                                                                                              \
        .name = n, .input_type = t, .render = draw, .from_data = data_text, .choices = true,       \
        __VA_ARGS__                                                                                \
    }

static const nu__widget_type widget_types[] = {
    INPUT("TextInput", "text"),
    INPUT("NumberInput", "number"),
    INPUT("EmailInput", "email"),
    INPUT("URLInput", "url"),
    INPUT("ColorInput", "color"),
    INPUT("SearchInput", "search"),
    INPUT("TelInput", "tel"),
    INPUT("HiddenInput", "hidden"),
    INPUT("DateInput", "text", .date_format = "%Y-%m-%d"),
    INPUT("DateTimeInput", "text", .date_format = "%Y-%m-%d %H:%M:%S"),
    INPUT("TimeInput", "text", .date_format = "%H:%M:%S"),
    { .name = "PasswordInput",
      .input_type = "password",
      .render = render_password,
      .from_data = data_text },
    { .name = "Textarea",
      .render = render_textarea,
      .from_data = data_text,
      .default_attrs = { "cols=40", "rows=10" } },
    { .name = "CheckboxInput",
      .input_type = "checkbox",
      .render = render_checkbox,
      .from_data = data_checkbox },
    { .name = "FileInput",
      .input_type = "file",
      .render = render_file,
      .from_data = data_file,
      .file = true },
    { .name = "ClearableFileInput",
      .input_type = "file",
      .render = render_clearable_file,
      .from_data = data_clearable_file,
      .file = true },
    CHOICES("Select", "select", render_select),
    CHOICES("SelectMultiple", "select", render_select, .multiple = true),
    { .name = "NullBooleanSelect",
      .input_type = "select",
      .render = render_select,
      .from_data = data_null_boolean,
      .choices = true,
      .as_choice = null_boolean_choice },
    CHOICES("RadioSelect", "radio", render_boxes, .fieldset = true, .numbered = true),
    CHOICES("CheckboxSelectMultiple", "checkbox", render_boxes, .multiple = true, .fieldset = true,
            .numbered = true),
};
enum { WIDGET_TYPES = sizeof widget_types / sizeof *widget_types };

const nu__widget_type *nu__widget_type_find(nu_str name)
{
    for (size_t i = 0; i < WIDGET_TYPES; i++)
        if (nu_eq(name, widget_types[i].name))
            return &widget_types[i];
    return NULL;
}

const char *const *nu__widget_names(size_t *count)
{
    static const char *names[WIDGET_TYPES];

    for (size_t i = 0; i < WIDGET_TYPES; i++)
        names[i] = widget_types[i].name;
    *count = WIDGET_TYPES;
    return names;
}

void nu__widget_init(nu__widget *widget, const nu__widget_type *type)
{
    *widget =
        (nu__widget){ .type = type, .input_type = nu_s(type->input_type), .attrs = nu_dict_new() };
    for (size_t i = 0; i < 2 && type->default_attrs[i]; i++)
        nu__widget_set_attr(widget, type->default_attrs[i]);
}

bool nu__widget_is_hidden(const nu__widget *widget)
{
    return nu_eq(widget->input_type, "hidden");
}

/* HTML wants the first option of a required select to be the empty one. */
static bool first_choice_is_empty(const nu__widget *widget)
{
    nu_list *items = widget->choices ? nu__choices_items(widget->choices) : NULL;

    if (!items || !nu_list_len(items))
        return false;
    return is_empty_text(nu_at(nu_as_list(nu_at(items, 0)), 0));
}

bool nu__widget_may_require(const nu__widget *widget, nu_value initial)
{
    if (nu__widget_is_hidden(widget))
        return false;
    if (widget->type->file)
        return !nu__value_truth(initial);
    if (widget->type->render == render_select && !widget->type->multiple)
        return first_choice_is_empty(widget);
    return !(widget->type->render == render_boxes && widget->type->multiple);
}

nu_str nu__widget_id_for_label(const nu__widget *widget, nu_str id)
{
    return widget->type->fieldset ? (nu_str){ NULL, 0 } : id;
}

bool nu__widget_omitted(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    if (widget->type->file)
        return !(data->file && data->file(data->self, name)) &&
               !nu_querydict_has(data->fields, nu_fmt("{}-clear", name));
    if (widget->type->from_data == data_checkbox || widget->type->multiple)
        return false; /* browsers send nothing for a box that is not ticked */
    return !nu_querydict_has(data->fields, name);
}

void nu__widget_render(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                       const nu_dict *attrs)
{
    widget->type->render(widget, out, name, value, merged(widget->attrs, attrs));
}
