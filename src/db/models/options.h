/**
 * @file
 * What is known of each model after start-up, as Django's _meta.
 *
 *   nu_model (const, the user's)  --.meta-->  nu__model_info
 *                                               fields[]     columns, the key first if implicit
 *                                               many[]       many-to-many
 *                                               reverse[] -> nu__relation of other models' fields
 *
 * A registry is a closed set of models that refer to each other. The site's own is built once by
 * nu__models_setup() and lives as long as the process; migrations build others, of historical
 * models that are descriptors made at run time: their fields have size 0 and get a place in a
 * struct whose layout is worked out here, so that everything else works on both alike.
 */
#pragma once
#include "db/models/fields.h"

typedef struct nu__registry nu__registry;

typedef struct nu__generic nu__generic;

/* A foreign key, one-to-one or many-to-many, seen from both sides. */
struct nu__relation {
    nu__field *field;
    nu__model_info *from, *to;
    const nu__field *to_field; /* whose value a foreign key holds; by default the primary key */
    nu_on_delete on_delete;
    bool many_to_many, one_to_one;
    bool symmetrical;
    bool hidden;       /* related_name ends with "+": no way back by name */
    nu_str accessor;   /* the way back on an instance: "enrollments", "book_set"; null: hidden */
    nu_str query_name; /* the way back in lookups: "enrollments", "book" */
    /* many-to-many: the model between and its two foreign keys */
    nu__model_info *through;
    nu__field *through_from, *through_to;
    /* The way back of a generic foreign key, as lookups follow it: `field` is the object id, and a
       join takes only rows of the model's content type. Else NULL. */
    const nu__generic *generic;
    uint32_t id; /* one number a relation, for caches */
};

/* A reference to a row of any model, or the way back of one: two fields of `on`. */
struct nu__generic {
    nu_str name;
    nu__model_info *on;
    const nu__field *content_type, *object_id;
    bool for_proxies; /* a proxy's rows are of its own content type */
};

typedef enum nu__name_kind {
    NU__NAME_FIELD,   /* a column, by name or by its key: "department", "department_id" */
    NU__NAME_MANY,    /* a many-to-many declared here */
    NU__NAME_REVERSE, /* the other side of another model's relation, by query_name */
} nu__name_kind;

/* What a name means in a lookup on a model. */
typedef struct nu__name {
    nu_str name;
    nu__name_kind kind;
    nu__field *field;       /* FIELD, MANY; for REVERSE the other model's field */
    nu__relation *relation; /* where the name is one */
} nu__name;

/* All that a model of the site has, as values() without names selects it: made once, since lists of
   rows ask for nothing else. */
typedef struct nu__whole_row {
    const nu_expr **columns; /* NULL: some are in tables of its parents */
    nu_str *names;           /* of the attributes, beside columns[] */
    bool made;
} nu__whole_row;

struct nu__model_info {
    const nu_model *model;
    nu__registry *registry;
    nu_str app_label;  /* "registry" */
    nu_str name;       /* "Student" */
    nu_str model_name; /* "student" */
    nu_str label;      /* "registry.Student" */
    nu_str db_table, verbose_name, verbose_name_plural;
    nu__field *fields;
    size_t n_fields;
    nu__field *many;
    size_t n_many;
    nu__field *pk;
    nu__relation **reverse; /* that lead here, hidden ones too */
    size_t n_reverse;
    nu__generic *generic_keys, *generic_relations;
    size_t n_generic_keys, n_generic_relations;
    nu__name *names; /* sorted by name */
    size_t n_names;
    nu__model_info *concrete;   /* whose table it has: itself; of a proxy, the model behind it */
    nu__model_info *parents[4]; /* with tables of their own */
    nu__field *parent_links[4]; /* its keys to their rows */
    size_t n_parents;
    const nu__relation *auto_created; /* the many-to-many whose through model this is */
    size_t size;                      /* of an instance */
    uint32_t id;                      /* one number a model of its registry, from 0 */
    nu__whole_row whole;              /* see nu__tree_set_values() */
};

