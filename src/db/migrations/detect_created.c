/* Models that are new: what can be made with them, and what must wait for other models. */
#include "db/migrations/detector.h"

#include "db/migrations/writer.h"

#include <string.h>

/* A relation that is added once the model that it leads to is there. */
static bool comes_later(const nu_field *field)
{
    const nu_relation_field *relation = (const nu_relation_field *)field;

    return nu__is_relation(field) &&
           ((!field->primary_key && !relation->parent_link) ||
            (field->type == NU_MANY_TO_MANY_FIELD && relation->through_name));
}

/* What CreateModel has at first: no relations, and nothing that could refer to one. */
static nu_model *without_relations(const nu_model *model)
{
    nu_model *copy = nu__model_def_copy(model);
    size_t n = 0;

    memset(copy->fields, 0, sizeof copy->fields);
    memset(copy->indexes, 0, sizeof copy->indexes);
    memset(copy->constraints, 0, sizeof copy->constraints);
    memset(copy->unique_together, 0, sizeof copy->unique_together);
    copy->order_with_respect_to = NULL;
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        if (!comes_later(model->fields[i]))
            copy->fields[n++] = model->fields[i];
    return copy;
}

/* A field that moves from a base to the child must be gone there first. */
static void depend_on_moved_fields(const nu__detector *d, nu__dependencies *deps,
                                   const nu_model *model, const char *app, const char *name)
{
    const nu_model *was = nu__state_find(d->from, app, name),
                   *is = nu__state_find(d->to, app, name);

    for (size_t i = 0; was && is && i < nu__model_field_count(was); i++) {
        const char *field = was->fields[i]->name;

        if (!nu__model_field_def(is, field) && nu__model_field_def(model, field))
            nu__depend(deps, app, name, field, NU__DEPENDS_ON_REMOVE);
    }
}

static nu__dependencies dependencies_of_create(const nu__detector *d, const nu_model *model)
{
    nu__dependencies deps = { 0 };

    nu__depend(&deps, model->app_label, model->name, NULL, NU__DEPENDS_ON_REMOVE);
    for (size_t i = 0; i < 4 && model->bases_by_name[i]; i++) {
        const char *label = nu__label(model->app_label, model->bases_by_name[i]);

        nu__depend(&deps, nu__label_app(label), nu__label_name(label), NULL, NU__DEPENDS_ON_CREATE);
        depend_on_moved_fields(d, &deps, model, nu__label_app(label), nu__label_name(label));
    }
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        if (nu__is_relation(model->fields[i]) && !comes_later(model->fields[i]))
            nu__depend_on_relation(&deps, model->app_label, model->fields[i]);
    return deps;
}

static void add_relations(nu__detector *d, const nu_model *model)
{
    size_t n;
    const char **names = nu__sorted_field_names(model, &n);

    for (size_t i = 0; i < n; i++) {
        const nu_field *field = nu__model_field_def(model, names[i]);
        nu__dependencies deps = { 0 };

        if (!comes_later(field))
            continue;
        nu__depend_on_relation(&deps, model->app_label, field);
        nu__depend(&deps, model->app_label, model->name, NULL, NU__DEPENDS_ON_CREATE);
        nu__detected(
            d, model->app_label,
            (nu_operation){ .kind = NU_ADD_FIELD, .model_name = model->name, .field = field },
            deps);
    }
}

static void set_order(nu__detector *d, const nu_model *model)
{
    nu__dependencies deps = { 0 };

    if (!model->order_with_respect_to)
        return;
    nu__depend(&deps, model->app_label, model->name, model->order_with_respect_to,
               NU__DEPENDS_ON_CREATE);
    nu__depend(&deps, model->app_label, model->name, NULL, NU__DEPENDS_ON_CREATE);
    nu__detected(d, model->app_label,
                 (nu_operation){ .kind = NU_ALTER_ORDER_WITH_RESPECT_TO,
                                 .model_name = model->name,
                                 .name = model->order_with_respect_to },
                 deps);
}

