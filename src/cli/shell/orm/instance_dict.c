#include "cli/shell/orm/instance_dict.h"

#include "cli/shell/dict.h"
#include "core/object.h"

#include <nuages/managers.h>

#define KEPT_AS S("__dict__")

/* The dict that was given out, and what it held then. */
typedef struct given {
    nu__py dict, before;
} given;

static given *given_of(const nu_object *object)
{
    nu__kept *kept = nu__kept_find(object, KEPT_AS);

    return kept ? kept->shown : NULL;
}

static void put(nu__py dict, nu_str name, nu__py value)
{
    nu__py_dict_set(dict.dict, nu__py_str(name), value);
}

/* "_state", the fields that were read by attname, then what is no field. */
static void fill(nu_object *object, nu__py dict)
{
    const nu__model_info *info = nu__info_of(object);
    const nu__row *row = nu__row_of(object);
    nu__py self = nu__orm_instance(object);

    put(dict, S("_state"), nu__py_get(self, S("_state")));
    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(&row->deferred, (uint32_t)i))
            put(dict, info->fields[i].attname, nu__py_get(self, info->fields[i].attname));
    for (size_t i = 0; row->annotations && i < nu_dict_len(row->annotations); i++)
        put(dict, nu_dict_key(row->annotations, i), nu__py_of(nu_dict_value(row->annotations, i)));
}

static void empty(nu__py dict)
{
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));)
        nu__py_dict_remove(dict.dict, entry->key);
}

static void fill_anew(nu_object *object, given *g)
{
    empty(g->dict);
    empty(g->before);
    fill(object, g->dict);
    nu__py_dict_update(g->before.dict, g->dict);
}

nu__py nu__orm_instance_dict(nu__py self)
{
    given *g = given_of(self.p);

    if (!g) {
        g = nu_alloc(given);
        *g = (given){ nu__py_dict_new(&nu__py_dict_type), nu__py_dict_new(&nu__py_dict_type) };
    } else {
        nu__orm_dict_back(self.p);
    }
    fill_anew(self.p, g);
    nu__kept_put(self.p, KEPT_AS)->shown = g;
    return g->dict;
}

static bool drop(nu_object *object, nu_str name)
{
    const nu__field *field = nu__model_field(nu__info_of(object), name);
    nu__row *row = nu__row_of(object);

    if (!field)
        return row->annotations && nu_dict_remove(row->annotations, name);
    if (!nu_eq(name, field->attname) || nu__set_has(&row->deferred, field->index))
        return false;
    nu__assigned_drop(field, object);
    nu__set_add(&row->deferred, field->index);
    return true;
}

static bool changed(const given *g, nu__py key, nu__py value)
{
    const nu__py *before = nu__py_dict_find(g->before.dict, key);

    return !before || !(nu__py_same(*before, value) ||
                        (before->type == value.type && nu__py_equal(*before, value)));
}

void nu__orm_dict_back(nu_object *object)
{
    given *g = given_of(object);
    nu__py_entry *entry;
    nu__py self = nu__orm_instance(object);

    if (!g)
        return;
    nu__kept_put(object, KEPT_AS)->shown = NULL; /* what follows uses the instance */
    for (size_t at = 0; (entry = nu__py_dict_next(g->before.dict, &at));)
        if (!nu__py_dict_find(g->dict.dict, entry->key))
            drop(object, entry->key.s);
    for (size_t at = 0; (entry = nu__py_dict_next(g->dict.dict, &at));)
        if (changed(g, entry->key, entry->value))
            nu__py_set(self, nu__py_as_str(entry->key, "__dict__"), entry->value);
    fill_anew(object, g);
    nu__kept_put(object, KEPT_AS)->shown = g;
}

void nu__orm_dict_assigned(nu_object *object)
{
    given *g = given_of(object);

    if (!g)
        return;
    nu__kept_put(object, KEPT_AS)->shown = NULL;
    fill_anew(object, g);
    nu__kept_put(object, KEPT_AS)->shown = g;
}

bool nu__orm_instance_del(nu__py self, nu_str name)
{
    bool found;

    nu__orm_dict_back(self.p);
    found = drop(self.p, name);
    nu__orm_dict_assigned(self.p);
    return found;
}
