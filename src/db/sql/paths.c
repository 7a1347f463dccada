/* Names with "__" as paths over relations, and the joins of a path. */
#include "db/sql/query.h"

#include "core/suggest.h"
#include "db/sql/lookups.h"

#include <stdlib.h>
#include <string.h>

static const char *parts_end(nu_str text)
{
    return text.len ? memmem(text.ptr, text.len, "__", 2) : NULL;
}

static uint32_t count_parts(nu_str text)
{
    uint32_t n = 1;

    for (const char *at; (at = parts_end(text)); n++) {
        size_t skipped = (size_t)(at - text.ptr) + 2;

        text = (nu_str){ at + 2, text.len - skipped };
    }
    return n;
}

nu__names nu__names_split(nu_str text)
{
    nu__names names = { .items = nu_alloc_array(nu_str, count_parts(text)) };

    for (;;) {
        const char *at = parts_end(text);
        size_t len = at ? (size_t)(at - text.ptr) : text.len;

        names.items[names.n++] = nu_copy((nu_str){ text.ptr, len });
        if (!at)
            return names;
        text = (nu_str){ at + 2, text.len - len - 2 };
    }
}

nu_str nu__names_join(const nu__names *names, uint32_t from, uint32_t to)
{
    nu__buf out = { 0 };

    for (uint32_t i = from; i < to; i++) {
        if (i > from)
            nu__buf_lit(&out, "__");
        nu__buf_str_add(&out, names->items[i]);
    }
    return nu__buf_str(&out);
}

/* ---- names to steps ----------------------------------------------------------------------- */

static void add_step(nu__path *path, nu__model_info *from, nu__model_info *to, const nu__field *key,
                     bool direct)
{
    if (path->n_steps == path->cap_steps) {
        uint32_t cap = path->cap_steps ? 2 * path->cap_steps : 4;
        nu__step *grown = nu_alloc_array(nu__step, cap);

        if (path->n_steps)
            memcpy(grown, path->steps, path->n_steps * sizeof(*grown));
        path->steps = grown;
        path->cap_steps = cap;
    }
    path->steps[path->n_steps++] =
        (nu__step){ .from = from,
                    .to = to,
                    .key = key,
                    .direct = direct,
                    .many = !direct && key->def->type != NU_ONE_TO_ONE_FIELD && !key->unique };
}

/* The steps of one name; false: it is no relation. */
static bool relation_steps(nu__path *path, const nu__name *name)
{
    const nu__relation *relation = name->relation;

    if (!relation)
        return false;
    if (relation->many_to_many) {
        bool back = name->kind == NU__NAME_REVERSE;
        const nu__field *near = back ? relation->through_to : relation->through_from;
        const nu__field *far = back ? relation->through_from : relation->through_to;

        add_step(path, path->model, relation->through, near, false);
        add_step(path, relation->through, far->relation->to, far, true);
    } else if (name->kind == NU__NAME_REVERSE) {
        add_step(path, path->model, relation->from, relation->field, false);
    } else {
        add_step(path, path->model, relation->to, relation->field, true);
    }
    return true;
}

/* What a way back compares as: the key of what it leads to, with the lookups of relations. */
static const nu__field *way_back(const nu__relation *relation, const nu__step *last)
{
    static const nu__field_type one_to_one = { .name = "OneToOneRel" },
                                foreign_key = { .name = "ManyToOneRel" };
    nu__field *field = nu_alloc(nu__field);

    *field = *last->to->pk;
    field->relation = (nu__relation *)relation;
    field->target = last->to->pk;
    field->attname = S("");
    field->type = relation->one_to_one ? &one_to_one : &foreign_key;
    return field;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const nu_str *)a)->ptr, ((const nu_str *)b)->ptr);
}

static nu_str choices_of(const nu__tree *tree, const nu__model_info *model)
{
    nu_str *names = nu_alloc_array(nu_str, model->n_names + tree->n_annotations + tree->n_filtered);
    nu__buf out = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < model->n_names; i++)
        names[n++] = nu_copy(model->names[i].name);
    for (uint32_t i = 0; i < tree->n_annotations; i++)
        if (tree->annotations[i].selected)
            names[n++] = nu_copy(tree->annotations[i].name);
    for (uint32_t i = 0; i < tree->n_filtered; i++)
        names[n++] = nu_copy(tree->filtered[i]->alias);
    qsort(names, n, sizeof(*names), compare_names);
    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "", names[i]);
    return nu__buf_str(&out);
}

