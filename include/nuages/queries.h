/**
 * @file
 * Query sets: immutable descriptions of a query.
 *
 * A query belongs to the fiber and is never global: share a function that makes one. Making one
 * runs no SQL; reading does: nu_each(), nu_get(), nu_count(), iterating in a template. What was
 * read by iterating in a template is kept with the query, so that a second iteration asks no more.
 *
 *     nu_query *students = nu_filter(nu_objects(Student), Q("department__code", "cs"));
 *     nu_each (Student, student, nu_order_by(students, "-gpa"))
 *         nu_info("{} {}", student->roll_no, student->gpa);
 */
#pragma once
#include <nuages/expressions.h>
#include <nuages/models.h>

/* ---- conditions --------------------------------------------------------------------------- */

/**
 * A condition: Q("first_name__icontains", text), Q("status", STUDENT_ACTIVE), Q("gpa__gt",
 * F("credits")). The name is a field's, over relations with "__", then transforms and a lookup
 * ("exact" when there is none). The value is of any C type that V() takes, an enumerator, an
 * expression, a query or a list. Django: a keyword argument of filter(), or Q()
 */
#define Q(lookup_, ...) ((nu_cond){ .lookup = (lookup_), .value = NU_DBV((__VA_ARGS__)) })
/** Conditions joined: Django's `|`, `&`, `^` and `~` on Q objects. */
#define nu_or(...)  nu_or_(NU_CONDS(__VA_ARGS__))
#define nu_and(...) nu_and_(NU_CONDS(__VA_ARGS__))
#define nu_xor(...) nu_xor_(NU_CONDS(__VA_ARGS__))
nu_cond nu_not(nu_cond condition);
nu_cond nu_or_(const nu_cond *conditions);
nu_cond nu_and_(const nu_cond *conditions);
nu_cond nu_xor_(const nu_cond *conditions);
/** Whether a subquery gives any row; its OuterRef() names mean the query around it. */
nu_cond Exists(nu_query *query);

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

/* ---- query sets: each gives a new one, in the fiber's arena --------------------------------- */

/** All rows of a model. Django: Model.objects.all() */
#define nu_objects(T) nu_objects_(&T##_model)
/** The rows of one of the model's named managers. Raises AttributeError. */
#define nu_manager_of(T, n) nu_manager_(&T##_model, (n))
nu_query *nu_objects_(const nu_model *model);
nu_query *nu_manager_(const nu_model *model, const char *name);

/**
 * Narrow `query` to the rows that meet every condition, or to those that do not.
 * Builds the query only: SQL runs on iteration, count or slice.
 *
 * Conditions on a many-valued relation in one call are about the same related row; in two calls
 * each may be met by another.
 *
 * @param query  unchanged: queries are immutable
 * @return       a new query in the fiber's arena
 * @raises       FieldError when a lookup names no field of the model; the message lists the
 * choices. ValueError, ValidationError for a value that the field can't have. TypeError for a query
 * that was sliced Yields: never.   Django: QuerySet.filter(), exclude()
 */
#define nu_filter(q, ...)  nu_filter_((q), NU_CONDS(__VA_ARGS__))
#define nu_exclude(q, ...) nu_exclude_((q), NU_CONDS(__VA_ARGS__))
nu_query *nu_filter_(nu_query *query, const nu_cond *conditions);
nu_query *nu_exclude_(nu_query *query, const nu_cond *conditions);

/**
 * Order by names ("-gpa", "department__name", "?" for any order) instead of the model's own
 * order; no name: no order. nu_order_by_expr() takes expressions and nu_asc(), nu_desc() of them.
 * Raises FieldError. Yields: never. Django: QuerySet.order_by()
 */
#define nu_order_by(q, ...)      nu_order_by_((q), NU_NAMES(__VA_ARGS__))
#define nu_order_by_expr(q, ...) nu_order_by_expr_((q), NU_ARGS(__VA_ARGS__))
nu_query *nu_order_by_(nu_query *query, const char *const *names);
nu_query *nu_order_by_expr_(nu_query *query, nu_values expressions);
nu_query *nu_reversed(nu_query *query);

