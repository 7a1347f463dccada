/* Model.unique_error_message(), date_error_message(): the errors that uniqueness checks raise. */
#include "cli/shell/dict.h"
#include "cli/shell/orm/instance_methods.h"
#include "core/object.h"
#include "utils/translation.h"

#include <string.h>

static nu__model_info *model_of(nu__py class_)
{
    nu__model_info *info = NU__PY_IS(class_, type) ? nu__orm_model_of(class_.class_) : NULL;

    if (!info)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '_meta'", class_.type->name);
    return info;
}

static const nu__field *field_named(const nu__model_info *info, nu__py name)
{
    const nu__field *field = nu__model_field(info, nu__py_as_str(name, "a field's name"));

    if (!field)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name.s);
    return field;
}

static nu__py label_of(const nu__field *field)
{
    return nu__py_str(nu__capitalized(field->verbose_name));
}

static void put(nu__py dict, const char *name, nu__py value)
{
    nu__py_dict_set(dict.dict, nu__py_str(nu_s(name)), value);
}

/* The field's own message for the code, or Django's. */
static nu_str message_of(const nu__field *field, const char *code, const char *usual)
{
    for (int i = 0; i < NU_MAX_VALIDATORS && field->def->error_messages[i][0]; i++)
        if (!strcmp(field->def->error_messages[i][0], code))
            return nu_s(field->def->error_messages[i][1]);
    return nu__gettext(nu_s(usual));
}

static nu__py error_of(nu_str message, const char *code, nu__py params)
{
    nu__py args[] = { nu__py_str(message), nu__py_str(nu_s(code)), params };
    nu__py_call call = { .args = args, .n = 3 };

    return nu__py_invoke(nu__py_class(&nu__py_errors[NU_VALIDATION_ERROR]), &call);
}

/* "Student, Course and Term" */
static nu_str labels_of(const nu__model_info *info, const nu__py_list *names)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < names->len; i++)
        nu__buf_fmt(&out, "{}{}",
                    !i                    ? S("")
                    : i + 1 == names->len ? nu_fmt(" {} ", nu__gettext(S("and")))
                                          : S(", "),
                    label_of(field_named(info, names->items[i])).s);
    return nu__buf_str(&out);
}

nu__py nu__orm_unique_error_message(nu__py self, const nu__py *args)
{
    const nu__model_info *info = model_of(args[0]);
    nu__py names = nu__py_collect(args[1], &nu__py_tuple_type),
           params = nu__py_dict_new(&nu__py_dict_type);

    put(params, "model", self);
    put(params, "model_class", args[0]);
    put(params, "model_name", nu__py_str(nu__capitalized(info->verbose_name)));
    put(params, "unique_check", args[1]);
    if (names.list->len == 1) {
        const nu__field *field = field_named(info, names.list->items[0]);

        put(params, "field_label", label_of(field));
        return error_of(
            message_of(field, "unique", "%(model_name)s with this %(field_label)s already exists."),
            "unique", params);
    }
    put(params, "field_labels", nu__py_str(labels_of(info, names.list)));
    return error_of(nu__gettext(S("%(model_name)s with this %(field_labels)s already exists.")),
                    "unique_together", params);
}

nu__py nu__orm_date_error_message(nu__py self, const nu__py *args)
{
    const nu__model_info *info = nu__info_of(self.p);
    const nu__field *field = field_named(info, args[1]), *date = field_named(info, args[2]);
    nu__py params = nu__py_dict_new(&nu__py_dict_type);

    put(params, "model", self);
    put(params, "model_name", nu__py_str(nu__capitalized(info->verbose_name)));
    put(params, "lookup_type", args[0]);
    put(params, "field", args[1]);
    put(params, "field_label", label_of(field));
    put(params, "date_field", args[2]);
    put(params, "date_field_label", label_of(date));
    return error_of(message_of(field, "unique_for_date",
                               "%(field_label)s must be unique for "
                               "%(date_field_label)s %(lookup_type)s."),
                    "unique_for_date", params);
}
