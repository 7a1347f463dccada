/* Relations of a registry: targets, the models between of many-to-many, the ways back. */
#include "core/suggest.h"
#include "db/models/registry.h"

#include <string.h>

/* ---- targets ------------------------------------------------------------------------------ */

static NU_NORETURN void no_such_model(const nu__field *field, nu_str label)
{
    const nu__registry *registry = field->model->registry;
    const char **labels = nu_alloc_array(const char *, registry->n_models);

    for (size_t i = 0; i < registry->n_models; i++)
        labels[i] = registry->models[i]->label.ptr;
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "(fields.E300) {}.{}: Field defines a relation with model '{}', which is either not "
             "installed, or is abstract.{}",
             field->model->label, field->name, label,
             nu__suggestion(label, labels, registry->n_models));
}

/* A model by pointer, by "app.Model", or by "Model" of the same app. */
static nu__model_info *find_target(const nu__field *field, const nu_model *model, const char *name,
                                   const nu_model *user_model)
{
    nu__registry *registry = field->model->registry;
    nu__model_info *found;
    nu_str label;

    if (model && model->swappable && user_model)
        model = user_model;
    if (model)
        label = nu_fmt("{}.{}", model->app_label ? model->app_label : "", model->name);
    else if (strchr(name, '.'))
        label = nu_s(name);
    else
        label = nu_fmt("{}.{}", field->model->app_label, name);
    found = nu__registry_find(registry, label);
    if (!found || (model && found->model != model))
        no_such_model(field, label);
    return found;
}

static nu__relation *relation_new(nu__field *field, nu__model_info *to)
{
    const nu_relation_field *def = (const nu_relation_field *)field->def;
    nu__relation *relation = nu_alloc(nu__relation);

    relation->field = field;
    relation->from = field->model;
    relation->to = to;
    relation->on_delete = def->on_delete;
    relation->many_to_many = def->base.type == NU_MANY_TO_MANY_FIELD;
    relation->one_to_one = def->base.type == NU_ONE_TO_ONE_FIELD;
    relation->symmetrical = relation->many_to_many && !def->asymmetrical && to == field->model;
    relation->id = to->registry->n_relations++;
    field->relation = relation;
    return relation;
}

static void check_on_delete(const nu__relation *relation)
{
    const nu__field *field = relation->field;

    if (!relation->on_delete)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}.{}: a foreign key needs .on_delete = CASCADE, PROTECT, RESTRICT, SET_NULL, "
                 "SET_DEFAULT, SET(function) or DO_NOTHING",
                 field->model->label, field->name);
    if (relation->on_delete == SET_NULL && !field->null)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "(fields.E320) {}.{}: Field specifies on_delete=SET_NULL, but cannot be null.",
                 field->model->label, field->name);
    if (relation->on_delete == SET_DEFAULT && !nu__field_has_default(field))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "(fields.E321) {}.{}: Field specifies on_delete=SET_DEFAULT, but has no default "
                 "value.",
                 field->model->label, field->name);
}

static void resolve_targets(nu__model_info *info, const nu_model *user_model)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        nu__field *field = &info->fields[i];

        if (field->origin ||
            (field->def->type != NU_FOREIGN_KEY && field->def->type != NU_ONE_TO_ONE_FIELD))
            continue;
        relation_new(field, find_target(field, field->def->to, field->def->to_name, user_model));
        check_on_delete(field->relation);
    }
    for (size_t i = 0; i < info->n_many; i++) {
        nu__field *field = &info->many[i];

        if (field->origin)
            continue;
        relation_new(field, find_target(field, field->def->to, field->def->to_name, user_model));
    }
}

/* Once all models are known: the field that a key holds. */
static void resolve_to_fields(nu__model_info *info)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        nu__relation *relation = info->fields[i].relation;
        const char *name =
            relation ? ((const nu_relation_field *)info->fields[i].def)->to_field : NULL;

        if (!relation)
            continue;
        relation->to_field = name ? NULL : relation->to->pk;
        for (size_t k = 0; name && k < relation->to->n_fields; k++)
            if (nu_eq(relation->to->fields[k].name, name))
                relation->to_field = &relation->to->fields[k];
        if (!relation->to_field)
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "(fields.E312) {}.{}: The to_field '{}' doesn't exist on the related model "
                     "'{}'.",
                     info->label, info->fields[i].name, name, relation->to->label);
    }
    for (size_t i = 0; i < info->n_many; i++)
        if (!info->many[i].origin)
            info->many[i].relation->to_field = info->many[i].relation->to->pk;
}

