/* Options of models that are kept. */
#include "core/buf.h"
#include "db/migrations/detector.h"
#include "db/migrations/writer.h"

#include <stdlib.h>
#include <string.h>

/* All kept models of these lists in one order. */
static nu__kept_models together(const nu__kept_models *const lists[], size_t n)
{
    nu__kept_models all = { NULL, 0 };
    size_t total = 0;

    for (size_t i = 0; i < n; i++)
        total += lists[i]->n;
    all.items = nu_alloc_array(nu__kept_model, total + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < lists[i]->n; k++) {
            size_t at = all.n++;

            for (; at && nu__compare_models(all.items[at - 1].to, lists[i]->items[k].to) > 0; at--)
                all.items[at] = all.items[at - 1];
            all.items[at] = lists[i]->items[k];
        }
    return all;
}

static nu__kept_models all_kinds(const nu__detector *d, bool switched)
{
    const nu__kept_models *const lists[] = { &d->kept, &d->proxies, &d->unmanaged, &d->switched };

    return together(lists, switched ? 4 : 3);
}

static bool same_options(const nu_model *a, const nu_model *b)
{
    nu__buf x = { 0 }, y = { 0 };

    nu__write_options(&x, a, "");
    nu__write_options(&y, b, "");
    return nu_eq(nu__buf_str(&x), nu__buf_str(&y));
}

void nu__detect_options(nu__detector *d)
{
    nu__kept_models all = all_kinds(d, true);

    for (size_t i = 0; i < all.n; i++)
        if (!same_options(all.items[i].from, all.items[i].to))
            nu__detected(d, all.items[i].to->app_label,
                         (nu_operation){ .kind = NU_ALTER_MODEL_OPTIONS,
                                         .model_name = all.items[i].to->name,
                                         .model = all.items[i].to },
                         (nu__dependencies){ 0 });
}

static void detect_text(nu__detector *d, nu_operation_kind kind, size_t offset)
{
    nu__kept_models all = all_kinds(d, false);

    for (size_t i = 0; i < all.n; i++) {
        const nu_model *from = all.items[i].from, *to = all.items[i].to;
        const char *was = *(const char *const *)((const char *)from + offset),
                   *is = *(const char *const *)((const char *)to + offset);

        if (!nu__same_text(was, is))
            nu__detected(d, to->app_label,
                         (nu_operation){ .kind = kind, .model_name = to->name, .name = is },
                         (nu__dependencies){ 0 });
    }
}

void nu__detect_tables(nu__detector *d)
{
    detect_text(d, NU_ALTER_MODEL_TABLE, offsetof(nu_model, db_table));
}

void nu__detect_table_comments(nu__detector *d)
{
    detect_text(d, NU_ALTER_MODEL_TABLE_COMMENT, offsetof(nu_model, db_table_comment));
}

void nu__detect_order(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu_model *to = d->kept.items[i].to;
        const char *is = to->order_with_respect_to;
        nu__dependencies deps = { 0 };

        if (nu__same_text(d->kept.items[i].from->order_with_respect_to, is))
            continue;
        if (is)
            nu__depend(&deps, to->app_label, to->name, is, NU__DEPENDS_ON_CREATE);
        nu__detected(d, to->app_label,
                     (nu_operation){ .kind = NU_ALTER_ORDER_WITH_RESPECT_TO,
                                     .model_name = to->name,
                                     .name = is },
                     deps);
    }
}

/* ---- unique_together ----------------------------------------------------------------------- */

typedef const char *set_of_names[8];

static bool same_set(const set_of_names a, const set_of_names b)
{
    for (size_t i = 0; i < 8; i++) {
        if (!nu__same_text(a[i], b[i]))
            return false;
        if (!a[i])
            break;
    }
    return true;
}

static bool has_set(const nu_model *model, const set_of_names set)
{
    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++)
        if (same_set(model->unique_together[i], set))
            return true;
    return false;
}

/* The sets of one model that the other has too; returns how many it has in all. */
static size_t common_sets(const nu_model *model, const nu_model *other, nu_operation *out)
{
    size_t n = 0, all = 0;

    for (; all < 4 && model->unique_together[all][0]; all++)
        if (has_set(other, model->unique_together[all]))
            memcpy(out->unique_together[n++], model->unique_together[all],
                   sizeof *out->unique_together);
    return all;
}

static size_t count_sets(const char *const sets[4][8])
{
    size_t n = 0;

    while (n < 4 && sets[n][0])
        n++;
    return n;
}

static bool differ(const nu_model *from, const nu_model *to)
{
    nu_operation common = { .kind = NU_ALTER_UNIQUE_TOGETHER };
    size_t n = common_sets(to, from, &common);

    return n != count_sets(common.unique_together) || n != count_sets(from->unique_together);
}

static nu__dependencies dependencies_of_sets(const nu_model *model)
{
    nu__dependencies deps = { 0 };

    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 8 && model->unique_together[i][k]; k++) {
            const nu_field *field = nu__model_field_def(model, model->unique_together[i][k]);

            if (field)
                nu__depend_on_relation(&deps, model->app_label, field);
        }
    return deps;
}

/* What is no longer unique goes before the fields do. */
void nu__detect_removed_unique_together(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu_model *from = d->kept.items[i].from, *to = d->kept.items[i].to;
        nu_operation op = { .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = to->name };

        if (!differ(from, to) || !count_sets(from->unique_together))
            continue;
        common_sets(to, from, &op);
        nu__detected(d, to->app_label, op, dependencies_of_sets(to));
    }
}

/* What is so newly, after the fields have come. */
void nu__detect_unique_together(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu_model *from = d->kept.items[i].from, *to = d->kept.items[i].to;
        nu_operation op = { .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = to->name };

        if (common_sets(to, from, &op) == count_sets(op.unique_together))
            continue;
        memcpy(op.unique_together, to->unique_together, sizeof op.unique_together);
        nu__detected(d, to->app_label, op, dependencies_of_sets(to));
    }
}