/**
 * Rows `from` to `to`, not including `to`; -1: to the end. Of a query whose rows were read, those.
 * Raises ValueError for negative bounds. Django: query[from:to]
 */
nu_query *nu_slice(nu_query *query, int64_t from, int64_t to);
nu_query *nu_distinct(nu_query *query);
/** One row for each value of these fields: PostgreSQL's, NotSupportedError elsewhere when it is
 * read. Django: distinct(*fields) */
#define nu_distinct_on(q, ...) nu_distinct_on_((q), NU_NAMES(__VA_ARGS__))
nu_query *nu_distinct_on_(nu_query *query, const char *const *names);
/** No rows, without asking. Django: QuerySet.none() */
nu_query *nu_none(nu_query *query);
/** One of the model's .query_methods, by its name: nu_call(query, "by_author", author). Raises
 * AttributeError when there is none.   Django: a method of the model's QuerySet class */
#define nu_call(q, name, ...) nu_call_((q), (name), NU_ARGS(__VA_ARGS__))
nu_query *nu_call_(nu_query *query, const char *name, nu_values args);

/** Read from another database, by its alias. */
nu_query *nu_using(nu_query *query, const char *alias);
/** The rows of any of the queries, each once, or with nu_union_all() as often as they come; of all
 * of them; of the first but of none of the others. They must give the same columns; only
 * nu_order_by(), nu_slice(), nu_values() and what reads may follow (NotSupportedError), and none
 * may be sliced or ordered itself on SQLite (DatabaseError when it is read). Django: union(),
 * intersection(), difference() */
#define nu_union(...)     nu_union_(NU_QUERIES(__VA_ARGS__), NU_COUNT_QUERIES(__VA_ARGS__), false)
#define nu_union_all(...) nu_union_(NU_QUERIES(__VA_ARGS__), NU_COUNT_QUERIES(__VA_ARGS__), true)
#define nu_intersection(...)                                                                       \
    nu_intersection_(NU_QUERIES(__VA_ARGS__), NU_COUNT_QUERIES(__VA_ARGS__))
#define nu_difference(...) nu_difference_(NU_QUERIES(__VA_ARGS__), NU_COUNT_QUERIES(__VA_ARGS__))
nu_query *nu_union_(const nu_query *const *queries, size_t n, bool all);
nu_query *nu_intersection_(const nu_query *const *queries, size_t n);
nu_query *nu_difference_(const nu_query *const *queries, size_t n);
#define NU_QUERIES(...)                                                                            \
    (const nu_query *const[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NU_COUNT_QUERIES(...) (sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }))
/** The rows that meet the conditions of both queries, of either, or of one of them only, in one
 * SELECT. Raises TypeError for queries over two models, for sliced and combined ones, and where
 * only one is distinct or they give different values. Django: a & b, a | b, a ^ b */
nu_query *nu_query_and(nu_query *a, nu_query *b);
nu_query *nu_query_or(nu_query *a, nu_query *b);
nu_query *nu_query_xor(nu_query *a, nu_query *b);

/** Rows as dicts of these columns (all when none is named), annotations among them. In JSON and
 * templates they are dicts; nu_rows() and nu_each_row() decode them into structs. Django: values()
 */
#define nu_values(q, ...) nu_values_((q), NU_NAMES(__VA_ARGS__))
nu_query *nu_values_(nu_query *query, const char *const *names);
/** Rows as lists; with one name and nu_values_flat(), as the values themselves. */
#define nu_values_list(q, ...) nu_values_list_((q), NU_NAMES(__VA_ARGS__))
nu_query *nu_values_list_(nu_query *query, const char *const *names);
nu_query *nu_values_flat(nu_query *query, const char *name);

