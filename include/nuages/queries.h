/**
 * @file
 * Query sets: immutable descriptions of a query that belong to the fiber.
 */
#pragma once
#include <nuages/expressions.h>
#include <nuages/models.h>

/* ---- queries
 * ----------------------------------------------------------------------------------------------------------------------
 */
nu_query *nu_objects_(const nu_model *), *nu_manager_(const nu_model *, const char *);
#define nu_objects(T)       nu_objects_(&T##_model)
#define nu_manager_of(T, n) nu_manager_(&T##_model, (n))
#define Q(lookup_, ...)     ((nu_cond){ .lookup = (lookup_), .value = NU_DBV((__VA_ARGS__)) })
nu_cond nu_or_(const nu_cond *), nu_and_(const nu_cond *), nu_not(nu_cond), Exists(nu_query *);
#define NU_CONDS(...)                                                                              \
    (const nu_cond[])                                                                              \
    {                                                                                              \
        __VA_ARGS__ __VA_OPT__(, )                                                                 \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define NU_NAMES(...)                                                                              \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__ __VA_OPT__(, ) NULL                                                            \
    }
#define nu_or(...)  nu_or_(NU_CONDS(__VA_ARGS__))
#define nu_and(...) nu_and_(NU_CONDS(__VA_ARGS__))
nu_query *nu_filter_(nu_query *, const nu_cond *), *nu_exclude_(nu_query *, const nu_cond *),
    *nu_select_related_(nu_query *, const char *const *),
    *nu_order_by_(nu_query *, const char *const *), *nu_only_(nu_query *, const char *const *),
    *nu_defer_fields_(nu_query *, const char *const *),
    *nu_values_(nu_query *, const char *const *), *nu_distinct(nu_query *),
    *nu_reversed(nu_query *), *nu_slice(nu_query *, int64_t, int64_t),
    *nu_using(nu_query *, const char *), *nu_union(nu_query *, nu_query *),
    *nu_annotate_(nu_query *, const nu_var *), *nu_alias_(nu_query *, const nu_var *);
#define nu_filter(q, ...)         nu_filter_((q), NU_CONDS(__VA_ARGS__))
#define nu_exclude(q, ...)        nu_exclude_((q), NU_CONDS(__VA_ARGS__))
#define nu_select_related(q, ...) nu_select_related_((q), NU_NAMES(__VA_ARGS__))
#define nu_order_by(q, ...)       nu_order_by_((q), NU_NAMES(__VA_ARGS__))
#define nu_only(q, ...)           nu_only_((q), NU_NAMES(__VA_ARGS__))
#define nu_values(q, ...)         nu_values_((q), NU_NAMES(__VA_ARGS__))
#define nu_annotate(q, ...)       nu_annotate_((q), NU_VARS(__VA_ARGS__))
#define nu_alias(q, ...)          nu_alias_((q), NU_VARS(__VA_ARGS__))
typedef struct {
    const char *path, *to_attr;
    nu_query *queryset;
} nu_prefetch;
nu_query *nu_prefetch_related_(nu_query *, const nu_prefetch *);
#define Prefetch(p, q, ...)                                                                        \
    {                                                                                              \
        .path = (p), .queryset = (q), __VA_ARGS__                                                  \
    }
#define NU__PREFETCH(x) NU__PRE(x)
#define nu_prefetch_related(q, ...)                                                                \
    nu_prefetch_related_((q), (const nu_prefetch[]){ __VA_ARGS__, { 0 } })
#define With(p)                                                                                    \
    {                                                                                              \
        .path = (p)                                                                                \
    }
typedef struct nu_lock {
    NU_NAMED_ONLY;
    bool nowait, skip_locked, no_key;
    const char *of[4];
} nu_lock;
nu_query *nu_select_for_update_(nu_query *, const nu_lock *);
#define nu_select_for_update(q, ...) nu_select_for_update_((q), &(const nu_lock){ __VA_ARGS__ })
int64_t nu_count(nu_query *), nu_update_(nu_query *, const nu_var *), nu_delete_all(nu_query *);
bool nu_exists(nu_query *);
#define nu_update(q, ...) nu_update_((q), NU_DBVARS(__VA_ARGS__))
/* each takes T, and checks at run time that the query is over T: no wrong cast */
void *nu_get_(nu_query *, const nu_model *, const nu_cond *),
    *nu_get_or_404_(nu_query *, const nu_model *, const nu_cond *),
    *nu_first_(nu_query *, const nu_model *),
    *nu_fetch_all_(nu_query *, const nu_model *, size_t *),
    *nu_find_(nu_query *, const nu_model *, const nu_cond *);
