/* Models that are new, gone, or called otherwise. */
#include "db/migrations/detector.h"

#include "apps/registry.h"
#include "core/buf.h"
#include "db/migrations/writer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- which models are looked at ------------------------------------------------------------ */

nu__model_kind nu__kind_of_model(const nu_model *model)
{
    if (model->unmanaged)
        return NU__UNMANAGED_MODEL;
    return model->proxy ? NU__PROXY_MODEL : NU__MANAGED_MODEL;
}

int nu__compare_models(const nu_model *a, const nu_model *b)
{
    int order = strcmp(a->app_label, b->app_label);

    return order ? order : strcasecmp(a->name, b->name);
}

static int by_key(const void *a, const void *b)
{
    return nu__compare_models(*(const nu_model *const *)a, *(const nu_model *const *)b);
}

bool nu__app_is_watched(const nu__detector *d, const char *app)
{
    const nu__app_config *config = nu__app_find(nu_s(app));

    for (size_t i = 0; d->what->apps && i < nu_list_len(d->what->apps); i++)
        if (nu_eq(nu_at(d->what->apps, i).s, app))
            return true;
    return !config || config->app->migrations || nu__graph_has_app(d->graph, nu_s(app)) ||
           d->ask->initial(d->ask->self, app);
}

const nu_model **nu__models_only_in(const nu__detector *d, const nu__project_state *state,
                                    const nu__project_state *other, nu__model_kind kind)
{
    const nu_model **found = nu_alloc_array(const nu_model *, state->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < state->n; i++) {
        const nu_model *model = state->models[i],
                       *there = nu__state_find(other, model->app_label, model->name);
        bool same =
            there && ((nu__kind_of_model(there) == NU__PROXY_MODEL) == (kind == NU__PROXY_MODEL));

        if (nu__kind_of_model(model) == kind && !same && nu__app_is_watched(d, model->app_label))
            found[n++] = model;
    }
    qsort(found, n, sizeof *found, by_key);
    return found;
}

/* ---- renamed ------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const nu_field *const *)a)->name, (*(const nu_field *const *)b)->name);
}

/* The fields by name, without their names and without the models that relations lead to: those
   change with a renamed model. */
static nu_str agnostic_text(const nu_model *model)
{
    size_t n = nu__model_field_count(model);
    const nu_field **fields = nu_alloc_array(const nu_field *, n + 1);
    nu__buf out = { 0 };

    if (n)
        memcpy(fields, model->fields, n * sizeof *fields);
    qsort(fields, n, sizeof *fields, by_name);
    for (size_t i = 0; i < n; i++) {
        nu_field *field = nu__field_def_copy(fields[i]);

        field->name = "";
        field->to_name = field->to_name ? "" : NULL;
        nu__write_field(&out, field);
        nu__buf_char(&out, '\n');
    }
    return nu__buf_str(&out);
}

/* On what the model's relations lead to, and on the models that lead here. */
static nu__dependencies dependencies_of_rename(const nu__detector *d, const nu_model *model)
{
    nu__dependencies deps = { 0 };

    nu__depend_on_relations(&deps, model);
    for (size_t i = 0; i < d->to->n; i++)
        for (size_t k = 0; k < nu__model_field_count(d->to->models[i]); k++) {
            const nu_model *other = d->to->models[i];

            if (nu__field_refers_to(other->fields[k], other->app_label, model->app_label,
                                    model->name, NULL))
                nu__depend(&deps, other->app_label, other->name, NULL, NU__DEPENDS_ON_CREATE);
        }
    return deps;
}

static bool was_renamed(const nu__detector *d, const nu_model *old)
{
    for (size_t i = 0; i < d->n_renamed; i++)
        if (!d->renamed[i].model && !strcmp(d->renamed[i].app, old->app_label) &&
            nu__same_name(d->renamed[i].old, old->name))
            return true;
    return false;
}

static void find_old_name(nu__detector *d, const nu_model *model, const nu_model *const *gone)
{
    nu_str text = agnostic_text(model);

    for (; *gone; gone++) {
        const nu_model *old = *gone;

        if (strcmp(old->app_label, model->app_label) || was_renamed(d, old) ||
            !nu_eq(agnostic_text(old), text) || !d->ask->rename_model(d->ask->self, old, model))
            continue;
        nu__detected(d, model->app_label,
                     (nu_operation){ .kind = NU_RENAME_MODEL,
                                     .model_name = old->name,
                                     .new_name = model->name },
                     dependencies_of_rename(d, model));
        nu__remember_renamed(d, (nu__renamed){ model->app_label, NULL, old->name, model->name });
        return;
    }
}

void nu__detect_renamed_models(nu__detector *d)
{
    const nu_model **made = nu__models_only_in(d, d->to, d->from, NU__MANAGED_MODEL),
                   **gone = nu__models_only_in(d, d->from, d->to, NU__MANAGED_MODEL);

    for (; *made; made++)
        find_old_name(d, *made, gone);
}

const char *nu__renamed_model(const nu__detector *d, const char *app, const char *name)
{
    for (size_t i = 0; i < d->n_renamed; i++)
        if (!d->renamed[i].model && !strcmp(d->renamed[i].app, app) &&
            nu__same_name(d->renamed[i].name, name))
            return d->renamed[i].old;
    return NULL;
}

