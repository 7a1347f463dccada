/* The HTML of whole forms: the bytes that Django's form templates give. */
#include "forms/form.h"

#include "utils/html.h"

/* One form being written. */
typedef struct rendering {
    nu_form *form;
    nu__buf *out;
    nu__error_list *top; /* errors of the whole form and of its hidden fields */
    size_t n_visible;
} rendering;

struct nu__form_layout {
    const char *name;
    void (*top)(rendering *r);
    void (*row)(rendering *r, const nu__bound_field *bound, bool last);
};

/* ---- errors -------------------------------------------------------------------------------- */

void nu__error_list_render(const nu__error_list *list, nu__buf *out)
{
    size_t n = nu_list_len(list->items);

    if (!n)
        return;
    nu__buf_fmt(out, "<ul class=\"{}\"", list->error_class);
    if (list->field_id.len)
        nu__buf_fmt(out, " id=\"{}_error\"", list->field_id);
    nu__buf_char(out, '>');
    for (size_t i = 0; i < n; i++) {
        nu__buf_lit(out, "<li>");
        nu__conditional_escape_to(out, nu_item(nu_at(list->items, i).dict, "message"));
        nu__buf_lit(out, "</li>");
    }
    nu__buf_lit(out, "</ul>");
}

/* An error of a field that nobody sees is told at the top, with its name. */
static nu__error_list *top_errors(nu_form *form)
{
    nu__error_list *own = nu__form_non_field_errors(form);
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < nu_list_len(own->items); i++)
        nu_list_append(all, nu_at(own->items, i));
    for (size_t i = 0; i < form->n_fields; i++) {
        nu_list *hidden = nu__widget_is_hidden(&form->fields[i].widget)
                              ? nu__bound_field_errors(&form->bound_fields[i])->items
                              : nu_list_new();

        for (size_t j = 0; j < nu_list_len(hidden); j++)
            nu_list_append(all,
                           NU_DICT(("message", nu_fmt("(Hidden field {}) {}", form->fields[i].name,
                                                      nu_item(nu_at(hidden, j).dict, "message")))));
    }
    own->items = all;
    return own;
}

static bool has_top(const rendering *r)
{
    return nu_list_len(r->top->items) > 0;
}

/* ---- pieces -------------------------------------------------------------------------------- */

static void hidden_fields(rendering *r)
{
    for (size_t i = 0; i < r->form->n_fields; i++)
        if (nu__widget_is_hidden(&r->form->fields[i].widget))
            nu__bound_field_text(&r->form->bound_fields[i], r->out);
}

static void open_tag(rendering *r, const nu__bound_field *bound, const char *tag)
{
    nu_value classes;

    nu__buf_fmt(r->out, "<{}", tag);
    if (nu__value_get(nu_v_object(&bound->object), S("css_classes"), &classes) && classes.s.len)
        nu__buf_fmt(r->out, " class=\"{}\"", classes.s);
    nu__buf_char(r->out, '>');
}

static void label(rendering *r, const nu__bound_field *bound)
{
    if (nu__bound_field_label(bound).len)
        nu__bound_field_label_tag(bound, r->out, "label");
}

/* Help texts are the developer's own words and may hold markup. */
static void help(nu__buf *out, const nu__bound_field *bound, const char *tag)
{
    nu_str id = nu__bound_field_id(bound);

    nu__buf_fmt(out, "<{} class=\"helptext\"", tag);
    if (id.len)
        nu__buf_fmt(out, " id=\"{}_helptext\"", id);
    nu__buf_fmt(out, ">{}</{}>", bound->field->help_text, tag);
}

static void errors(rendering *r, const nu__bound_field *bound)
{
    nu__error_list_render(nu__bound_field_errors(bound), r->out);
}

/* Label, widget, help and, at the end of the last row, the hidden fields; `indent` has the newline.
 */
static void label_and_widget(rendering *r, const nu__bound_field *bound, const char *indent)
{
    nu__buf_fmt(r->out, "{}", indent);
    label(r, bound);
    nu__buf_fmt(r->out, "{}", indent);
    nu__bound_field_text(bound, r->out);
}

static void help_and_hidden(rendering *r, const nu__bound_field *bound, bool last,
                            const char *indent, bool on_a_line)
{
    nu__buf_fmt(r->out, "{}", indent);
    if (bound->field->help_text.len) {
        if (on_a_line)
            nu__buf_fmt(r->out, "{}  <br>", indent);
        nu__buf_fmt(r->out, "{}  ", indent);
        help(r->out, bound, "span");
        nu__buf_fmt(r->out, "{}", indent);
    }
    nu__buf_fmt(r->out, "{}", indent);
    if (last) {
        nu__buf_fmt(r->out, "{}  ", indent);
        hidden_fields(r);
        nu__buf_fmt(r->out, "{}", indent);
    }
}

/* ---- the four layouts ---------------------------------------------------------------------- */

static void top_in_block(rendering *r, const char *tag)
{
    nu__error_list_render(r->top, r->out);
    nu__buf_char(r->out, '\n');
    if (has_top(r) && !r->n_visible) {
        nu__buf_fmt(r->out, "\n  <{}>", tag);
        hidden_fields(r);
        nu__buf_fmt(r->out, "</{}>\n", tag);
    }
    nu__buf_char(r->out, '\n');
}

static void p_top(rendering *r)
{
    top_in_block(r, "p");
}

