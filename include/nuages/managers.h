/**
 * @file
 * Managers: writing through a query or a relation, with the names of fields known only at run time,
 * and the writes of many rows at once. Django: Manager, QuerySet, RelatedManager.
 *
 * Where the names are known when the code is written, nu_create(), nu_get_or_create() and
 * nu_many_add() check them and their types at compile time. Here a field is a name and its value
 * anything that V() takes: text for a date, an expression, an instance for a foreign key.
 *
 *     nu_create_in(Course, nu_objects(Course), ("title", title), ("department", department));
 *     nu_related_create(Course, department, "courses", ("title", title), ("credits", 3));
 *     nu_bulk_update(Course, courses, n, "credits", "fee");
 */
#pragma once
#include <nuages/queries.h>

/* ---- instances by name -------------------------------------------------------------------- */

/**
 * Set a member, relation or further attribute by its name. What the member's C type can't hold is
 * kept beside it until it is saved: an expression (`nu_add(F("credits"), 1)`, which saving writes
 * and nu_refresh() replaces by its outcome), text for a date, null for a plain number.
 * nu_field_get() gives it back as it was set; where it can be converted, the member is set too.
 *
 * @param value  borrowed: text must live as long as the instance
 * @raises       ValueError for an instance of another model; TypeError for a set of related rows
 *               (use nu_related_set()); AttributeError for a property
 * Yields: never.   Django: setattr(instance, name, value)
 */
#define nu_field_set(p, name, value) nu_field_set_(&(p)->object, (name), NU_DBV(value))
void nu_field_set_(nu_object *object, const char *name, nu_value value);

/**
 * Make an instance that is not saved, of any model. `values` ends with a null key.
 *
 * @raises  TypeError for a name that is none of the model's
 * Yields: never.   Django: Model(**values)
 */
nu_object *nu_new_by_name(const nu_model *model, const nu_var *values);

/**
 * The rows that refer to `p` by the foreign key that their .order_with_respect_to names, in their
 * order; `accessor` is the way back: nu_order_of(question, "answer_set"). A new row goes behind the
 * last.
 * Yields: when it is read.   Django: question.get_answer_order()
 */
#define nu_order_of(p, accessor) nu_order_of_(&(p)->object, (accessor))
nu_query *nu_order_of_(const nu_object *parent, const char *accessor);
/** Put them into the order of these keys. Yields. Django: question.set_answer_order(keys) */
#define nu_set_order(p, accessor, keys) nu_set_order_(&(p)->object, (accessor), (keys))
void nu_set_order_(const nu_object *parent, const char *accessor, const nu_list *keys);
/** The row behind this one, or before it, of the same parent; NULL when there is none. TypeError
 * for a model without .order_with_respect_to. Yields. Django: get_next_in_order() */
#define nu_next_in_order(p)     ((__typeof__(p))nu_in_order_(&(p)->object, 1))
#define nu_previous_in_order(p) ((__typeof__(p))nu_in_order_(&(p)->object, -1))
nu_object *nu_in_order_(const nu_object *object, int step);

/** A copy that is another instance of the same row: set its key to null and save it for a new one.
 * Yields: never. Django: copy.copy(instance) */
#define nu_copy_of(p) ((__typeof__(p))nu_copy_of_(&(p)->object))
nu_object *nu_copy_of_(const nu_object *object);

/** The names of the columns that were not read, by nu_only(), nu_defer_fields() or raw SQL, as a
 * list of texts. Yields: never. Django: instance.get_deferred_fields() */
#define nu_deferred_fields(p) nu_deferred_fields_(&(p)->object)
nu_list *nu_deferred_fields_(const nu_object *object);

/** Whether saving will make a new row; and to say so by hand, for a copy under another key. Yields:
 * never. Django: instance._state.adding */
#define nu_is_adding(p)          nu_is_adding_(&(p)->object)
#define nu_set_adding(p, adding) nu_set_adding_(&(p)->object, (adding))
bool nu_is_adding_(const nu_object *object);
void nu_set_adding_(nu_object *object, bool adding);

