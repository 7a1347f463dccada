/* Finding fields and relations of a model by name. */
#include "db/models/options.h"

#include "core/buf.h"
#include "db/models/registry.h"

#include <stdlib.h>
#include <string.h>

static int compare_text(nu_str a, nu_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_names(const void *a, const void *b)
{
    return compare_text(((const nu__name *)a)->name, ((const nu__name *)b)->name);
}

#define MAX_GENERIC_RELATIONS                                                                      \
    (sizeof((nu_model *)NULL)->generic_relations / sizeof(nu_generic_relation))

static void add_name(nu__model_info *info, nu_str name, nu__name_kind kind, nu__field *field)
{
    info->names[info->n_names++] = (nu__name){ name, kind, field, field->relation };
}

static const char *clash_id(nu__name_kind a, nu__name_kind b)
{
    if (a != b)
        return "fields.E303";
    return a == NU__NAME_REVERSE ? "fields.E305" : "models.E006";
}

static void check_clashes(const nu__model_info *info)
{
    for (size_t i = 1; i < info->n_names; i++) {
        const nu__name *a = &info->names[i - 1], *b = &info->names[i];

        if (nu_eq(a->name, b->name))
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "({}) {}: the name '{}' means both {}.{} and {}.{}; give one of them another "
                     "name, or .related_name",
                     clash_id(a->kind, b->kind), info->label, a->name, a->field->model->label,
                     a->field->name, b->field->model->label, b->field->name);
    }
}

/* The models whose relations lead to an instance too: the one behind a proxy, parents. */
static size_t bases_of(const nu__model_info *info, nu__model_info *out[5])
{
    size_t n = 0;

    if (info->concrete != info)
        out[n++] = info->concrete;
    for (size_t i = 0; i < info->n_parents; i++)
        out[n++] = info->parents[i];
    return n;
}

static size_t count_ways_back(const nu__model_info *info)
{
    nu__model_info *bases[5];
    size_t n = info->n_reverse, n_bases = bases_of(info, bases);

    for (size_t i = 0; i < n_bases; i++)
        n += count_ways_back(bases[i]);
    return n;
}

/* A child is no way back from itself. */
static bool leads_back(const nu__model_info *info, const nu__model_info *from,
                       const nu__relation *relation)
{
    return !relation->hidden && (info == from || !relation->field->parent_link);
}

static bool is_named(const nu__model_info *info, nu_str name)
{
    for (size_t i = 0; i < info->n_names; i++)
        if (nu_eq(info->names[i].name, name))
            return true;
    return false;
}

/* A point of history between two operations may have names twice that its ends have not: the
   first counts there. */
static bool is_passed_over(const nu__model_info *info, nu_str name)
{
    return !info->model->size && is_named(info, name);
}

static void add_ways_back(nu__model_info *info, const nu__model_info *from)
{
    nu__model_info *bases[5];
    size_t n = bases_of(from, bases);

    for (size_t i = 0; i < from->n_reverse; i++)
        if (leads_back(info, from, from->reverse[i]) &&
            !is_passed_over(info, from->reverse[i]->query_name))
            add_name(info, from->reverse[i]->query_name, NU__NAME_REVERSE, from->reverse[i]->field);
    for (size_t i = 0; i < n; i++)
        add_ways_back(info, bases[i]);
}

void nu__names_build(nu__model_info *info)
{
    info->names = nu_alloc_array(nu__name, 2 * info->n_fields + info->n_many +
                                               count_ways_back(info) + MAX_GENERIC_RELATIONS);
    for (size_t i = 0; i < info->n_fields; i++) {
        nu__field *field = &info->fields[i];

        add_name(info, field->name, NU__NAME_FIELD, field);
        if (!nu_eq(field->name, field->attname))
            add_name(info, field->attname, NU__NAME_FIELD, field);
    }
    for (size_t i = 0; i < info->n_many; i++)
        add_name(info, info->many[i].name, NU__NAME_MANY, &info->many[i]);
    add_ways_back(info, info);
    qsort(info->names, info->n_names, sizeof(*info->names), compare_names);
    check_clashes(info);
}

void nu__names_add_generic(nu__model_info *info, nu__field *key)
{
    add_name(info, key->relation->query_name, NU__NAME_REVERSE, key);
    qsort(info->names, info->n_names, sizeof(*info->names), compare_names);
    check_clashes(info);
}

const nu__name *nu__model_name(const nu__model_info *info, nu_str name)
{
    size_t low = 0, high = info->n_names;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_text(name, info->names[middle].name);

        if (!order)
            return &info->names[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

nu__field *nu__model_field(const nu__model_info *info, nu_str name)
{
    const nu__name *found = nu__model_name(info, name);

    if (found)
        return found->kind == NU__NAME_FIELD ? found->field : NULL;
    return nu_eq(name, "pk") ? info->pk : NULL;
}

nu__field *nu__model_many(const nu__model_info *info, nu_str name)
{
    for (size_t i = 0; i < info->n_many; i++)
        if (nu_eq(info->many[i].name, name))
            return &info->many[i];
    return NULL;
}

static nu__relation *reverse_of(const nu__model_info *info, const nu__model_info *from,
                                nu_str accessor)
{
    nu__model_info *bases[5];
    size_t n = bases_of(from, bases);
    nu__relation *found = NULL;

    for (size_t i = 0; i < from->n_reverse; i++)
        if (leads_back(info, from, from->reverse[i]) && nu_eq(from->reverse[i]->accessor, accessor))
            return from->reverse[i];
    for (size_t i = 0; i < n && !found; i++)
        found = reverse_of(info, bases[i], accessor);
    return found;
}

nu__relation *nu__model_reverse(const nu__model_info *info, nu_str accessor)
{
    return reverse_of(info, info, accessor);
}

nu__field *nu__model_field_at(const nu__model_info *info, size_t offset)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].offset == offset)
            return &info->fields[i];
    for (size_t i = 0; i < info->n_many; i++)
        if (info->many[i].offset == offset)
            return &info->many[i];
    return NULL;
}

nu_str nu__model_choices(const nu__model_info *info)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < info->n_names; i++) {
        if (i)
            nu__buf_lit(&out, ", ");
        nu__buf_str_add(&out, info->names[i].name);
    }
    return nu__buf_str(&out);
}

void nu__check_own_key(const nu__model_info *info, const char *what)
{
    if (info->model->shared_key)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "{}: several rows of {} may have one {}, and {} would reach them all. Say which "
                 "rows by conditions on columns of {} alone: nu_filter() with nu_update() or "
                 "nu_delete_all().",
                 info->label, info->db_table, info->pk->name, what, info->db_table);
}