static void p_row(rendering *r, const nu__bound_field *bound, bool last)
{
    nu__buf_lit(r->out, "\n  ");
    errors(r, bound);
    nu__buf_lit(r->out, "\n  ");
    open_tag(r, bound, "p");
    label_and_widget(r, bound, "\n    ");
    help_and_hidden(r, bound, last, "\n    ", false);
    nu__buf_lit(r->out, "\n  </p>\n");
}

static void div_top(rendering *r)
{
    top_in_block(r, "div");
}

static void div_row(rendering *r, const nu__bound_field *bound, bool last)
{
    nu__buf_lit(r->out, "\n  ");
    open_tag(r, bound, "div");
    nu__buf_fmt(r->out, "\n    {}\n    ", nu__bound_field_group(bound));
    if (last) {
        nu__buf_lit(r->out, "\n      ");
        hidden_fields(r);
        nu__buf_lit(r->out, "\n    ");
    }
    nu__buf_lit(r->out, "\n</div>\n");
}

/* The errors of the whole form in an element of their own, and the hidden fields, if there is no
   visible one to hold them. `indent` is how deep the element's inside stands. */
static void top_in(rendering *r, nu_str open, nu_str indent, nu_str close)
{
    if (has_top(r)) {
        nu__buf_str_add(r->out, open);
        nu__error_list_render(r->top, r->out);
        nu__buf_str_add(r->out, indent);
        if (!r->n_visible) {
            nu__buf_fmt(r->out, "{}  ", indent);
            hidden_fields(r);
            nu__buf_str_add(r->out, indent);
        }
        nu__buf_str_add(r->out, close);
    }
    nu__buf_char(r->out, '\n');
}

static void table_top(rendering *r)
{
    top_in(r, S("\n  <tr>\n    <td colspan=\"2\">\n      "), S("\n      "),
           S("\n    </td>\n  </tr>\n"));
}

static void table_row(rendering *r, const nu__bound_field *bound, bool last)
{
    nu__buf_lit(r->out, "\n  ");
    open_tag(r, bound, "tr");
    nu__buf_lit(r->out, "\n    <th>");
    label(r, bound);
    nu__buf_lit(r->out, "</th>\n    <td>\n      ");
    errors(r, bound);
    nu__buf_lit(r->out, "\n      ");
    nu__bound_field_text(bound, r->out);
    help_and_hidden(r, bound, last, "\n      ", true);
    nu__buf_lit(r->out, "\n    </td>\n  </tr>\n");
}

static void ul_top(rendering *r)
{
    top_in(r, S("\n  <li>\n    "), S("\n  "), S("\n  </li>\n"));
}

static void ul_row(rendering *r, const nu__bound_field *bound, bool last)
{
    nu__buf_lit(r->out, "\n  ");
    open_tag(r, bound, "li");
    nu__buf_lit(r->out, "\n    ");
    errors(r, bound);
    label_and_widget(r, bound, "\n    ");
    help_and_hidden(r, bound, last, "\n    ", false);
    nu__buf_lit(r->out, "\n  </li>\n");
}

static const nu__form_layout layouts[] = {
    { "as_div", div_top, div_row },
    { "as_p", p_top, p_row },
    { "as_table", table_top, table_row },
    { "as_ul", ul_top, ul_row },
};

const nu__form_layout *nu__form_layout_find(nu_str name)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (nu_eq(name, layouts[i].name))
            return &layouts[i];
    return NULL;
}

static size_t count_visible(const nu_form *form)
{
    size_t n = 0;

    for (size_t i = 0; i < form->n_fields; i++)
        n += !nu__widget_is_hidden(&form->fields[i].widget);
    return n;
}

nu_str nu__form_render(nu_form *form, const nu__form_layout *layout)
{
    nu__buf out = { 0 };
    rendering r = { form, &out, top_errors(form), count_visible(form) };

    layout->top(&r);
    for (size_t i = 0, seen = 0; i < form->n_fields; i++)
        if (!nu__widget_is_hidden(&form->fields[i].widget))
            layout->row(&r, &form->bound_fields[i], ++seen == r.n_visible);
    if (!r.n_visible && !has_top(&r)) {
        nu__buf_lit(&out, "\n  ");
        hidden_fields(&r);
        nu__buf_char(&out, '\n');
    }
    return nu_trim(nu__buf_str(&out));
}

nu_str nu__bound_field_group(const nu__bound_field *bound)
{
    bool fieldset = bound->field->widget.type->fieldset;
    nu_str described = nu__bound_field_describedby(bound);
    nu__buf out = { 0 };

    if (fieldset) {
        nu__buf_lit(&out, "\n  <fieldset");
        if (described.ptr)
            nu__buf_fmt(&out, " aria-describedby=\"{}\"", described);
        nu__buf_lit(&out, ">");
    }
    nu__buf_lit(&out, "\n  ");
    if (nu__bound_field_label(bound).len)
        nu__bound_field_label_tag(bound, &out, fieldset ? "legend" : "label");
    nu__buf_lit(&out, "\n\n");
    if (bound->field->help_text.len)
        help(&out, bound, "div");
    nu__buf_char(&out, '\n');
    nu__error_list_render(nu__bound_field_errors(bound), &out);
    nu__buf_char(&out, '\n');
    nu__bound_field_text(bound, &out);
    if (fieldset)
        nu__buf_lit(&out, "</fieldset>");
    return nu_trim(nu__buf_str(&out));
}
