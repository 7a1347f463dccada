/* forms.jsonl: whole forms, by what they render and what they make of data. */
#include "forms_ops.h"

#include "core/object.h"
#include "forms/formset.h"
#include "template_ops.h"
#include "utils/html.h"

#include <string.h>

/* ---- making one ----------------------------------------------------------------------------- */

static nu_value attribute(const nu_object *object, const char *name)
{
    nu_value value = nu_null();

    if (!nu__value_get(nu_v_object(object), nu_s(name), &value))
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the attribute {}", name);
    return value.kind == NU_KIND_SAFE ? nu_v_str(value.s) : value;
}

nu_form *conf_form(const nu_list *fields)
{
    size_t n = nu_list_len(fields);
    nu_form *form = nu__form_new(S("TestForm"), n + 2);

    form->n_fields = n;
    for (size_t i = 0; i < n; i++) {
        nu_dict *field = nu_at(fields, i).dict;

        conf_field(&form->fields[i], nu_string(nu_item(field, "name")),
                   nu_item(field, "field").dict);
    }
    return form;
}

nu_str conf_auto_id(nu_value value)
{
    const char *hole;

    if (value.kind == NU_KIND_NULL || value.kind == NU_KIND_BOOL)
        return value.kind == NU_KIND_NULL ? S("id_{}") : value.b ? S("True") : (nu_str){ NULL, 0 };
    hole = memmem(value.s.ptr, value.s.len, "%s", 2);
    return hole ? nu_fmt("{}{{}}{}", ((nu_str){ value.s.ptr, (size_t)(hole - value.s.ptr) }),
                         ((nu_str){ hole + 2, (size_t)(value.s.ptr + value.s.len - hole - 2) }))
                : value.s;
}

static void set_initial(nu_form *form, nu_value initial)
{
    for (size_t i = 0; initial.kind == NU_KIND_DICT && i < nu_dict_len(initial.dict); i++)
        nu_dict_set_str(form->initial, nu_dict_key(initial.dict, i),
                        conf_untag(nu_dict_value(initial.dict, i)));
}

/* Fields named in the list come first, in its order. */
static nu_list *reordered(const nu_list *fields, const nu_list *order)
{
    nu_list *all = nu_list_new();

    for (size_t i = 0; i <= nu_list_len(order); i++)
        for (size_t j = 0; j < nu_list_len(fields); j++) {
            nu_value field = nu_at(fields, j);
            nu_str name = nu_string(nu_item(field.dict, "name"));
            bool named = i < nu_list_len(order) && nu_eq(name, nu_string(nu_at(order, i)));
            bool rest = i == nu_list_len(order);

            for (size_t k = 0; rest && k < nu_list_len(order); k++)
                rest = !nu_eq(name, nu_string(nu_at(order, k)));
            if (named || rest)
                nu_list_append(all, field);
        }
    return all;
}

static const nu_list *errors_to_add;

static void add_errors(nu_form *form, void *target)
{
    (void)target;
    for (size_t i = 0; i < nu_list_len(errors_to_add); i++) {
        nu_dict *error = nu_at(errors_to_add, i).dict;
        nu_value field = nu_item(error, "field"), code = nu_item(error, "code");

        nu__form_add_error(form,
                           field.kind == NU_KIND_NULL ? (nu_str){ NULL, 0 } : nu_string(field),
                           nu_string(nu_item(error, "message")),
                           code.kind == NU_KIND_STR ? nu_copy(code.s).ptr : "");
    }
}

