/* Instances: their records, keys and what relations led to. */
#include "db/models/instance.h"

#include "core/context.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <nuages/signals.h>

nu__model_info *nu__info_of(const nu_object *object)
{
    const nu_class *klass = object->type;

    if (!klass)
        nu_raise(NU_TYPE_ERROR, "a struct that nu_new(), nu_create() or a query did not make is no "
                                "instance yet");
    if (klass->ops != &nu__model_ops)
        nu_raise(NU_TYPE_ERROR, "{} is no model instance", klass->name);
    return nu__model_info_of(object->type);
}

static void row_init(nu__row *row)
{
    row->scratches = nu__here->scratches;
}

nu__row *nu__row_of(const nu_object *object)
{
    if (!object->extra) {
        nu__row *row = nu_alloc(nu__row);

        row_init(row);
        ((nu_object *)object)->extra = row;
    }
    return object->extra;
}

nu_object *nu__instance_new(nu__model_info *info)
{
    size_t head = (sizeof(nu__row) + 15) / 16 * 16;
    nu__row *row = nu_alloc_(1, head + info->size);
    nu_object *object = (nu_object *)((char *)row + head);

    row_init(row);
    object->type = info->model;
    object->extra = row;
    return object;
}

void nu__init_signal(nu_object *object, int signal)
{
    const nu_model *model = object->type;

    if (nu_signal_has_listeners((nu_signal)signal, model))
        nu_signal_send(.signal = (nu_signal)signal, .sender = model, .instance = object);
}

nu_value nu__pk_of(const nu_object *object)
{
    return nu__instance_value(nu__info_of(object)->pk, object);
}

/* A child has the parent's field at a place of its own. */
nu_value nu__referred_value(const nu__relation *relation, const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);
    const nu__field *field = relation->many_to_many ? info->pk : relation->to_field;

    if (field->model != info)
        field = nu__model_field(info, field->name);
    return nu__field_get(field ? field : info->pk, object);
}

bool nu__pk_is_set(const nu_object *object)
{
    return nu__pk_of(object).kind != NU_KIND_NULL;
}

/* ---- defaults ----------------------------------------------------------------------------- */

static bool has_db_default(const nu__field *field)
{
    return field->def->db_default.kind != NU_KIND_NULL && !nu__field_has_default(field);
}

bool nu__leave_to_database(const nu__field *field, nu_object *object)
{
    if (!has_db_default(field))
        return false;
    nu__set_add(&nu__row_of(object)->db_defaults, field->index);
    return true;
}

bool nu__takes_db_default(const nu__field *field, const nu_object *object)
{
    const char *member = (const char *)object + field->offset;
    size_t size = nu__member_size(field->member), i = 0;

    if (!has_db_default(field) || nu__row_of(object)->db ||
        !nu__set_has(&nu__row_of(object)->db_defaults, field->index))
        return false;
    while (i < size && !member[i])
        i++;
    return i == size;
}

/* ---- what relations led to ---------------------------------------------------------------- */

bool nu__may_keep(const nu_object *object)
{
    return nu__row_of(object)->scratches == nu__here->scratches;
}

nu__kept *nu__kept_find(const nu_object *object, nu_str name)
{
    for (nu__kept *kept = nu__row_of(object)->kept; kept; kept = kept->next)
        if (nu_eq(kept->name, name))
            return kept;
    return NULL;
}

nu__kept *nu__kept_put(const nu_object *object, nu_str name)
{
    nu__row *row = nu__row_of(object);
    nu__kept *kept = nu__kept_find(object, name);

    if (!kept) {
        kept = nu_alloc(nu__kept);
        kept->name = name;
        kept->next = row->kept;
        row->kept = kept;
    }
    kept->object = NULL;
    kept->list = NULL;
    kept->shown = NULL;
    return kept;
}

void nu__kept_drop(const nu_object *object, nu_str name)
{
    for (nu__kept **at = &nu__row_of(object)->kept; *at; at = &(*at)->next)
        if (nu_eq((*at)->name, name)) {
            *at = (*at)->next;
            return;
        }
}

nu_list *nu_deferred_fields_(const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__set_has(&nu__row_of(object)->deferred, (uint32_t)i))
            nu_list_append(out, info->fields[i].attname);
    return out;
}

bool nu_is_adding_(const nu_object *object)
{
    const nu__row *row = nu__row_of(object);

    return row->adding ? row->adding > 0 : !row->db;
}

void nu_set_adding_(nu_object *object, bool adding)
{
    nu__info_of(object);
    nu__row_of(object)->adding = adding ? 1 : -1;
}

/* ---- fetching ----------------------------------------------------------------------------- */

int nu__fetch_mode_of(const nu_object *object)
{
    const nu__row *row = nu__row_of(object);

    return row->peers ? row->peers->mode : FETCH_PEERS;
}

void nu__fetch_allowed(const nu_object *object, nu_str name)
{
    if (nu__fetch_mode_of(object) == FETCH_RAISE)
        nu_raise(NU_FIELD_FETCH_BLOCKED, "Fetching of {}.{} blocked.", nu__info_of(object)->name,
                 name);
}

/* ---- annotations -------------------------------------------------------------------------- */

nu_value nu_attr_(const nu_object *object, const char *name)
{
    nu__row *row = nu__row_of(object);
    nu_value value;

    if (row->annotations && nu_dict_find(row->annotations, nu_s(name), &value))
        return value;
    nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '{}'", nu__info_of(object)->name,
             name);
}