/* ---- kept ---------------------------------------------------------------------------------- */

static int by_pair(const void *a, const void *b)
{
    return nu__compare_models(((const nu__kept_model *)a)->to, ((const nu__kept_model *)b)->to);
}

static void keep(nu__kept_models *kept, const nu_model *from, const nu_model *to)
{
    kept->items[kept->n++] = (nu__kept_model){ from, to };
}

static nu__kept_models *list_for(nu__detector *d, const nu_model *from, const nu_model *to)
{
    nu__model_kind was = nu__kind_of_model(from), is = nu__kind_of_model(to);

    if (was == is)
        return is == NU__MANAGED_MODEL ? &d->kept
               : is == NU__PROXY_MODEL ? &d->proxies
                                       : &d->unmanaged;
    return was != NU__PROXY_MODEL && is != NU__PROXY_MODEL ? &d->switched : NULL;
}

void nu__detect_kept_models(nu__detector *d)
{
    nu__kept_models *lists[] = { &d->kept, &d->proxies, &d->unmanaged, &d->switched };

    for (size_t i = 0; i < 4; i++)
        lists[i]->items = nu_alloc_array(nu__kept_model, d->to->n + 1);
    for (size_t i = 0; i < d->to->n; i++) {
        const nu_model *to = d->to->models[i];
        const char *old = nu__renamed_model(d, to->app_label, to->name);
        const nu_model *from = nu__state_find(d->from, to->app_label, old ? old : to->name);
        nu__kept_models *list = from ? list_for(d, from, to) : NULL;

        if (list && nu__app_is_watched(d, to->app_label))
            keep(list, from, to);
    }
    for (size_t i = 0; i < 4; i++)
        qsort(lists[i]->items, lists[i]->n, sizeof *lists[i]->items, by_pair);
}

/* ---- gone ---------------------------------------------------------------------------------- */

bool nu__is_relation(const nu_field *field)
{
    return field->to_name != NULL;
}

const char **nu__sorted_field_names(const nu_model *model, size_t *n)
{
    const nu_field *fields[128];
    const char **names;

    *n = nu__model_field_count(model);
    names = nu_alloc_array(const char *, *n + 1);
    if (*n)
        memcpy(fields, model->fields, *n * sizeof *fields);
    qsort(fields, *n, sizeof *fields, by_name);
    for (size_t i = 0; i < *n; i++)
        names[i] = fields[i]->name;
    return names;
}

/* The removal, or the change, of every field that refers to the model. */
static void depend_on_removal_of_references(nu__dependencies *deps, const nu__project_state *state,
                                            const nu_model *model)
{
    for (size_t i = 0; i < state->n; i++)
        for (size_t k = 0; k < nu__model_field_count(state->models[i]); k++) {
            const nu_model *other = state->models[i];
            const nu_field *field = other->fields[k];

            if (!nu__field_refers_to(field, other->app_label, model->app_label, model->name, NULL))
                continue;
            nu__depend(deps, other->app_label, other->name, field->name, NU__DEPENDS_ON_REMOVE);
            if (field->type != NU_MANY_TO_MANY_FIELD)
                nu__depend(deps, other->app_label, other->name, field->name, NU__DEPENDS_ON_ALTER);
        }
}

static void delete_model(nu__detector *d, const nu_model *model)
{
    size_t n;
    const char **names = nu__sorted_field_names(model, &n);
    nu__dependencies none = { 0 }, deps = { 0 };

    if (model->unique_together[0][0])
        nu__detected(d, model->app_label,
                     (nu_operation){ .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = model->name },
                     none);
    depend_on_removal_of_references(&deps, d->from, model);
    for (size_t i = 0; i < n; i++) {
        if (!nu__is_relation(nu__model_field_def(model, names[i])))
            continue;
        nu__detected(
            d, model->app_label,
            (nu_operation){ .kind = NU_REMOVE_FIELD, .model_name = model->name, .name = names[i] },
            none);
        nu__depend(&deps, model->app_label, model->name, names[i], NU__DEPENDS_ON_REMOVE);
    }
    nu__detected(d, model->app_label,
                 (nu_operation){ .kind = NU_DELETE_MODEL, .model_name = model->name }, deps);
}

void nu__detect_deleted_models(nu__detector *d)
{
    for (nu__model_kind kind = NU__MANAGED_MODEL; kind <= NU__UNMANAGED_MODEL; kind++) {
        const nu_model **gone =
            kind == NU__PROXY_MODEL ? NULL : nu__models_only_in(d, d->from, d->to, kind);

        for (; gone && *gone; gone++)
            if (!was_renamed(d, *gone))
                delete_model(d, *gone);
    }
}

void nu__detect_deleted_proxies(nu__detector *d)
{
    const nu_model **gone = nu__models_only_in(d, d->from, d->to, NU__PROXY_MODEL);

    for (; *gone; gone++)
        nu__detected(d, (*gone)->app_label,
                     (nu_operation){ .kind = NU_DELETE_MODEL, .model_name = (*gone)->name },
                     (nu__dependencies){ 0 });
}
