/* Model instances as templates, JSON and messages see them. */
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/related_manager.h"
#include "files/storage.h"

#include <nuages/managers.h>
#include <string.h>

/* ---- what can be called ------------------------------------------------------------------- */

typedef struct display {
    const nu_object *object;
    const nu__field *field;
} display;

static nu_value call_display(const void *self)
{
    const display *d = self;

    nu__load_deferred((nu_object *)d->object, d->field);
    if (nu__instance_value(d->field, d->object).kind == NU_KIND_NULL)
        return nu_null(); /* the empty choice's label is a form's matter */
    return nu_v_str(nu__field_display(d->field, d->object));
}

static nu_value call_url(const void *self)
{
    const nu_object *object = self;

    return nu_v_str(((const nu_model *)object->type)->get_absolute_url(object));
}

/* "get_status_display" -> status */
static const nu__field *displayed(const nu__model_info *info, nu_str name)
{
    const size_t head = sizeof("get_") - 1, tail = sizeof("_display") - 1;

    if (name.len <= head + tail || !nu_starts_with(name, S("get_")) ||
        !nu_ends_with(name, S("_display")))
        return NULL;
    return nu__model_field(info, (nu_str){ name.ptr + head, name.len - head - tail });
}

/* ---- attributes --------------------------------------------------------------------------- */

static bool get_field(const nu_object *self, const nu__field *field, nu_str name, nu_value *out)
{
    nu_object *other;

    if (field->relation && nu_eq(name, field->name)) {
        other = nu__follow(self, field);
        *out = other ? nu_v_object(other) : nu_null();
        return true;
    }
    nu__load_deferred((nu_object *)self, field);
    *out = nu__instance_value(field, self);
    if (field->member == NU__MEMBER_FILE && out->kind == NU_KIND_STR)
        *out = nu__field_file_value(out->s);
    return true;
}

static bool get_kept(const nu_object *self, nu_str name, nu_value *out)
{
    nu__kept *kept = nu__kept_find(self, name);

    if (!kept)
        return false;
    if (kept->list)
        *out = nu_v_list(kept->list);
    else
        *out = kept->object ? nu_v_object(kept->object) : nu_null();
    return true;
}

static bool get_relation(const nu_object *self, const nu__model_info *info, nu_str name,
                         nu_value *out)
{
    const nu__field *many = nu__model_many(info, name);
    const nu__relation *relation = many ? many->relation : nu__model_reverse(info, name);
    const nu__generic *key = nu__model_generic_key(info, name);
    nu_object *other;

    if (key) {
        other = nu__generic_follow(self, key);
        *out = other ? nu_v_object(other) : nu_null();
        return true;
    }
    if (nu__model_generic_relation(info, name)) {
        *out = nu_v_object(nu__generic_manager(self, nu__model_generic_relation(info, name)));
        return true;
    }
    if (!relation)
        return get_kept(self, name, out);
    if (many || !relation->one_to_one) {
        *out = nu_v_object(nu__related_manager(self, relation, !many));
        return true;
    }
    other = nu__related_one(self, relation);
    if (other)
        *out = nu_v_object(other);
    return other != NULL;
}

static bool get_own(const nu_object *self, nu_str name, nu_value *out)
{
    const nu_model *model = self->type;
    const nu__row *row = nu__row_of(self);

    for (int i = 0; i < 16 && model->properties[i].name; i++)
        if (nu_eq(name, model->properties[i].name)) {
            *out = model->properties[i].get(self);
            return true;
        }
    if (model->get_absolute_url && nu_eq(name, "get_absolute_url")) {
        *out = nu__callable_value(call_url, self);
        return true;
    }
    return row->annotations && nu_dict_find(row->annotations, name, out);
}

static bool get_display(const nu_object *self, const nu__model_info *info, nu_str name,
                        nu_value *out)
{
    const nu__field *field = displayed(info, name);
    display *d;

    if (!field || !field->choices)
        return false;
    d = nu_alloc(display);
    *d = (display){ self, field };
    *out = nu__callable_value(call_display, d);
    return true;
}

typedef struct neighbour {
    const nu_object *object;
    const nu__field *field;
    bool next;
} neighbour;

static nu_value call_neighbour(const void *self)
{
    const neighbour *n = self;

    return nu_v_object(
        nu_neighbour_by_(n->object, n->field->name.ptr, n->next, (const nu_cond[]){ { 0 } }));
}

/* get_next_by_FIELD, get_previous_by_FIELD */
static bool get_neighbour(const nu_object *self, const nu__model_info *info, nu_str name,
                          nu_value *out)
{
    nu_str head =
        nu_starts_with(name, S("get_next_by_")) ? S("get_next_by_") : S("get_previous_by_");
    const nu__field *field;
    neighbour *n;

    if (!nu_starts_with(name, head))
        return false;
    field = nu__model_field(info, (nu_str){ name.ptr + head.len, name.len - head.len });
    if (!nu__has_neighbours(field))
        return false;
    n = nu_alloc(neighbour);
    *n = (neighbour){ self, field, nu_eq(head, "get_next_by_") };
    *out = nu__callable_value(call_neighbour, n);
    return true;
}

static bool model_get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu__model_info *info = nu__info_of(self);
    const nu__field *field = nu__model_field(info, name);

    if (field)
        return get_field(self, field, name, out);
    return get_own(self, name, out) || get_relation(self, info, name, out) ||
           get_display(self, info, name, out) || get_neighbour(self, info, name, out);
}

nu_value nu_field_get_(const nu_object *object, const char *name)
{
    nu_value out;

    if (!model_get(object, nu_s(name), &out))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '{}'", nu__info_of(object)->name,
                 name);
    return out;
}

/* ---- text, equality ----------------------------------------------------------------------- */

static nu_value model_text(const nu_object *self)
{
    const nu_model *model = self->type;

    if (model->str)
        return nu_v_str(model->str(self));
    return nu_v_str(nu_fmt("{} object ({})", model->name, nu__pk_of(self)));
}

static bool model_equal(const nu_object *self, const nu_object *other)
{
    if (self == other)
        return true;
    return self->type == other->type && nu__pk_is_set(self) &&
           nu__value_equal(nu__pk_of(self), nu__pk_of(other));
}

const nu_object_ops nu__model_ops = {
    .kind = "model",
    .get = model_get,
    .text = model_text,
    .equal = model_equal,
};