/* force_insert: INSERT, whatever the key. force_update: UPDATE, or DatabaseError. update_fields:
   only these; an empty list: nothing is done. using: the database to save to. */
typedef struct nu_saving {
    NU_NAMED_ONLY;
    bool force_insert, force_update;
    const char *const *update_fields;
    const char *using;
} nu_saving;
/**
 * nu_save() with Django's arguments: nu_save_with(p, .force_insert = true).
 *
 * @raises  ValueError for both force_insert and force_update (or update_fields), for a name that is
 *          no field with a column, and without a key to update; DatabaseError when an update that
 *          was asked for met no row; IntegrityError
 * Yields.   Django: Model.save()
 */
#define nu_save_with(p, ...) nu_save_with_(&(p)->object, &(const nu_saving){ __VA_ARGS__ })
void nu_save_with_(nu_object *object, const nu_saving *options);

/* fields: only these are read, relations that were prefetched are forgotten; NULL: all that were
   loaded. from_queryset: a query to read it from, such as one with select_related(). */
typedef struct nu_refreshing {
    NU_NAMED_ONLY;
    const char *const *fields;
    nu_query *from_queryset;
    const char *using;
} nu_refreshing;
/** nu_refresh() with Django's arguments. Raises DoesNotExist; ValueError for a name with "__".
 * Yields. Django: Model.refresh_from_db() */
#define nu_refresh_with(p, ...)                                                                    \
    nu_refresh_with_(&(p)->object, &(const nu_refreshing){ __VA_ARGS__ })
void nu_refresh_with_(nu_object *object, const nu_refreshing *options);

/**
 * The row after (or before) this one by a date field, then by key, among those that meet the
 * conditions: nu_next_by(Enrollment, e, "enrolled_on", Q("course", course)).
 *
 * @raises  DoesNotExist; ValueError for an instance without a key; AttributeError when the field is
 *          no date, or may be null
 * Yields.   Django: get_next_by_FOO(), get_previous_by_FOO()
 */
#define nu_next_by(p, field, ...)                                                                  \
    ((__typeof__(p))nu_neighbour_by_(&(p)->object, (field), true, NU_CONDS(__VA_ARGS__)))
#define nu_previous_by(p, field, ...)                                                              \
    ((__typeof__(p))nu_neighbour_by_(&(p)->object, (field), false, NU_CONDS(__VA_ARGS__)))
void *nu_neighbour_by_(const nu_object *object, const char *field, bool next,
                       const nu_cond *conditions);

/* ---- deleting, counted -------------------------------------------------------------------- */

/* What was deleted: rows of all models, and of each by its label ("registry.Enrollment": 3). */
typedef struct nu_deleted {
    int64_t total;
    nu_dict *by_model;
} nu_deleted;
/** nu_delete() and nu_delete_all() with what they deleted. ProtectedError and RestrictedError have
 * the rows that are in the way in `detail`, "objects". Yields. */
#define nu_delete_counted(p) nu_delete_with(p, .using = NULL)
/* keep_parents: of a model that has its base's rows in another table, delete the row of its own
   table alone; what refers to the base's row stays. using: the database to delete from. */
typedef struct nu_deleting {
    NU_NAMED_ONLY;
    bool keep_parents;
    const char *using;
} nu_deleting;
/** nu_delete_counted() with Django's arguments: nu_delete_with(p, .keep_parents = true). Yields.
 * Django: Model.delete() */
#define nu_delete_with(p, ...) nu_delete_with_(&(p)->object, &(const nu_deleting){ __VA_ARGS__ })
nu_deleted nu_delete_with_(nu_object *object, const nu_deleting *options);
nu_deleted nu_delete_all_counted(nu_query *query);

/* ---- through a query ---------------------------------------------------------------------- */

/**
 * Create a row in the query's database. Raises TypeError, IntegrityError. Yields.
 * Django: QuerySet.create()
 */