/**
 * Add computed columns: nu_annotate(q, ("n", Count("posts")), ("late", F("due"))). On objects they
 * are read by nu_attr(); nu_alias() adds them for filtering and ordering only.
 *
 * @raises  ValueError when a name is a field's or unsafe as an alias; FieldError
 * Yields: never.   Django: QuerySet.annotate(), alias()
 */
#define nu_annotate(q, ...) nu_annotate_((q), NU_VARS(__VA_ARGS__))
#define nu_alias(q, ...)    nu_alias_((q), NU_VARS(__VA_ARGS__))
nu_query *nu_annotate_(nu_query *query, const nu_var *expressions);
nu_query *nu_alias_(nu_query *query, const nu_var *expressions);

/** Read the objects of these foreign keys and one-to-one relations in the same statement; no name:
 * of all foreign keys that are never null, five steps far. Raises FieldError, listing the choices,
 * when it is read. Django: QuerySet.select_related() */
#define nu_select_related(q, ...) nu_select_related_((q), NU_NAMES(__VA_ARGS__))
nu_query *nu_select_related_(nu_query *query, const char *const *names);

/**
 * Read the rows of relations of any kind, one statement a relation, when the query is read:
 * With("tags"), With("enrollments__course"), Prefetch("comments", approved, .to_attr = "shown").
 * Raises AttributeError when it is read. Django: QuerySet.prefetch_related()
 */
#define nu_prefetch_related(q, ...)                                                                \
    nu_prefetch_related_((q), (const nu_prefetch[]){ __VA_ARGS__, { 0 } })
typedef struct nu_prefetch {
    const char *path, *to_attr;
    nu_query *queryset;
} nu_prefetch;
#define Prefetch(p, q, ...)                                                                        \
    {                                                                                              \
        .path = (p), .queryset = (q), __VA_ARGS__                                                  \
    }
#define With(p)                                                                                    \
    {                                                                                              \
        .path = (p)                                                                                \
    }
nu_query *nu_prefetch_related_(nu_query *query, const nu_prefetch *prefetches);

/** Read only these columns of the objects, or all but these; a member that was not read is zero,
 * is not written by nu_save(), and is read when a template or nu_field_get() asks for it. */
#define nu_only(q, ...)         nu_only_((q), NU_NAMES(__VA_ARGS__))
#define nu_defer_fields(q, ...) nu_defer_fields_((q), NU_NAMES(__VA_ARGS__))
nu_query *nu_only_(nu_query *query, const char *const *names);
nu_query *nu_defer_fields_(nu_query *query, const char *const *names);

/* SELECT … FOR UPDATE; SQLite, which locks the whole database, ignores it, as Django does. */
typedef struct nu_lock {
    NU_NAMED_ONLY;
    bool nowait, skip_locked, no_key;
    const char *of[4];
} nu_lock;
#define nu_select_for_update(q, ...) nu_select_for_update_((q), &(const nu_lock){ __VA_ARGS__ })
nu_query *nu_select_for_update_(nu_query *query, const nu_lock *lock);

/* ---- one object: each takes T, and checks at run time that the query is over T -------------- */

/**
 * The only row that meets the conditions.
 *
 * @raises  DoesNotExist ("Student matching query does not exist."), MultipleObjectsReturned; the
 *          _or_404 forms raise Http404 instead of the former, nu_find() gives NULL
 * Yields.   Django: QuerySet.get(), get_object_or_404()
 */