/* The member of a struct must have room for the key: its type is the model's key's unless told. */
static void check_member(const nu__field *field)
{
    size_t key = nu__member_size(field->member);
    size_t needed = (key + 7) / 8 * 8 + sizeof(void *);
    const nu__field *to = field->relation->to_field;

    if (field->def->size && !field->origin && field->def->size != needed)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}.{}: its member can't hold the field '{}' of {}, which is no key of the "
                 "member's type. Declare NU_DECLARE_REF({}, {}, …), and the field by "
                 "ForeignKeyTo() or OneToOneFieldTo().",
                 field->model->label, field->name, to->name, to->model->label, to->model->name,
                 to->name);
}

/* A foreign key has the type of the key it refers to, through foreign keys that are keys. */
static void resolve_key_types(nu__model_info *info)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        nu__field *field = &info->fields[i];
        const nu__field *target = field;

        for (int depth = 0; target->relation; depth++) {
            if (depth > 16)
                nu_raise(NU_IMPROPERLY_CONFIGURED, "{}.{}: its primary keys refer to each other",
                         info->label, field->name);
            target = target->relation->to_field;
        }
        field->target = target;
        if (field->relation) {
            field->member = target->member;
            field->max_length = target->max_length;
            check_member(field);
        }
    }
}

/* ---- many-to-many ------------------------------------------------------------------------- */

static nu_field *through_key(nu_str name, const nu__model_info *to, nu_str related_name,
                             bool no_db_constraint)
{
    nu_relation_field *key = nu_alloc(nu_relation_field);

    key->base.name = nu_copy(name).ptr;
    key->base.type = NU_FOREIGN_KEY;
    key->base.to_name = to->label.ptr;
    key->on_delete = CASCADE;
    key->related_name = related_name.ptr;
    key->no_db_constraint = no_db_constraint;
    return &key->base;
}

/* The model that Django makes for the rows between, under Django's names. */
static nu__model_info *make_through(nu__field *field)
{
    const nu__relation *relation = field->relation;
    const nu_relation_field *def = (const nu_relation_field *)field->def;
    nu_str from = relation->from->model_name, to = relation->to->model_name;
    nu_model *model = nu_alloc(nu_model);
    nu_str related_name;

    if (nu_eq(from, to)) {
        from = nu_fmt("from_{}", from);
        to = nu_fmt("to_{}", to);
    }
    model->klass = (nu_class){ &nu__model_ops, NULL };
    model->meta = nu_alloc(nu_meta);
    model->name = nu_fmt("{}_{}", relation->from->name, field->name).ptr;
    model->app_label = relation->from->model->app_label;
    model->database = relation->from->model->database;
    model->db_table = def->db_table
                          ? def->db_table
                          : nu__registry_table_name(relation->from->db_table, field->name).ptr;
    model->verbose_name = nu_fmt("{}-{} relationship", from, to).ptr;
    model->verbose_name_plural = nu_fmt("{}-{} relationships", from, to).ptr;
    model->klass.name = model->name;
    related_name = nu_fmt("{}+", model->name);
    model->fields[0] = through_key(from, relation->from, related_name, def->no_db_constraint);
    model->fields[1] = through_key(to, relation->to, related_name, def->no_db_constraint);
    model->unique_together[0][0] = model->fields[0]->name;
    model->unique_together[0][1] = model->fields[1]->name;
    model->unmanaged = relation->from->model->unmanaged && relation->to->model->unmanaged;
    return nu__registry_add(relation->from->registry, model);
}

/* The foreign key of the model between that leads to `to`; the second one when it is skipped. */
static nu__field *link_to(const nu__model_info *through, const nu__model_info *to, const char *name,
                          const nu__field *skip)
{
    for (size_t i = 0; i < through->n_fields; i++) {
        nu__field *field = &through->fields[i];

        if (name ? nu_eq(field->name, name)
                 : field->relation && field->relation->to == to && field != skip)
            return field;
    }
    return NULL;
}