struct nu__registry {
    const nu_model *const *given; /* while it is built */
    nu__model_info **models;      /* parents before children; automatic through models last */
    size_t n_models;
    uint32_t n_relations;
};

/**
 * Resolve the site's models, once, before workers fork. `user_model` is what a foreign key to the
 * swappable user model means; NULL: none is.
 *
 * @param models  ends with NULL
 * @raises        ImproperlyConfigured, naming model and field, with a suggestion
 */
void nu__models_setup(const nu_model *const *models, const nu_model *user_model);

/* The same for a set of models of one's own (migrations), in the fiber's arena. */
nu__registry *nu__registry_build(const nu_model *const *models, const nu_model *user_model);

/* The site's models; AppRegistryNotReady before nu__models_setup(). */
const nu__registry *nu__models(void);
/* Does it live as long as the process: is it one of the site's? */
bool nu__model_is_lasting(const nu__model_info *info);
/* n * size bytes, zeroed, that live as long as they do; NULL when out of memory. */
void *nu__models_try_alloc(size_t n, size_t size);
/* The model whose content type rows have that refer to one of `info`: the concrete one, unless the
   relation tells proxies apart. Django: for_concrete_model */
const nu__model_info *nu__generic_type_of(const nu__generic *generic, const nu__model_info *info);

/* By "app.Model", any case; NULL when there is none. */
nu__model_info *nu__registry_find(const nu__registry *registry, nu_str label);

/* The model's info; AppRegistryNotReady, naming it, when its app is not installed. */
nu__model_info *nu__model_info_of(const nu_model *model);

/* Raises NotSupportedError where several rows may have one key (.shared_key): `what` would reach
   them all. */
void nu__check_own_key(const nu__model_info *info, const char *what);

/* A name as lookups use it; NULL when there is none. */
const nu__name *nu__model_name(const nu__model_info *info, nu_str name);
/* A field with a column, by name or attname ("pk" too); NULL when there is none. */
nu__field *nu__model_field(const nu__model_info *info, nu_str name);
/* A many-to-many by name; a relation that leads here by accessor. NULL when there is none. */
nu__field *nu__model_many(const nu__model_info *info, nu_str name);
nu__relation *nu__model_reverse(const nu__model_info *info, nu_str accessor);
/* A generic foreign key of the model, a generic relation to it; NULL when there is none. */
const nu__generic *nu__model_generic_key(const nu__model_info *info, nu_str name);
const nu__generic *nu__model_generic_relation(const nu__model_info *info, nu_str name);
/* Resolve both kinds, once all models are known. */
void nu__generics_resolve(nu__model_info *info);
/* The field whose member lies at an offset; NULL when there is none. */
nu__field *nu__model_field_at(const nu__model_info *info, size_t offset);
/* "a, b, c": the names that a lookup may begin with, as Django lists them in errors. */
nu_str nu__model_choices(const nu__model_info *info);

/* The rows that a relation's form offers: those of the target's default manager that meet
   limit_choices_to. */
nu_query *nu__rows_to_choose(const nu__field *field);
/* Whether a model is another one, a proxy of it, or a child. */
bool nu__model_is_a(const nu__model_info *info, const nu__model_info *other);
/* The model's own ordering, or that of the base it comes from; ends with NULL. Django:
 * Meta.ordering
 */
const char *const *nu__model_ordering(const nu__model_info *info);

/* What foreign keys hold that refer to the instance; of a many-to-many, its primary key. */
nu_value nu__referred_value(const nu__relation *relation, const nu_object *object);

/* Arrays of indexes end with one of nothing. */
static inline bool nu__index_is_there(const nu_index *index)
{
    return index->fields[0] || index->expressions[0];
}

/* System checks of a registry's models, as a list of dicts: id ("models.E015"), level ("error",
   "warning"), msg, hint, object ("registry.Student.gpa"). */
nu_list *nu__models_check(const nu__registry *registry);
/* What the models ask for that the database of this alias has not. Django: check --database */
nu_list *nu__models_check_database(const nu__registry *registry, const char *alias);
