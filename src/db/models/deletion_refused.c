/* Rows that keep others from being deleted: PROTECT and RESTRICT. */
#include "db/models/deletion_int.h"

#include "core/error.h"
#include "db/models/keys.h"

void nu__in_the_way_add(nu__in_the_way *r, const nu__field *field, const nu_list *objects)
{
    nu_str name = nu_fmt("'{}.{}'", field->model->name, field->name);
    bool there = false;

    for (size_t i = 0; i < nu_list_len(r->names); i++)
        there |= nu_eq(nu_at(r->names, i).s, name);
    if (!there)
        nu_list_append(r->names, name);
    for (size_t i = 0; i < nu_list_len(objects); i++)
        nu_list_append_(r->objects, nu_at(objects, i));
}

void nu__in_the_way_raise(const nu__model_info *info, const nu__in_the_way *r, nu_error_class klass,
                          const char *how)
{
    nu__buf names = { 0 };
    nu_error error = { .klass = klass, .file = __FILE__, .line = __LINE__ };

    if (!nu_list_len(r->names))
        return;
    for (size_t i = 0; i < nu_list_len(r->names); i++)
        nu__buf_fmt(&names, "{}{}", i ? ", " : "", nu_at(r->names, i));
    error.message = nu_fmt("Cannot delete some instances of model '{}' because they are "
                           "referenced through {} foreign keys: {}.",
                           info->name, how, nu__buf_str(&names));
    error.code = how;
    error.detail = nu_dict_new();
    nu_dict_set(error.detail, "objects", r->objects);
    nu__raise_like(&error);
}

/* Keys of restricted rows that a fast delete takes. */
static void add_fast_deleted(const nu__collector *c, const nu__restricted *one, nu__key_index *gone)
{
    nu_list *keys = nu_list_new(), *found;

    for (size_t i = 0; i < nu_list_len(one->objects); i++)
        nu_list_append_(keys, nu__pk_of(nu_at(one->objects, i).object));
    for (size_t i = 0; i < c->fast.n; i++) {
        if (nu__query_model(c->fast.items[i]) != one->field->model)
            continue;
        found = nu__query_results(nu__query_where(c->fast.items[i], S("pk__in"), nu_v_list(keys)));
        for (size_t k = 0; k < nu_list_len(found); k++)
            *nu__key_index_at(gone, nu__pk_of(nu_at(found, k).object)) = found;
    }
}

/* Restricted rows that go too, by a cascade, restrict nothing. */
void nu__check_restricted(nu__collector *c, const nu__model_info *info)
{
    nu__in_the_way r = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < c->restricted.n; i++) {
        const nu__restricted *one = &c->restricted.items[i];
        nu__key_index gone =
            nu__doomed_index(nu__doomed_of(c, one->field->model), nu_list_len(one->objects));
        nu_list *left = nu_list_new();

        add_fast_deleted(c, one, &gone);
        for (size_t k = 0; k < nu_list_len(one->objects); k++)
            if (!nu__key_index_get(&gone, nu__pk_of(nu_at(one->objects, k).object)))
                nu_list_append_(left, nu_at(one->objects, k));
        if (nu_list_len(left))
            nu__in_the_way_add(&r, one->field, left);
    }
    nu__in_the_way_raise(info, &r, NU_RESTRICTED_ERROR, "restricted");
}