/* On the model and all fields that were put off. */
static nu__dependencies depends_on_whole_model(const nu_model *model)
{
    nu__dependencies deps = { 0 };
    size_t n;
    const char **names = nu__sorted_field_names(model, &n);

    for (size_t i = 0; i < n; i++)
        if (comes_later(nu__model_field_def(model, names[i])))
            nu__depend(&deps, model->app_label, model->name, names[i], NU__DEPENDS_ON_CREATE);
    nu__depend(&deps, model->app_label, model->name, NULL, NU__DEPENDS_ON_CREATE);
    return deps;
}

static void add_the_rest(nu__detector *d, const nu_model *model)
{
    nu__dependencies deps = depends_on_whole_model(model);
    nu_operation unique = { .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = model->name };

    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        nu__detected(d, model->app_label,
                     (nu_operation){ .kind = NU_ADD_INDEX,
                                     .model_name = model->name,
                                     .index = model->indexes[i] },
                     deps);
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++)
        nu__detected(d, model->app_label,
                     (nu_operation){ .kind = NU_ADD_CONSTRAINT,
                                     .model_name = model->name,
                                     .constraint = model->constraints[i] },
                     deps);
    memcpy(unique.unique_together, model->unique_together, sizeof unique.unique_together);
    if (model->unique_together[0][0])
        nu__detected(d, model->app_label, unique, deps);
}

/* What refers to a proxy that has become a model of its own refers to another table now. */
static void alter_references_to_former_proxy(nu__detector *d, const nu_model *model)
{
    const nu_model *was = nu__state_find(d->from, model->app_label, model->name);

    for (size_t i = 0; was && was->proxy && i < d->to->n; i++)
        for (size_t k = 0; k < nu__model_field_count(d->to->models[i]); k++) {
            const nu_model *other = d->to->models[i];
            nu__dependencies deps = { 0 };

            if (!nu__field_refers_to(other->fields[k], other->app_label, model->app_label,
                                     model->name, NULL))
                continue;
            nu__depend(&deps, model->app_label, model->name, NULL, NU__DEPENDS_ON_CREATE);
            nu__detected(d, other->app_label,
                         (nu_operation){ .kind = NU_ALTER_FIELD,
                                         .model_name = other->name,
                                         .field = other->fields[k] },
                         deps);
        }
}

static void create_model(nu__detector *d, const nu_model *model)
{
    nu__detected_first(d, model->app_label,
                       (nu_operation){ .kind = NU_CREATE_MODEL, .model = without_relations(model) },
                       dependencies_of_create(d, model));
    if (model->unmanaged)
        return;
    add_relations(d, model);
    set_order(d, model);
    add_the_rest(d, model);
    alter_references_to_former_proxy(d, model);
}

/* The site's users come first, whatever they are called. */
static void users_first(const nu_model **models, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const nu_model *model = models[i];

        if (!model->swappable &&
            !nu__label_is(nu__user_model_label(), model->app_label, model->name))
            continue;
        memmove(&models[1], &models[0], i * sizeof *models);
        models[0] = model;
    }
}

/* The last first, since each is put before all that is there. */
void nu__detect_created_models(nu__detector *d)
{
    static const nu__model_kind kinds[] = { NU__MANAGED_MODEL, NU__UNMANAGED_MODEL };

    for (size_t k = 0; k < 2; k++) {
        const nu_model **made = nu__models_only_in(d, d->to, d->from, kinds[k]);
        size_t n = 0;

        while (made[n])
            n++;
        users_first(made, n);
        while (n--)
            if (!nu__renamed_model(d, made[n]->app_label, made[n]->name))
                create_model(d, made[n]);
    }
}

void nu__detect_created_proxies(nu__detector *d)
{
    const nu_model **made = nu__models_only_in(d, d->to, d->from, NU__PROXY_MODEL);

    for (; *made; made++) {
        nu_model *bare = nu__model_def_copy(*made);

        memset(bare->fields, 0, sizeof bare->fields);
        nu__detected(d, (*made)->app_label,
                     (nu_operation){ .kind = NU_CREATE_MODEL, .model = bare },
                     dependencies_of_create(d, *made));
    }
}