#define nu_get(T, ...)                                                                             \
    ((T *)(NU__CALLED_FROM, nu_get_(nu_objects(T), &T##_model, NU_CONDS(__VA_ARGS__))))
#define nu_get_or_404(T, ...)                                                                      \
    ((T *)(NU__CALLED_FROM, nu_get_or_404_(nu_objects(T), &T##_model, NU_CONDS(__VA_ARGS__))))
#define nu_find(T, ...)                                                                            \
    ((T *)(NU__CALLED_FROM, nu_find_(nu_objects(T), &T##_model, NU_CONDS(__VA_ARGS__))))
#define nu_get_in(T, q, ...)                                                                       \
    ((T *)(NU__CALLED_FROM, nu_get_((q), &T##_model, NU_CONDS(__VA_ARGS__))))
#define nu_get_in_or_404(T, q, ...)                                                                \
    ((T *)(NU__CALLED_FROM, nu_get_or_404_((q), &T##_model, NU_CONDS(__VA_ARGS__))))
#define nu_find_in(T, q, ...)                                                                      \
    ((T *)(NU__CALLED_FROM, nu_find_((q), &T##_model, NU_CONDS(__VA_ARGS__))))
/** The first or last row by the query's order, or by the key; NULL when there is none. Yields. */
#define nu_first(T, q) ((T *)(NU__CALLED_FROM, nu_first_((q), &T##_model)))
#define nu_last(T, q)  ((T *)(NU__CALLED_FROM, nu_last_((q), &T##_model)))
void *nu_get_(nu_query *query, const nu_model *model, const nu_cond *conditions);
void *nu_get_or_404_(nu_query *query, const nu_model *model, const nu_cond *conditions);
void *nu_find_(nu_query *query, const nu_model *model, const nu_cond *conditions);
void *nu_first_(nu_query *query, const nu_model *model);
void *nu_last_(nu_query *query, const nu_model *model);

/**
 * The object with the least or greatest of these columns ("-name" turns one round); without names
 * the model's .get_latest_by.
 *
 * @raises  DoesNotExist; ValueError without any name; TypeError for a sliced query
 * Yields.   Django: QuerySet.earliest(), latest()
 */
#define nu_earliest(T, q, ...) ((T *)nu_earliest_((q), &T##_model, NU_NAMES(__VA_ARGS__)))
#define nu_latest(T, q, ...)   ((T *)nu_latest_((q), &T##_model, NU_NAMES(__VA_ARGS__)))
void *nu_earliest_(nu_query *query, const nu_model *model, const char *const *names);
void *nu_latest_(nu_query *query, const nu_model *model, const char *const *names);
/** Whether the object is one of the rows. Raises ValueError for one that is not saved; TypeError
 * after values(). Yields. Django: QuerySet.contains() */
#define nu_contains(q, p) nu_contains_((q), &(p)->object)
bool nu_contains_(nu_query *query, const nu_object *object);

/* ---- many objects ------------------------------------------------------------------------- */

/**
 * For each row: nu_each (Student, student, query) { … }. Rows are read by batches; each object
 * lives in the fiber's arena. The loop may be left by break, return and goto. Yields.
 */
#define nu_each(T, var, q)                                                                         \
    for (T * NU_CLEANUP(nu__each_close)                                                            \
                 nu__rows = (NU__CALLED_FROM, nu__each_open((q), &T##_model)),                     \
                 *var;                                                                             \
         (var = nu__each_next(nu__rows)) != NULL;)
void *nu__each_open(nu_query *query, const nu_model *model);
void *nu__each_next(void *rows);
void nu__each_close(void *rows);

/**
 * For reading a large result once: a server has `chunk_size` rows in this process at a time and
 * keeps the others in a cursor (0: 2000, as Django). Outside of a transaction the loop has a
 * connection of its own until it ends. The rows are not remembered, and nothing is prefetched.
 *
 *     nu_each (Reading, r, nu_iterator(nu_objects(Reading), 0)) { … }
 *
 * @return  a new query
 * @raises  ValueError for a negative size
 * Yields: never.   Django: QuerySet.iterator()
 */
nu_query *nu_iterator(nu_query *query, int64_t chunk_size);

/**
 * Evaluate queries that do not need each other's rows: they go to the server together and are
 * waited for once. Each remembers its rows, so that reading it afterwards asks nothing. Elsewhere
 * than on PostgreSQL they are evaluated one after the other.
 *
 *     nu_pipeline(authors, entries);
 *     nu_pipeline_(queries, 20);
 *
 * @raises  what the first that fails raises; those behind it did not run
 * Yields.   Django has no such; psycopg: Connection.pipeline()
 */
#define nu_pipeline(...)                                                                           \
    nu_pipeline_((nu_query *const[]){ __VA_ARGS__ },                                               \
                 sizeof((nu_query *const[]){ __VA_ARGS__ }) / sizeof(nu_query *))
void nu_pipeline_(nu_query *const *queries, size_t n);

/** All rows as an array of pointers in the arena. Yields. */
#define nu_fetch_all(T, q, n) ((T **)(NU__CALLED_FROM, nu_fetch_all_((q), &T##_model, (n))))
void *nu_fetch_all_(nu_query *query, const nu_model *model, size_t *n);

/**
 * The objects with these keys, or values of another unique field, as a list of instances; of a NULL
 * list, all. Asks in as many statements as the database's limit of parameters needs.
 *
 * @param field_name  unique by itself, by a constraint of it alone, or the one that
 *                    nu_distinct_on() names; NULL: the primary key
 * @raises  ValueError when the field is not unique; TypeError for a sliced query and after values()
 * Yields.   Django: QuerySet.in_bulk()
 */
nu_list *nu_in_bulk_(nu_query *query, const nu_list *ids, const char *field_name);

/** The first days of the years, months, weeks ("year", …) or the days that a column has, once each,
 * as a query of values. `order` is "ASC" or "DESC"; NULL: "ASC". Raises ValueError. Yields: never.
 * Django: QuerySet.dates(), datetimes() */
#define nu_dates(q, field, kind)     nu_dates_((q), (field), (kind), NULL)
#define nu_datetimes(q, field, kind) nu_datetimes_((q), (field), (kind), NULL, NULL)
nu_query *nu_dates_(nu_query *query, const char *field, const char *kind, const char *order);
nu_query *nu_datetimes_(nu_query *query, const char *field, const char *kind, const char *order,
                        const nu_timezone *zone);

/** How the database would run the query, a line a step. `format` and `options` are other
 * databases': on SQLite they raise ValueError. Yields. Django: QuerySet.explain() */
#define nu_explain(q) nu_explain_((q), NULL, NULL)
nu_str nu_explain_(nu_query *query, const char *format, const nu_dict *options);

int64_t nu_count(nu_query *query); /* yields */
bool nu_exists(nu_query *query);   /* yields */

/**
 * Set columns of all rows of the query: nu_update(q, ("online", false), ("n", nu_add(F("n"), 1))).
 * One statement; no signals, no nu_save().
 *
 * @return  rows matched
 * @raises  FieldDoesNotExist, IntegrityError; TypeError for a sliced query
 * Yields.   Django: QuerySet.update()
 */
#define nu_update(q, ...) nu_update_((q), NU_DBVARS(__VA_ARGS__))
int64_t nu_update_(nu_query *query, const nu_var *values);

/**
 * Delete all rows of the query and what their relations' on_delete says.
 *
 * @return  rows deleted, of all models
 * @raises  ProtectedError, RestrictedError; TypeError for a sliced query and for values()
 * Yields.   Django: QuerySet.delete()
 */
int64_t nu_delete_all(nu_query *query);

typedef struct nu_bulk {
    NU_NAMED_ONLY;
    int batch_size; /* 0: as many rows a statement as the database takes */
    bool ignore_conflicts;
    /* on conflict of the unique fields, update the others; that is meant too where only the fields
       are given */
    bool update_conflicts;
    const char *update_fields[8], *unique_fields[8];
    const char *using;
} nu_bulk;
/**
 * Insert an array of structs in few statements. They may be plain (`(Reading){ .at = now }`):
 * members that are null take the field's default. Keys are set where the database returns them. No
 * signals.
 *
 * @raises  IntegrityError
 * Yields.   Django: QuerySet.bulk_create()
 */
#define nu_bulk_create(T, items, n, ...)                                                           \
    nu_bulk_create_(&T##_model, (T *){ (items) }, (n), &(const nu_bulk){ __VA_ARGS__ })
void nu_bulk_create_(const nu_model *model, void *items, size_t n, const nu_bulk *options);

/* ---- related rows ------------------------------------------------------------------------- */

/** The rows on the other side of a relation, by its accessor: nu_related(post, "comments"). Raises
 * AttributeError; ValueError for an instance without a key. Django: post.comments.all() */
#define nu_related(p, name) nu_related_(&(p)->object, (name))
/** The rows of a many-to-many member: nu_many_of(post, tags). */
#define nu_many_of(p, m) NU__WITH_MANY(p, m, nu_many_(nu__at, nu__offset))
nu_query *nu_related_(const nu_object *object, const char *name);
nu_query *nu_many_(const nu_object *object, size_t offset);

/**
 * Add or remove related rows (instances or keys), or make them exactly those of a query. Rows that
 * are there already are not added again. Sends m2m_changed.
 *
 * @raises  ValueError for an instance that has no key; TypeError for one of another model
 * Yields.   Django: post.tags.add(), remove(), set(), clear()
 */
#define nu_many_add(p, m, ...)                                                                     \
    NU__WITH_MANY(p, m, nu_many_add_(nu__at, nu__offset, NU_ARGS(__VA_ARGS__)))
#define nu_many_remove(p, m, ...)                                                                  \
    NU__WITH_MANY(p, m, nu_many_remove_(nu__at, nu__offset, NU_ARGS(__VA_ARGS__)))
#define nu_many_set(p, m, q) NU__WITH_MANY(p, m, nu_many_set_(nu__at, nu__offset, (q)))
#define nu_many_clear(p, m)  NU__WITH_MANY(p, m, nu_many_clear_(nu__at, nu__offset))
void nu_many_add_(nu_object *object, size_t offset, nu_values items);
void nu_many_remove_(nu_object *object, size_t offset, nu_values items);
void nu_many_set_(nu_object *object, size_t offset, nu_query *query);
void nu_many_clear_(nu_object *object, size_t offset);
#define NU__WITH_MANY(p, m, call)                                                                  \
    ({                                                                                             \
        __auto_type nu__p = (p);                                                                   \
        nu_object *nu__at = (nu_object *)&nu__p->object;                                           \
        size_t nu__offset = NU__MANY(nu__p, m);                                                    \
        call;                                                                                      \
    })
#define NU__MANY(p, m)                                                                             \
    offsetof(__typeof__(*(p)), m) +                                                                \
        NU_REQUIRE(NU_IS(__typeof__(*(p)), m, nu_many), #m " is no ManyToManyField")

/* ---- rows into structs of the caller's ------------------------------------------------------ */

/* A member's name is the column's or alias's, "author__username" too. */
typedef struct nu_column {
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
             : NU_KIND_DATETIME, nu_time                                                           \
             : NU_KIND_TIME, nu_timedelta                                                          \
             : NU_KIND_TIMEDELTA, nu_decimal                                                       \
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

/**
 * The rows of values(), annotations or raw SQL as an array in the arena:
 * `nu_rows(Bucket, hourly, &n, hour, mean, low)`.
 *
 * @raises  FieldError when the query gives no such column; TypeError when a cell does not fit its
 *          member (NULL in a plain number too)
 * Yields.
 */
#define nu_rows(R, q, n, ...) ((R *)nu_rows_((q), sizeof(R), NU_COLUMNS(R, __VA_ARGS__), (n)))
void *nu_rows_(nu_query *query, size_t size, const nu_column *columns, size_t *n);
/** The same, row by row: nu_each_row (Stat, row, query, author__username, posts) { … }. The row is
 * valid until the next one. */
#define nu_each_row(R, var, q, ...)                                                                \
    for (R * NU_CLEANUP(nu__each_row_close)                                                        \
                 nu__rows = nu__rows_open((q), sizeof(R), NU_COLUMNS(R, __VA_ARGS__)),             \
                 *var;                                                                             \
         (var = nu__each_row_next(nu__rows)) != NULL;)
void *nu__rows_open(nu_query *query, size_t size, const nu_column *columns);
void *nu__each_row_next(void *rows);
void nu__each_row_close(void *rows);

/** One column as an array: nu_flat(nu_str, nu_objects(Tag), "slug", &n). Yields. Django:
 * values_list(field, flat=True) */
#define nu_flat(ctype, q, field, n) ((ctype *)nu_flat_((q), (field), NU_KIND_OF(*(ctype *)0), (n)))
void *nu_flat_(nu_query *query, const char *field, nu_kind kind, size_t *n);

/**
 * Aggregates over the whole query into members of a struct:
 * nu_aggregate(q, &totals, (posts, Count("id")), (newest, Max("published_at"))).
 *
 * @raises  TypeError for an expression without an aggregate, and for a null in a plain number
 * Yields.   Django: QuerySet.aggregate()
 */
#define nu_aggregate(q, out, ...)                                                                  \
    nu_aggregate_((q), (out),                                                                      \
                  (const nu_aggregate_item[]){                                                     \
                      NU_EACH1(NU__AGG, __typeof__(*(out)), __VA_ARGS__){ { 0 }, NULL } })
typedef struct nu_aggregate_item {
    nu_column column;
    nu_expr *expr;
} nu_aggregate_item;
#define NU__AGG(R, mx)       NU__AGG_1(R, NU_UNPAREN mx)
#define NU__AGG_1(...)       NU__AGG_2(__VA_ARGS__)
#define NU__AGG_2(R, m, ...) { { #m, offsetof(R, m), NU_KIND_OF(((R *)0)->m) }, (__VA_ARGS__) },
void nu_aggregate_(nu_query *query, void *out, const nu_aggregate_item *items);

/**
 * The same columns bind JSON from outside to a struct, or an array of it under a key. A value is
 * converted as a field of the member's type does it: "3" is 3, "2024-05-17" a date.
 *
 * @raises  ValidationError: for each member that is missing or can't be converted, what is wrong
 * Yields: never.
 */
#define nu_json_rows(R, v, key, n, ...)                                                            \
    ((R *)nu_json_rows_(V(v), (key), sizeof(R), NU_COLUMNS(R, __VA_ARGS__), (n)))
#define nu_json_bind(v, out, ...)                                                                  \
    nu_json_bind_(V(v), (out), NU_COLUMNS(__typeof__(*(out)), __VA_ARGS__))
void *nu_json_rows_(nu_value value, const char *key, size_t size, const nu_column *columns,
                    size_t *n);
void nu_json_bind_(nu_value value, void *out, const nu_column *columns);

/* ---- raw SQL: the text is a literal, with %s for each value ---------------------------------- */

/** Objects of T from SQL that gives its key and any of its columns; others become annotations. */
#define nu_raw(T, sql, ...) nu_raw_(&T##_model, "" sql, NU_ARGS(__VA_ARGS__))
/** Rows for nu_rows() and nu_each_row(), or dicts. */
#define nu_sql(sql, ...) nu_sql_("" sql, NU_ARGS(__VA_ARGS__))
/** Run a statement; the number of rows it changed. Yields. */
#define nu_execute(sql, ...) nu_execute_("" sql, NU_ARGS(__VA_ARGS__))
nu_query *nu_raw_(const nu_model *model, const char *sql, nu_values args);
/** The same where columns have other names: NU_DICT(("surname", "last_name")) reads the column
 * `surname` as the field `last_name`. Django: raw(translations=) */
nu_query *nu_raw_translated_(const nu_model *model, const char *sql, nu_values args,
                             const nu_dict *translations);
nu_query *nu_sql_(const char *sql, nu_values args);
int64_t nu_execute_(const char *sql, nu_values args);
