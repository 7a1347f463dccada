/**
 * @file
 * Rows as text and back, in Django's four formats: what dumpdata writes and loaddata reads.
 *
 *   instance -> nu__record       record.c: values as Django's Python serializer has them
 *            -> text             json.c, yaml.c, xml.c: a row of nu__serializers each
 *   text -> dicts                { "model": "app.model", "pk": …, "fields": { … } }
 *        -> instances, saved     load.c
 *
 * Django: django.core.serializers
 */
#pragma once
#include "core/buf.h"
#include "db/connection.h"
#include "db/models/options.h"

typedef struct nu__record_field {
    const nu__field *field;
    bool many;    /* many-to-many: `value` is a list of keys */
    bool natural; /* a key is a list of the values of its natural key */
    nu_value value;
} nu__record_field;

/* An instance as it is written. */
typedef struct nu__record {
    const nu__model_info *info;
    bool has_pk; /* false: its natural key stands for it */
    nu_value pk;
    nu__record_field *fields;
    size_t n_fields;
} nu__record;

typedef struct nu__serializer {
    const char *name;
    void (*begin)(nu__buf *out, int indent);
    void (*write)(nu__buf *out, const nu__record *record, int indent, bool first);
    void (*end)(nu__buf *out, int indent, bool any);
    /* Give each object of the text to `take`. Raises DeserializationError. */
    void (*read)(nu_str text, void (*take)(void *self, nu_dict *object), void *self);
} nu__serializer;

/* "json", "xml", "yaml", "jsonl" as far as they are built in; NULL: there is none of that name. */
const nu__serializer *nu__serializer_find(nu_str name);
nu_str nu__serializer_names(void); /* "json, xml, yaml, jsonl" */

/* ---- record.c -------------------------------------------------------------------------------- */

typedef struct nu__record_options {
    bool natural_foreign, natural_primary;
    const char *using;
} nu__record_options;
/* Yields: natural keys and many-to-many sets are read. */
nu__record nu__record_of(const nu_object *object, const nu__record_options *options);
/* Has the model a natural key? */
bool nu__has_natural_key(const nu__model_info *info);
/* The values of an instance's natural key, those of what it refers to in their place. Yields. */
nu_list *nu__natural_key(const nu_object *object, const char *using);
/* The row with this natural key; NULL when there is none. Yields. */
nu_object *nu__by_natural_key(const nu__model_info *info, const nu_list *key, const char *using);

/* Models so that those come first whose natural keys others refer to. The array is changed in
   place. Django: sort_dependencies(allow_cycles=True) */
void nu__sort_dependencies(nu__model_info **models, size_t n);

/* ---- load.c ---------------------------------------------------------------------------------- */

typedef struct nu__loading {
    const char *using;
    bool ignore_unknown; /* fields and models that are not there any more: --ignorenonexistent */
    const nu_list *exclude;
    int64_t n_found, n_loaded;
    bool *touched; /* by the model's id: rows of it were loaded */
    struct nu__deferred *deferred;
} nu__loading;
/* Save what an object of a fixture says. Raises DeserializationError, IntegrityError. Yields. */
void nu__load_object(nu__loading *loading, nu_dict *object);
/* Set the references to rows that came later. Raises DeserializationError. Yields. */
void nu__load_references(nu__loading *loading);

/* ---- fixtures.c ------------------------------------------------------------------------------ */

/* What is told of a load, by the verbosity that asks for it. */
typedef enum nu__tell { NU__TELL_WARNING = 1, NU__TELL_STEPS, NU__TELL_PROGRESS } nu__tell;

typedef struct nu__fixture_options {
    const nu_list *labels, *exclude;
    const char *using;
    nu_str app, format; /* null: any; `format` of standard input */
    bool ignore_unknown;
    void (*tell)(void *self, nu__tell what, nu_str text); /* may be NULL */
    bool tell_each; /* after each object: PROGRESS, a piece of a line */
    void *self;
} nu__fixture_options;
typedef struct nu__fixture_counts {
    int64_t files, found, loaded;
} nu__fixture_counts;
/* Find, read and load fixtures in one transaction, and let keys go on from the highest. Raises
   CommandError, DeserializationError, IntegrityError, with Django's words. Yields. */
nu__fixture_counts nu__fixtures_load(const nu__fixture_options *options);
/* The statements that let the keys of the models' tables go on from the highest: none on SQLite and
   MySQL. Django: sequence_reset_sql() */
nu_list *nu__sequence_reset_sql(nu__connection *connection, nu__model_info *const *models,
                                size_t n);
