/* Widgets of options: a select, and boxes with labels. */
#include "core/object.h"
#include "forms/widget_types.h"
#include "utils/html.h"

#include <nuages/template.h>
#include <string.h>

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
    nu_dict *attrs = type->numbered ? nu__attrs_merged(walk->attrs, NULL) : nu_dict_new();
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

/* A group's beginning, with its label between two pieces, or its end. */
static void put_group(option_walk *walk, const nu_value *label, nu_str before, nu_str after,
                      nu_str end)
{
    nu__buf_str_add(walk->out, label ? before : end);
    if (!label)
        return;
    nu__conditional_escape_to(walk->out, *label);
    nu__buf_str_add(walk->out, after);
}

static void select_group(option_walk *walk, const nu_value *label)
{
    put_group(walk, label, S("\n  <optgroup label=\""), S("\">"), S("\n  </optgroup>"));
}

void nu__render_select(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
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
        nu_dict *multiple = nu__attrs_merged(attrs, NULL);

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
    nu__input_render(out, widget->input_type, option->name, nu_v_str(option->value), option->attrs);
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
    put_group(walk, label, S("\n  <div><label>"), S("</label>"), S("\n  </div>"));
}

void nu__render_boxes(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
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
                         .attrs = nu__attrs_merged(widget->attrs, attrs),
                         .one = list_option,
                         .group = list_group,
                         .list = nu_list_new() };

    walk_options(&walk);
    return walk.list;
}