/* ". Did you mean 'roll_no'?" */
static nu_str suggestion_for(nu_str name, const nu__model_info *model)
{
    const char **names = nu_alloc_array(const char *, model->n_names + 1);
    nu_str text;

    for (size_t i = 0; i < model->n_names; i++)
        names[i] = nu_copy(model->names[i].name).ptr;
    text = nu__suggestion(name, names, model->n_names);
    return text.len ? nu_fmt(".{}", text) : text;
}

NU_NORETURN void nu__tree_no_field(const nu__tree *tree, const nu__names *names,
                                   const nu__path *path)
{
    nu_str name = names->items[path->n_names];

    if (path->n_names && !path->relation)
        nu_raise(NU_FIELD_ERROR,
                 "Cannot resolve keyword '{}' into field. Join on '{}' not permitted.", name,
                 names->items[path->n_names - 1]);
    nu_raise(NU_FIELD_ERROR, "Cannot resolve keyword '{}' into field. Choices are: {}{}", name,
             choices_of(tree, path->model), suggestion_for(name, path->model));
}

/* The steps from a child to the parent in whose table a name's field lies. */
static bool steps_to_parent(nu__path *path, const nu__model_info *owner)
{
    nu__model_info *model = path->model;

    if (model->concrete == owner->concrete)
        return true;
    for (size_t i = 0; i < model->concrete->n_parents; i++) {
        nu__model_info *parent = model->concrete->parents[i];

        if (!nu__model_is_a(parent, owner))
            continue;
        add_step(path, model, parent, model->concrete->parent_links[i], true);
        path->model = parent;
        return steps_to_parent(path, owner);
    }
    return false;
}

/* Where the field, or what the relation refers to, is at home. */
static const nu__model_info *home_of(const nu__name *name, const nu__model_info *model)
{
    if (name->kind == NU__NAME_REVERSE)
        return name->relation->to;
    return name->field->origin ? name->field->origin->model : model;
}

/* Most paths have a name and no step: those take no memory. */
static void count_steps(nu__path *path, uint32_t name, uint32_t n_names, uint32_t n_steps)
{
    if (!path->steps_of && !n_steps)
        return;
    if (!path->steps_of)
        path->steps_of = nu_alloc_array(uint32_t, n_names);
    path->steps_of[name] = n_steps;
}

/* The steps of a FilteredRelation's relation, under its one name. */
static bool filtered_steps(const nu__tree *tree, const nu__filtered *filtered, uint32_t n_names,
                           bool allow_many, nu__path *out)
{
    nu__tree_path(tree, &filtered->relation, out->model, allow_many, out);
    if (out->n_steps)
        out->steps[out->n_steps - 1].filtered = filtered;
    out->n_names = 1;
    out->steps_of = NULL;
    count_steps(out, 0, n_names, out->n_steps);
    return out->n_steps > 0;
}

/* The column of a field that is no relation, found under its name in `model`. */
static const nu__field *plain_target(const nu__field *field, const nu__model_info *model)
{
    return field->origin && !model->model->proxy ? field->origin : field;
}

const nu__field *nu__own_target(const nu__field *field, const nu__model_info *model)
{
    bool elsewhere = field->origin && field->origin->model->concrete != model->concrete;

    return field->relation || elsewhere ? NULL : plain_target(field, model);
}

const nu__field *nu__own_column(const nu__model_info *model, nu_str name)
{
    const nu__name *found = nu__model_name(model, nu_eq(name, "pk") ? model->pk->name : name);

    if (!found || found->kind != NU__NAME_FIELD || found->relation)
        return NULL;
    return nu__own_target(found->field, model);
}

void nu__tree_path(const nu__tree *tree, const nu__names *names, nu__model_info *model,
                   bool allow_many, nu__path *out)
{
    *out = (nu__path){ .model = model };
    while (out->n_names < names->n) {
        nu_str text = names->items[out->n_names];
        const nu__name *name =
            nu__model_name(out->model, nu_eq(text, "pk") ? out->model->pk->name : text);
        uint32_t before = out->n_steps;

        if (!name) {
            const nu__annotation *annotation = nu__tree_annotation(tree, text);
            const nu__filtered *filtered = annotation ? NULL : nu__tree_filtered(tree, text);

            if (filtered && !out->n_names &&
                filtered_steps(tree, filtered, names->n, allow_many, out)) {
                if (out->multi)
                    return;
                continue;
            }
            out->relation &= !annotation;
            if (annotation && annotation->selected)
                out->final = out->target = nu__expr_type(annotation->expr);
            out->n_names += annotation && annotation->selected;
            break;
        }
        steps_to_parent(out, home_of(name, out->model));
        out->relation = relation_steps(out, name);
        count_steps(out, out->n_names++, names->n, out->n_steps - before);
        if (!out->relation) {
            out->final = out->target = plain_target(name->field, out->model);
            break;
        }
        for (uint32_t i = before; i < out->n_steps && !allow_many; i++)
            if (out->steps[i].many) {
                out->n_steps = i + 1;
                out->steps_of[out->n_names - 1] = i + 1 - before;
                out->multi = true;
                return;
            }
        {
            const nu__step *last = &out->steps[out->n_steps - 1];

            out->model = last->to;
            out->target = last->direct ? last->key->relation->to_field : last->to->pk;
            out->final = last->direct ? last->key : way_back(name->relation, last);
        }
    }
    if (!out->n_names)
        nu__tree_no_field(tree, names, out);
}