#define nu_create_in(T, q, ...) ((T *)nu_create_in_(nu__over(q, T), NU_DBVARS(__VA_ARGS__)))
nu_object *nu_create_in_(nu_query *query, const nu_var *values);

/**
 * The row of the query that meets `lookup`, or a new one made of its names (but those with a "__")
 * and `defaults`: nu_get_or_create_in(Tag, tags, &made, (("slug__iexact", s)), ("slug", s)).
 * A default may be a callable.
 *
 * nu_update_or_create_in() sets `defaults` on the row that it found, and creates with them too;
 * its function takes others for creating.
 *
 * @raises  FieldError for defaults that are no fields; MultipleObjectsReturned; IntegrityError
 * Yields.   Django: QuerySet.get_or_create(), update_or_create()
 */
#define nu_get_or_create_in(T, q, created, lookup, ...)                                            \
    ((T *)nu_get_or_create_in_(nu__over(q, T), NU_DBVARS lookup, NU_DBVARS(__VA_ARGS__), (created)))
#define nu_update_or_create_in(T, q, created, lookup, ...)                                         \
    ((T *)nu_update_or_create_in_(nu__over(q, T), NU_DBVARS lookup, NU_DBVARS(__VA_ARGS__), NULL,  \
                                  (created)))
nu_object *nu_get_or_create_in_(nu_query *query, const nu_var *lookup, const nu_var *defaults,
                                bool *created);
nu_object *nu_update_or_create_in_(nu_query *query, const nu_var *lookup, const nu_var *defaults,
                                   const nu_var *create_defaults, bool *created);

/** nu_bulk_create() of instances of any model. Yields. Django: QuerySet.bulk_create() */
void nu_bulk_create_in_(nu_query *query, nu_object *const *objects, size_t n,
                        const nu_bulk *options);

/**
 * Write these fields of many instances, each with its own values, in few statements; a field may
 * hold an expression. No signals.
 *
 * @param objects  Course **
 * @return         rows matched
 * @raises         ValueError for no fields, keys among them, an instance without a key;
 *                 FieldDoesNotExist
 * Yields.   Django: QuerySet.bulk_update()
 */
#define nu_bulk_update(T, objects, n, ...)                                                         \
    nu_bulk_update_(nu_objects(T), nu__objects_of((T *const *){ (objects) }), (n),                 \
                    NU_NAMES(__VA_ARGS__), 0)
int64_t nu_bulk_update_(nu_query *query, nu_object *const *objects, size_t n,
                        const char *const *fields, int batch_size);
static inline nu_object *const *nu__objects_of(const void *instances)
{
    return (nu_object *const *)instances;
}

/* The query, which must be over T: TypeError. */
#define nu__over(q, T) nu__query_over((q), &T##_model)
nu_query *nu__query_over(nu_query *query, const nu_model *model);

/* ---- related rows by the name of the relation ---------------------------------------------- */

/* through_defaults: members of the rows between, in a many-to-many; ends with a null key.
   one_by_one: save each instance (with its signals), rather than all in one UPDATE.
   clear: for nu_related_set(), remove all before adding, rather than what is too much. */
typedef struct nu_relating {
    NU_NAMED_ONLY;
    const nu_var *through_defaults;
    bool one_by_one, clear;
} nu_relating;

/**
 * Add rows to the other side of a relation, take some or all away, or make them exactly `items`:
 * nu_related_add(department, "courses", course), nu_related_set(post, "tags", tags).
 *
 * Of a many-to-many, from either side, items may be instances or keys; rows that are there are not
 * added again; sends m2m_changed. Of another model's foreign key, items are instances, whose keys
 * are set; removing and clearing needs a foreign key that may be null.
 *
 * @param items  the functions that end with "_" take the options; nu_related_set() takes a list, a
 *               query, or NULL for none
 * @raises       ValueError for an instance without a key; TypeError for one of another model;
 *               AttributeError for a name that is no related set, or can't be removed from;
 *               DoesNotExist for removing what is not there
 * Yields.   Django: post.tags.add(), remove(), clear(), set()
 */