#define nu_get(T, ...) ((T *)nu_get_(nu_objects(T), &T##_model, NU_CONDS(__VA_ARGS__)))
#define nu_get_or_404(T, ...)                                                                      \
    ((T *)nu_get_or_404_(nu_objects(T), &T##_model, NU_CONDS(__VA_ARGS__)))
#define nu_find(T, ...)                                                                            \
    ((T *)nu_find_(nu_objects(T), &T##_model,                                                      \
                   NU_CONDS(__VA_ARGS__))) /* NULL instead of DoesNotExist */
#define nu_get_in(T, q, ...)        ((T *)nu_get_((q), &T##_model, NU_CONDS(__VA_ARGS__)))
#define nu_get_in_or_404(T, q, ...) ((T *)nu_get_or_404_((q), &T##_model, NU_CONDS(__VA_ARGS__)))
#define nu_first(T, q)              ((T *)nu_first_((q), &T##_model)) /* NULL when empty */
void *nu__each_open(nu_query *, const nu_model *), *nu__each_next(void *);
void nu__each_close(void *);
#define nu_each(T, var, q)                                                                         \
    for (T * NU_CLEANUP(nu__each_close) nu__rows = nu__each_open((q), &T##_model), *var;           \
         (var = nu__each_next(nu__rows)) != NULL;)
typedef struct {
    NU_NAMED_ONLY;
    int batch_size;
    bool ignore_conflicts;
    const char *update_fields[8], *unique_fields[8];
    const char *using;
} nu_bulk;
void nu_bulk_create_(const nu_model *, void *, size_t, const nu_bulk *);
#define nu_bulk_create(T, items, n, ...)                                                           \
    nu_bulk_create_(&T##_model, (T *){ (items) }, (n), &(const nu_bulk){ __VA_ARGS__ })
/* related sets */
nu_query *nu_related_(const nu_object *, const char *), *nu_many_(const nu_object *, size_t);
void nu_many_add_(nu_object *, size_t, nu_values), nu_many_remove_(nu_object *, size_t, nu_values),
    nu_many_set_(nu_object *, size_t, nu_query *), nu_many_clear_(nu_object *, size_t);
#define NU__MANY(p, m)                                                                             \
    offsetof(__typeof__(*(p)), m) +                                                                \
        NU_REQUIRE(NU_IS(__typeof__(*(p)), m, nu_many), #m " is no ManyToManyField")
#define nu_related(p, name)    nu_related_(&(p)->object, (name))      /* post.comments */
#define nu_many_of(p, m)       nu_many_(&(p)->object, NU__MANY(p, m)) /* post.tags.all() */
#define nu_many_add(p, m, ...) nu_many_add_(&(p)->object, NU__MANY(p, m), NU_ARGS(__VA_ARGS__))
#define nu_many_remove(p, m, ...)                                                                  \
    nu_many_remove_(&(p)->object, NU__MANY(p, m), NU_ARGS(__VA_ARGS__))
#define nu_many_set(p, m, q) nu_many_set_(&(p)->object, NU__MANY(p, m), (q))

/* ---- rows of values(), annotate(), raw SQL. into a struct of the caller's; member name = column
 * or alias ("author__username" too) ---- */
typedef struct {
    const char *name;
    size_t offset;
    nu_kind kind;
} nu_column;
#define NU_KIND_OF(x)                                                                              \
    _Generic((x), bool                                                                             \
             : NU_KIND_BOOL, int32_t                                                               \
             : NU_KIND_I32, int64_t                                                                \
             : NU_KIND_INT, double                                                                 \
             : NU_KIND_FLOAT, nu_str                                                               \
             : NU_KIND_STR, nu_date                                                                \
             : NU_KIND_DATE, nu_datetime                                                           \
             : NU_KIND_DATETIME, nu_decimal                                                        \
             : NU_KIND_DECIMAL, nu_uuid                                                            \
             : NU_KIND_UUID, nu_bytes                                                              \
             : NU_KIND_BYTES, nu_opt_int                                                           \
             : NU_KIND_OPT_INT, nu_opt_float                                                       \
             : NU_KIND_OPT_FLOAT, nu_opt_bool                                                      \
             : NU_KIND_OPT_BOOL, nu_json_value                                                     \
             : NU_KIND_JSON)
#define NU_COLUMN(R, m) { #m, offsetof(R, m), NU_KIND_OF(((R *)0)->m) },
#define NU_COLUMNS(R, ...)                                                                         \
    (const nu_column[])                                                                            \
    {                                                                                              \
        NU_EACH1(NU_COLUMN, R, __VA_ARGS__)                                                        \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
void *nu_rows_(nu_query *, size_t, const nu_column *, size_t *),
    *nu__rows_open(nu_query *, size_t, const nu_column *);
bool nu_row_(nu_query *, void *, const nu_column *);
#define nu_rows(R, q, n, ...)                                                                      \
    ((R *)nu_rows_((q), sizeof(R), NU_COLUMNS(R, __VA_ARGS__), (n))) /* array in the arena */
#define nu_each_row(R, var, q, ...)                                                                \
    for (R * NU_CLEANUP(nu__each_close)                                                            \
                 nu__rows = nu__rows_open((q), sizeof(R), NU_COLUMNS(R, __VA_ARGS__)),             \
                 *var;                                                                             \
         (var = nu__each_next(nu__rows)) != NULL;)
void *nu_flat_(nu_query *, const char *, nu_kind, size_t *);
#define nu_flat(ctype, q, field, n)                                                                \
    ((ctype *)nu_flat_((q), (field), NU_KIND_OF(*(ctype *)0),                                      \
                       (n))) /* values_list(field, flat=True) */
#define NU__AGG(R, mx)       NU__AGG_1(R, NU_UNPAREN mx)
#define NU__AGG_1(...)       NU__AGG_2(__VA_ARGS__)
#define NU__AGG_2(R, m, ...) { { #m, offsetof(R, m), NU_KIND_OF(((R *)0)->m) }, (__VA_ARGS__) },
typedef struct {
    nu_column column;
    nu_expr *expr;
} nu_aggregate_item;
void nu_aggregate_(nu_query *, void *, const nu_aggregate_item *);
#define nu_aggregate(q, out, ...)                                                                  \
    nu_aggregate_((q), (out),                                                                      \
                  (const nu_aggregate_item[]){                                                     \
                      NU_EACH1(NU__AGG, __typeof__(*(out)), __VA_ARGS__){ { 0 }, NULL } })
/* the same columns bind untrusted JSON to a struct: a missing key or wrong type raises
 * ValidationError, never a bad pointer */
void *nu_json_rows_(nu_value, const char *, size_t, const nu_column *, size_t *);
void nu_json_bind_(nu_value, void *, const nu_column *);
#define nu_json_rows(R, v, key, n, ...)                                                            \
    ((R *)nu_json_rows_(V(v), (key), sizeof(R), NU_COLUMNS(R, __VA_ARGS__), (n)))
#define nu_json_bind(v, out, ...)                                                                  \
    nu_json_bind_(V(v), (out), NU_COLUMNS(__typeof__(*(out)), __VA_ARGS__))
/* raw SQL: the text must be a literal; parameters are values */
nu_query *nu_raw_(const nu_model *, const char *, nu_values), *nu_sql_(const char *, nu_values);
int64_t nu_execute_(const char *, nu_values);
#define nu_raw(T, sql, ...) nu_raw_(&T##_model, "" sql, NU_ARGS(__VA_ARGS__))
#define nu_sql(sql, ...)                                                                           \
    nu_sql_("" sql, NU_ARGS(__VA_ARGS__)) /* read with nu_rows, nu_each_row                        \
                                           */
#define nu_execute(sql, ...) nu_execute_("" sql, NU_ARGS(__VA_ARGS__))