static const char *css_class(const nu_dict *spec, const char *name)
{
    nu_value attrs = nu_item(spec, "class_attrs");
    nu_value value = attrs.kind == NU_KIND_DICT ? nu_item(attrs.dict, name) : nu_null();

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static bool flag(const nu_dict *spec, const char *name, bool fallback)
{
    nu_value value = nu_item(spec, name);

    return value.kind == NU_KIND_BOOL ? value.b : fallback;
}

static nu_form *the_form(const nu_dict *spec)
{
    nu_value data = nu_item(spec, "data"), order = nu_item(spec, "field_order");
    nu_list *fields = nu_as_list(nu_item(spec, "fields"));
    nu_form *form = conf_form(order.kind == NU_KIND_LIST ? reordered(fields, order.list) : fields);
    nu_value clean = nu_item(spec, "clean_error"), suffix = nu_item(spec, "label_suffix");
    nu_value prefix = nu_item(spec, "prefix");

    nu__form_ready(form);
    form->auto_id = conf_auto_id(nu_item(spec, "auto_id"));
    form->prefix = prefix.kind == NU_KIND_STR ? prefix.s : form->prefix;
    form->label_suffix = suffix.kind == NU_KIND_STR ? suffix.s : form->label_suffix;
    form->error_css_class = css_class(spec, "error_css_class");
    form->required_css_class = css_class(spec, "required_css_class");
    form->use_required_attribute = flag(spec, "use_required_attribute", true);
    form->empty_permitted = flag(spec, "empty_permitted", false);
    form->bound = data.kind == NU_KIND_STR;
    if (form->bound)
        form->data.fields = nu_querydict_parse(data.s, 0);
    set_initial(form, nu_item(spec, "initial"));
    errors_to_add = clean.kind == NU_KIND_LIST ? clean.list : NULL;
    form->clean = errors_to_add ? add_errors : NULL;
    return form;
}

/* ---- what came of it --------------------------------------------------------------------------
 */

static nu_value html_of(nu_value object)
{
    nu_value html = nu__value_text(object);

    return nu_v_str(nu_string(html));
}

static nu_value errors_html(const nu__bound_field *bound)
{
    return html_of(nu_v_object(&nu__bound_field_errors(bound)->object));
}

static nu_value field_html(const nu__bound_field *bound)
{
    return html_of(nu_v_object(&bound->object));
}

static nu_value shown_value(const nu__bound_field *bound)
{
    return nu__bound_field_value(bound);
}

static const struct {
    const char *name;
    nu_value (*get)(const nu__bound_field *bound);
} own[] = { { "html", field_html }, { "errors_html", errors_html }, { "value", shown_value } };

static nu_value bound_attribute(const nu__bound_field *bound, nu_str name)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (nu_eq(name, own[i].name))
            return own[i].get(bound);
    return attribute(&bound->object, nu_copy(name).ptr);
}

/* Of each field what was recorded of it. */
static nu_dict *bound_fields(nu_form *form, const nu_dict *recorded)
{
    nu_dict *all = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(recorded); i++) {
        nu_str name = nu_dict_key(recorded, i);
        nu__form_field *field = nu__form_field_named(form, name);
        const nu_dict *wanted = nu_dict_value(recorded, i).dict;
        nu_dict *got = nu_dict_new();

        for (size_t j = 0; field && j < nu_dict_len(wanted); j++)
            nu_dict_set_str(
                got, nu_dict_key(wanted, j),
                bound_attribute(&form->bound_fields[field - form->fields], nu_dict_key(wanted, j)));
        nu_dict_set_str(all, name, nu_v_dict(got));
    }
    return all;
}

static nu_value item_errors(nu_dict *errors, nu_str name)
{
    nu_value items;

    return nu_v_list(nu_dict_find(errors, name, &items) ? conf_errors(items.list) : nu_list_new());
}

nu_dict *conf_form_errors(nu_form *form)
{
    nu_dict *errors = nu__form_errors(form), *all = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(errors); i++)
        nu_dict_set_str(all, nu_dict_key(errors, i), item_errors(errors, nu_dict_key(errors, i)));
    return all;
}

static nu_value get_valid(nu_form *form)
{
    return V(nu_form_valid(form));
}

static nu_value get_errors(nu_form *form)
{
    return V(conf_form_errors(form));
}