#define nu_related_add(p, name, ...)                                                               \
    nu_related_add_(&(p)->object, (name), NU_ARGS(__VA_ARGS__), NULL)
#define nu_related_remove(p, name, ...)                                                            \
    nu_related_remove_(&(p)->object, (name), NU_ARGS(__VA_ARGS__), NULL)
#define nu_related_clear(p, name)      nu_related_clear_(&(p)->object, (name), NULL)
#define nu_related_set(p, name, items) nu_related_set_(&(p)->object, (name), V(items), NULL)
void nu_related_add_(nu_object *object, const char *name, nu_values items,
                     const nu_relating *options);
void nu_related_remove_(nu_object *object, const char *name, nu_values items,
                        const nu_relating *options);
void nu_related_clear_(nu_object *object, const char *name, const nu_relating *options);
void nu_related_set_(nu_object *object, const char *name, nu_value items,
                     const nu_relating *options);

/**
 * Create a row on the other side of a relation, or get the one that is there.
 * nu_related_create(Course, department, "courses", ("title", title)). Raises and yields as
 * nu_create_in() and nu_related_add(). Django: department.courses.create(), get_or_create()
 */
#define nu_related_create(T, p, name, ...)                                                         \
    ((T *)nu_related_create_(&(p)->object, (name), NU_DBVARS(__VA_ARGS__), NULL))
#define nu_related_get_or_create(T, p, name, created, lookup, ...)                                 \
    ((T *)nu_related_get_or_create_(&(p)->object, (name), NU_DBVARS lookup,                        \
                                    NU_DBVARS(__VA_ARGS__), NULL, (created)))
#define nu_related_update_or_create(T, p, name, created, lookup, ...)                              \
    ((T *)nu_related_update_or_create_(&(p)->object, (name), NU_DBVARS lookup,                     \
                                       NU_DBVARS(__VA_ARGS__), NULL, NULL, (created)))
nu_object *nu_related_create_(nu_object *object, const char *name, const nu_var *values,
                              const nu_relating *options);
nu_object *nu_related_get_or_create_(nu_object *object, const char *name, const nu_var *lookup,
                                     const nu_var *defaults, const nu_relating *options,
                                     bool *created);
nu_object *nu_related_update_or_create_(nu_object *object, const char *name, const nu_var *lookup,
                                        const nu_var *defaults, const nu_var *create_defaults,
                                        const nu_relating *options, bool *created);

/* ---- relations without N+1 ----------------------------------------------------------------- */

/* What happens when a relation or a deferred field of an instance is asked for that was not read.
   FETCH_PEERS, the default: it is read for all instances of the same result at once.
   FETCH_ONE: for this instance alone, Django's old way.
   FETCH_RAISE: FieldFetchBlocked. */
typedef enum nu_fetch { FETCH_PEERS, FETCH_ONE, FETCH_RAISE } nu_fetch;
/**
 * A query whose instances, and those that their relations lead to, are fetched from in this mode.
 * What select_related(), prefetch_related() and related sets read is asked for, so never blocked.
 * Yields: never.   Django: QuerySet.fetch_mode()
 */
nu_query *nu_fetch_mode(nu_query *query, nu_fetch mode);

/**
 * Load relations into instances that were read already: nu_prefetch_objects(Course, courses, n,
 * With("tags")). Raises as nu_prefetch_related(). Yields. Django: prefetch_related_objects()
 */
#define nu_prefetch_objects(T, objects, n, ...)                                                    \
    nu_prefetch_objects_(nu__objects_of((T *const *){ (objects) }), (n),                           \
                         (const nu_prefetch[]){ __VA_ARGS__, { 0 } })
void nu_prefetch_objects_(nu_object *const *objects, size_t n, const nu_prefetch *prefetches);