static void resolve_through(nu__field *field, const nu_model *user_model)
{
    nu__relation *relation = field->relation;
    const nu_relation_field *def = (const nu_relation_field *)field->def;

    if (def->through || def->through_name) {
        relation->through = find_target(field, def->through, def->through_name, user_model);
    } else {
        relation->through = make_through(field);
        relation->through->auto_created = relation;
        resolve_targets(relation->through, user_model);
    }
    relation->through_from =
        link_to(relation->through, relation->from, def->through_fields[0], NULL);
    relation->through_to =
        link_to(relation->through, relation->to, def->through_fields[1], relation->through_from);
    /* a point of history may lack a key that a later operation adds */
    if (field->def->size && (!relation->through_from || !relation->through_to))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "(fields.E333) {}.{}: The model is used as an intermediate model by '{}', but it "
                 "does not have a foreign key to '{}' or '{}'.",
                 field->model->label, field->name, relation->through->label, relation->from->name,
                 relation->to->name);
}

/* ---- the ways back ------------------------------------------------------------------------ */

/* "%(class)s" and "%(app_label)s" in a related_name. */
static nu_str related_name(const nu__relation *relation, const char *text)
{
    nu_str rest = nu_s(text);
    nu__buf out = { 0 };

    while (rest.len) {
        nu_str app = S("%(app_label)s"), klass = S("%(class)s"), taken = { rest.ptr, 1 };
        nu_str put = taken;

        if (nu_starts_with(rest, app))
            taken = app, put = relation->from->app_label;
        else if (nu_starts_with(rest, klass))
            taken = klass, put = relation->from->model_name;
        nu__buf_str_add(&out, put);
        rest = (nu_str){ rest.ptr + taken.len, rest.len - taken.len };
    }
    return nu__buf_str(&out);
}

static void name_way_back(nu__relation *relation)
{
    const nu_relation_field *def = (const nu_relation_field *)relation->field->def;
    const char *given =
        def->related_name ? def->related_name : relation->from->model->default_related_name;
    bool through = relation->from->auto_created != NULL;

    if (relation->symmetrical)
        given = nu_fmt("{}_rel_+", relation->field->name).ptr;
    relation->query_name = given ? related_name(relation, given) : relation->from->model_name;
    relation->accessor = relation->query_name;
    relation->hidden = through || nu_ends_with(relation->query_name, S("+"));
    if (def->related_query_name)
        relation->query_name = related_name(relation, def->related_query_name);
    if (relation->hidden)
        relation->accessor = (nu_str){ 0 };
    else if (!given && !relation->one_to_one)
        relation->accessor = nu_fmt("{}_set", relation->from->model_name);
}

static void each_relation(nu__registry *registry, void (*act)(nu__relation *relation))
{
    for (size_t m = 0; m < registry->n_models; m++) {
        nu__model_info *info = registry->models[m];

        for (size_t i = 0; i < info->n_fields; i++)
            if (info->fields[i].relation && !info->fields[i].origin)
                act(info->fields[i].relation);
        for (size_t i = 0; i < info->n_many; i++)
            if (!info->many[i].origin)
                act(info->many[i].relation);
    }
}

static void count_way_back(nu__relation *relation)
{
    relation->to->n_reverse++;
}

static void add_way_back(nu__relation *relation)
{
    nu__model_info *to = relation->to;

    if (!to->reverse)
        to->reverse = nu_alloc_array(nu__relation *, to->n_reverse + 1);
    for (size_t i = 0;; i++)
        if (!to->reverse[i]) {
            to->reverse[i] = relation;
            return;
        }
}

void nu__relations_resolve(nu__registry *registry, const nu_model *user_model)
{
    size_t given = registry->n_models;

    for (size_t i = 0; i < given; i++)
        resolve_targets(registry->models[i], user_model);
    for (size_t i = 0; i < given; i++)
        for (size_t k = 0; k < registry->models[i]->n_many; k++)
            if (!registry->models[i]->many[k].origin)
                resolve_through(&registry->models[i]->many[k], user_model);
    for (size_t i = 0; i < registry->n_models; i++)
        resolve_to_fields(registry->models[i]);
    for (size_t i = 0; i < registry->n_models; i++)
        resolve_key_types(registry->models[i]);
    for (size_t i = 0; i < registry->n_models; i++)
        nu__inherit_relations(registry->models[i]);
    each_relation(registry, name_way_back);
    each_relation(registry, count_way_back);
    each_relation(registry, add_way_back);
}