/* ---- steps to joins ----------------------------------------------------------------------- */

bool nu__tree_join_path(nu__tree *tree, const nu__names *names, nu__model_info *model, int start,
                        const nu__joins *reuse, bool allow_many, nu__joined *out)
{
    nu__tree_path(tree, names, model, allow_many, &out->path);
    out->names = *names;
    out->joins = nu_alloc_array(int16_t, out->path.n_steps + 1);
    out->joins[0] = (int16_t)start;
    out->n_joins = 1;
    if (out->path.multi)
        return false;
    for (uint32_t i = 0; i < out->path.n_steps; i++) {
        const nu__step *step = &out->path.steps[i];
        int parent = out->joins[out->n_joins - 1];

        out->joins[out->n_joins++] =
            (int16_t)nu__tree_join(tree, parent, step, step->many ? reuse : NULL);
    }
    return true;
}

const nu__field *nu__tree_trim(nu__tree *tree, nu__joined *joined)
{
    const nu__field *target = joined->path.target;

    for (uint32_t i = joined->path.n_steps; i-- > 0 && joined->n_joins > 1;) {
        const nu__step *step = &joined->path.steps[i];

        if (!step->direct || step->filtered || target != step->key->relation->to_field)
            break;
        target = step->key;
        tree->joins[joined->joins[--joined->n_joins]].refs--;
    }
    return target;
}

/* ---- what a name means in an expression --------------------------------------------------- */

static bool is_joined_column(const nu_expr *expr, void *arg)
{
    const nu__tree *tree = ((void **)arg)[0];
    bool *found = ((void **)arg)[1];

    if (expr->klass == &nu__col && !expr->level && tree->joins[expr->join].type != NU__BASE)
        *found = true;
    return true;
}

static NU_NORETURN void no_joins(void)
{
    nu_raise(NU_FIELD_ERROR, "Joined field references are not permitted in this query");
}

static const nu_expr *annotation_named(nu__tree *tree, const nu__annotation *annotation,
                                       const nu__resolver *with)
{
    bool joined = false;

    if (!with->allow_joins) {
        nu__expr_walk(annotation->expr, is_joined_column, (void *[]){ tree, &joined });
        if (joined)
            no_joins();
    }
    if (!with->summarize)
        return annotation->expr;
    if (!annotation->selected)
        nu_raise(NU_FIELD_ERROR,
                 "Cannot aggregate over the '{}' alias. Use annotate() to promote it.",
                 annotation->name);
    return nu__ref_to(annotation->name, annotation->expr);
}

static const nu_expr *transformed(const nu_expr *expr, const nu__names *names, uint32_t from)
{
    for (uint32_t i = from; i < names->n; i++)
        expr = nu__transform_of(expr, names->items[i], names, i);
    return expr;
}

const nu_expr *nu__tree_resolve_name(nu__tree *tree, nu_str name, const nu__resolver *with)
{
    const nu__annotation *annotation = nu__tree_annotation(tree, name);
    nu__names names;
    nu__joined joined;
    const nu__field *target;

    if (annotation)
        return annotation_named(tree, annotation, with);
    names = nu__names_split(name);
    annotation = nu__tree_annotation(tree, names.items[0]);
    if (annotation)
        return transformed(annotation->expr, &names, 1);
    nu__tree_join_path(tree, &names, tree->model, nu__tree_base(tree), with->reuse, true, &joined);
    for (uint32_t i = joined.path.n_names; i < names.n; i++)
        if (!nu__has_transform(joined.path.final, names.items[i]))
            nu__tree_no_field(tree, &names, &joined.path);
    target = nu__tree_trim(tree, &joined);
    if (!with->allow_joins && joined.n_joins > 1)
        no_joins();
    for (uint32_t i = 0; with->reuse && i < joined.n_joins; i++)
        *with->reuse |= nu__join_bit(joined.joins[i]);
    return transformed(nu__col_of(joined.joins[joined.n_joins - 1], target, NULL), &names,
                       joined.path.n_names);
}