static nu_value get_errors_ul(nu_form *form)
{
    return html_of(attribute(&form->object, "errors"));
}

/* ErrorDict.as_text(). */
static nu_value get_errors_text(nu_form *form)
{
    nu_dict *errors = nu__form_errors(form);
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_dict_len(errors); i++) {
        nu_list *items = nu_dict_value(errors, i).list;

        nu__buf_fmt(&out, "{}* {}", i ? "\n" : "", nu_dict_key(errors, i));
        for (size_t j = 0; j < nu_list_len(items); j++) {
            nu__buf_lit(&out, "\n  * ");
            nu__conditional_escape_to(&out, nu_item(nu_at(items, j).dict, "message"));
        }
    }
    return nu_v_str(nu__buf_str(&out));
}

static nu_value get_non_field_errors(nu_form *form)
{
    return nu_v_list(nu__value_items(nu_v_object(&nu__form_non_field_errors(form)->object)));
}

static nu_value get_cleaned(nu_form *form)
{
    nu__form_errors(form);
    return form->cleaned ? V(form->cleaned) : nu_null();
}

static nu_value get_changed(nu_form *form)
{
    return V(nu__form_changed(form));
}

static const struct {
    const char *name;
    nu_value (*get)(nu_form *form);
} results[] = {
    { "is_valid", get_valid },
    { "errors", get_errors },
    { "errors_ul", get_errors_ul },
    { "errors_text", get_errors_text },
    { "non_field_errors", get_non_field_errors },
    { "cleaned_data", get_cleaned },
    { "changed_data", get_changed },
};

static nu_value result(nu_form *form, nu_str name)
{
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (nu_eq(name, results[i].name))
            return results[i].get(form);
    return attribute(&form->object, nu_copy(name).ptr);
}

static nu_value form(const conf_case *c)
{
    const nu_dict *recorded = nu_as_dict(nu_item(c->data, "output"));
    nu_dict *output = nu_dict_new();
    nu_form *made;

    conf_localize_by(c->data);
    conf_keep_zones = CONF_INSTANTS;
    made = the_form(nu_as_dict(nu_item(c->data, "form")));
    for (size_t i = 0; i < nu_dict_len(recorded); i++) {
        nu_str name = nu_dict_key(recorded, i);

        nu_dict_set_str(output, name,
                        nu_eq(name, "bound_fields")
                            ? V(bound_fields(made, nu_dict_value(recorded, i).dict))
                            : result(made, name));
    }
    return V(output);
}

/* ---- formsets -------------------------------------------------------------------------------- */

static nu_form *make_form(void *fields)
{
    return conf_form(fields); /* has room for the formset's own two */
}

static void give_number(int64_t *into, const nu_dict *options, const char *name)
{
    nu_value value = nu_item(options, name);

    if (value.kind == NU_KIND_INT)
        *into = value.i;
}

static nu_formset *the_formset(const nu_dict *spec)
{
    nu_formset *formset = nu__formset_new(make_form, nu_as_list(nu_item(spec, "fields")));
    nu_value data = nu_item(spec, "data"), given = nu_item(spec, "options"),
             prefix = nu_item(spec, "prefix");
    nu_value initial = nu_item(spec, "initial");
    const nu_dict *options = given.kind == NU_KIND_DICT ? given.dict : nu_dict_new();

    give_number(&formset->extra, options, "extra");
    give_number(&formset->min_num, options, "min_num");
    give_number(&formset->max_num, options, "max_num");
    formset->validate_min = flag(options, "validate_min", false);
    formset->validate_max = flag(options, "validate_max", false);
    formset->can_order = flag(options, "can_order", false);
    formset->can_delete = flag(options, "can_delete", false);
    formset->can_delete_extra = flag(options, "can_delete_extra", true);
    formset->auto_id = conf_auto_id(nu_item(spec, "auto_id"));
    formset->prefix = prefix.kind == NU_KIND_STR ? prefix.s : formset->prefix;
    formset->initial = initial.kind == NU_KIND_LIST ? conf_untag(initial).list : NULL;
    formset->bound = data.kind == NU_KIND_STR;
    if (formset->bound)
        formset->data.fields = nu_querydict_parse(data.s, 0);
    nu__formset_ready(formset);
    return formset;
}

