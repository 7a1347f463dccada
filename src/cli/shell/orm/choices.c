/* Choices as Python's enumerations: Student.Status and its members. A member is a text or number of
   a type of its own, so that it compares and is written as its value is. */
#include "cli/shell/dict.h"
#include "cli/shell/orm/orm.h"
#include "core/object.h"

#include <ctype.h>
#include <string.h>

static const nu__field *field_of(nu__py self)
{
    return self.cp;
}

static const nu_choices *choices_of(nu__py self)
{
    return field_of(self)->choices;
}

/* "Status" of the field "status". */
static nu_str class_name(const nu__field *field)
{
    nu_str name = nu_copy(field->name);

    ((char *)name.ptr)[0] = (char)toupper((unsigned char)name.ptr[0]);
    return name;
}

/* ---- members -----------------------------------------------------------------------------------
 */

static const nu__py_type member_like;

static nu__py member(const nu__field *field, const nu_choice *choice)
{
    nu__py_type like = member_like;
    nu__py out =
        field->choices->text ? nu__py_str(nu_s(choice->value)) : nu__py_int(choice->number);

    like.base = out.type;
    like.of = field;
    out.type = nu__orm_type_kept(&like, class_name(field).ptr);
    return out;
}

static const nu_choice *choice_of_value(const nu_choices *choices, nu__py value)
{
    for (int i = 0; i < choices->len; i++) {
        const nu_choice *choice = &choices->items[i];

        if (choices->text ? NU__PY_IS(value, str) && nu_eq(value.s, choice->value)
                          : NU__PY_IS(value, int) && value.i == choice->number)
            return choice;
    }
    return NULL;
}

/* Members are named after their values: ACTIVE is "active". */
static nu_str name_of(const nu_choice *choice)
{
    return nu_upper(nu_s(choice->value));
}

static const nu_choice *choice_of(nu__py self)
{
    return choice_of_value(((const nu__field *)self.type->of)->choices, self);
}

static nu__py member_label(nu__py self)
{
    return nu__py_str(nu_s(choice_of(self)->label));
}

static nu__py member_name(nu__py self)
{
    return nu__py_str(name_of(choice_of(self)));
}

static nu__py member_value(nu__py self)
{
    self.type = self.type->base;
    return self;
}

static void member_repr(nu__py self, nu__buf *out)
{
    const nu__field *field = self.type->of;

    nu__buf_fmt(out, "{}.{}.{}", field->model->name, self.type->name, name_of(choice_of(self)));
}

static void member_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu__py_text(member_value(self)));
}

static const nu__py_type member_like = {
    .attributes =
        (const nu__py_attribute[]){
            { "label", member_label }, { "name", member_name }, { "value", member_value }, { 0 } },
    .repr = member_repr,
    .text = member_text,
};

/* ---- the class ---------------------------------------------------------------------------------
 */

static nu__py listed(nu__py self, nu__py (*shown)(nu__py member))
{
    const nu_choices *choices = choices_of(self);
    nu__py out = nu__py_list_new(&nu__py_list_type, (size_t)choices->len);

    for (int i = 0; i < choices->len; i++) {
        nu__py each = member(field_of(self), &choices->items[i]);

        nu__py_append(out, shown ? shown(each) : each);
    }
    return out;
}

static nu__py pair_of(nu__py each)
{
    return nu__py_pair(member_value(each), member_label(each));
}

static nu__py get_choices(nu__py self)
{
    return listed(self, pair_of);
}

static nu__py get_values(nu__py self)
{
    return listed(self, member_value);
}

static nu__py get_labels(nu__py self)
{
    return listed(self, member_label);
}

static nu__py get_names(nu__py self)
{
    return listed(self, member_name);
}

static nu__py get_class_name(nu__py self)
{
    return nu__py_str(class_name(field_of(self)));
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    const nu_choices *choices = choices_of(self);

    for (int i = 0; i < choices->len; i++)
        if (nu_eq(name_of(&choices->items[i]), nu_string(nu_v_str(name)))) {
            *out = member(field_of(self), &choices->items[i]);
            return true;
        }
    return false;
}

static void names(nu__py self, nu_list *out)
{
    for (int i = 0; i < choices_of(self)->len; i++)
        nu_list_append(out, name_of(&choices_of(self)->items[i]));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<enum '{}'>", class_name(field_of(self)));
}

/* Student.Status("active") */
static nu__py call(nu__py self, const nu__py_call *given)
{
    nu__py args[NU__PY_MOST_ARGUMENTS];
    const nu_choice *choice;

    nu__py_bind(class_name(field_of(self)).ptr, "value", given, args);
    choice = choice_of_value(choices_of(self), args[0]);
    if (!choice)
        nu_raise(NU_VALUE_ERROR, "{} is not a valid {}.{}", nu__py_repr(args[0]),
                 field_of(self)->model->name, class_name(field_of(self)));
    return member(field_of(self), choice);
}

/* Student.Status["ACTIVE"] */
static nu__py item(nu__py self, nu__py key)
{
    nu__py out;

    if (!NU__PY_IS(key, str) || !get(self, key.s, &out))
        nu__py_raise_key(key);
    return out;
}

static bool contains(nu__py self, nu__py value)
{
    return choice_of_value(choices_of(self), value) != NULL;
}

static int64_t length(nu__py self)
{
    return choices_of(self)->len;
}

static nu__py iterate(nu__py self)
{
    return nu__py_iterate(listed(self, NULL));
}

static nu__py get_qualified_name(nu__py self)
{
    return nu__py_str(nu_fmt("{}.{}", field_of(self)->model->name, class_name(field_of(self))));
}

static const nu__py_type choices_type = {
    .name = "ChoicesType",
    .module = "django.db.models.enums",
    .attributes = (const nu__py_attribute[]){ { "choices", get_choices },
                                              { "values", get_values },
                                              { "labels", get_labels },
                                              { "names", get_names },
                                              { "__name__", get_class_name },
                                              { "__qualname__", get_qualified_name },
                                              { 0 } },
    .get = get,
    .names = names,
    .call = call,
    .item = item,
    .contains = contains,
    .length = length,
    .iterate = iterate,
    .repr = repr,
};

bool nu__orm_choices(const nu__model_info *info, nu_str name, nu__py *out)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].choices && nu_eq(name, class_name(&info->fields[i]))) {
            *out = nu__py_pointer(&choices_type, &info->fields[i]);
            return true;
        }
    return false;
}