static nu_value set_errors(nu_formset *formset)
{
    nu_list *all = nu_list_new();

    nu__formset_clean(formset);
    for (int64_t i = 0; i < formset->n_forms; i++)
        if (!nu__formset_is_deleted(formset, i))
            nu_list_append(all, conf_form_errors(formset->forms[i]));
    return V(all);
}

static nu_value set_non_form_errors(nu_formset *formset)
{
    nu__formset_clean(formset);
    return V(conf_errors(formset->non_form_errors));
}

static nu_value set_error_count(nu_formset *formset)
{
    size_t n;

    nu__formset_clean(formset);
    n = nu_list_len(formset->non_form_errors);
    for (size_t i = 0; i < nu_list_len(formset->errors); i++)
        n += nu_dict_len(nu_at(formset->errors, i).dict);
    return V(n);
}

static nu_value set_cleaned(nu_formset *formset)
{
    nu_list *all = nu_list_new();

    if (!nu_formset_valid(formset))
        return nu_null();
    for (int64_t i = 0; i < formset->n_forms; i++)
        nu_list_append(all, formset->forms[i]->cleaned);
    return V(all);
}

static nu_value set_changed(nu_formset *formset)
{
    return V(nu__formset_has_changed(formset));
}

static nu_value prefixes(const nu_formset *formset, const nu_list *indexes)
{
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < nu_list_len(indexes); i++)
        nu_list_append(all, formset->forms[nu_at(indexes, i).i]->prefix);
    return V(all);
}

static nu_value set_deleted(nu_formset *formset)
{
    return prefixes(formset, nu__formset_deleted(formset));
}

static nu_value set_ordered(nu_formset *formset)
{
    return prefixes(formset, nu__formset_ordered(formset));
}

static nu_value set_management(nu_formset *formset)
{
    return html_of(attribute(&formset->object, "management_form"));
}

/* Was recorded of formsets without data alone. */
static nu_value set_empty_form(nu_formset *formset)
{
    if (formset->bound)
        return nu_null();
    return attribute(&nu__formset_empty_form(formset)->object, "as_p");
}

static const struct {
    const char *name;
    nu_value (*get)(nu_formset *formset);
} set_results[] = {
    { "errors", set_errors },
    { "non_form_errors", set_non_form_errors },
    { "total_error_count", set_error_count },
    { "cleaned_data", set_cleaned },
    { "has_changed", set_changed },
    { "deleted", set_deleted },
    { "ordered", set_ordered },
    { "management_form", set_management },
    { "empty_form", set_empty_form },
};

static nu_value set_result(nu_formset *formset, nu_str name)
{
    for (size_t i = 0; i < sizeof set_results / sizeof *set_results; i++)
        if (nu_eq(name, set_results[i].name))
            return set_results[i].get(formset);
    return attribute(&formset->object, nu_copy(name).ptr);
}

static nu_value formset(const conf_case *c)
{
    const nu_dict *recorded = nu_as_dict(nu_item(c->data, "output"));
    nu_dict *output = nu_dict_new();
    nu_formset *made;

    conf_localize_by(c->data);
    made = the_formset(nu_as_dict(nu_item(c->data, "formset")));
    for (size_t i = 0; i < nu_dict_len(recorded); i++)
        nu_dict_set_str(output, nu_dict_key(recorded, i),
                        set_result(made, nu_dict_key(recorded, i)));
    return V(output);
}

const conf_op conf_forms_whole[] = { { "form", form, NULL }, { "formset", formset, NULL }, { 0 } };
