/**
 * @file
 * The query tree: what a query set means before it is SQL. Django: sql.query.Query
 *
 *   nu__tree
 *     joins[]        tables in order of FROM; a column names its table by number, so that renaming
 *                    an alias touches no expression
 *     where          one WHERE node
 *     annotations[]  name -> expression
 *     select[]       columns of values(), by default those of the model
 *
 * A tree is changed only by the call that makes it: nu__tree_clone(), then the operation.
 */
#pragma once
#include "db/sql/expression.h"

typedef enum nu__join_type { NU__BASE, NU__INNER, NU__LOUTER } nu__join_type;

typedef struct nu__names {
    nu_str *items;
    uint32_t n;
} nu__names;
/* "a__b__c" -> a, b, c. */
nu__names nu__names_split(nu_str text);
nu_str nu__names_join(const nu__names *names, uint32_t from, uint32_t to);

/* A FilteredRelation: `alias` is a name for the relation where it meets the condition. */
typedef struct nu__filtered {
    nu_str alias;
    nu__names relation;
    const nu_expr *condition; /* a Q whose lookups begin with the alias */
} nu__filtered;

/* A table in FROM. */
typedef struct nu__join {
    nu__model_info *model;
    nu_str alias;
    nu__join_type type;
    bool nullable; /* may find no row */
    bool direct;   /* from the foreign key's side */
    int16_t parent;
    const nu__field *key; /* the foreign key that the join follows, from either side */
    int32_t refs;         /* 0: stays out of FROM */
    int16_t behind;       /* 0, or the last join that its condition made, which FROM names first */
    const nu__filtered *filtered;
    const nu_expr *condition; /* of `filtered`, in the ON clause */
} nu__join;

/* One step of a lookup's path. Django: PathInfo */
typedef struct nu__step {
    nu__model_info *from, *to;
    const nu__field *key; /* the foreign key, from either side */
    bool direct;          /* `from` has the key */
    bool many;            /* may find several rows */
    const nu__filtered *filtered;
} nu__step;

typedef struct nu__path {
    nu__step *steps;
    uint32_t n_steps, cap_steps;
    const nu__field *final;  /* the last field named; for a relation its key */
    const nu__field *target; /* the column that holds the value */
    nu__model_info *model;   /* where the path ends */
    uint32_t n_names;        /* names used up */
    uint32_t *steps_of;      /* by name: how many steps it made; NULL: the path has none */
    bool multi;              /* stopped at a many-valued relation, as was asked */
    bool relation;           /* the last name is a relation */
} nu__path;

/* A path with its joins made. */
typedef struct nu__joined {
    nu__path path;
    int16_t *joins; /* the start, then one a step */
    uint32_t n_joins;
    nu__names names; /* all; those from path.n_names on are transforms or a lookup */
} nu__joined;

typedef struct nu__annotation {
    nu_str name;
    const nu_expr *expr;
    bool selected; /* false: alias(), or masked by values() */
} nu__annotation;

typedef struct nu__selected { /* what values() named, in its order */
    nu_str name;
    int32_t column; /* of select[]; -1: the annotation of that name */
} nu__selected;

typedef struct nu__related { /* select_related as a tree */
    nu_str name;
    struct nu__related *children, *next;
} nu__related;

typedef enum nu__group_by { NU__GROUP_NONE, NU__GROUP_ALL, NU__GROUP_BY } nu__group_by;

typedef struct nu__order { /* as given: a name with "-", or an expression */
    nu_str name;
    const nu_expr *expr;
} nu__order;

typedef enum nu__combinator { NU__UNION, NU__INTERSECTION, NU__DIFFERENCE } nu__combinator;
const char *nu__combinator_name(nu__combinator combinator); /* "union" */

struct nu__tree {
    nu__model_info *model;
    nu__join *joins;
    uint32_t n_joins, cap_joins;
    nu__joins used; /* joins that the next filter() may use again, where `sticky` says so */
    bool sticky;    /* for one more call */
    bool keep_used; /* filter() is to leave them so */
    nu_expr *where;
    nu__annotation *annotations;
    uint32_t n_annotations, cap_annotations;
    const nu__filtered **filtered;
    uint32_t n_filtered;
    const nu_expr **select;
    uint32_t n_select;
    nu_str *select_names; /* of values(), beside select[] */
    nu__selected *selected;
    uint32_t n_selected;
    bool has_selected, default_cols;
    nu__group_by group_by;
    nu__exprs group_exprs;
    nu__order *order_by;
    uint32_t n_order;
    bool default_ordering, reversed, distinct;
    int64_t low, high;    /* high -1: no end */
    nu__related *related; /* select_related; NULL: none */
    nu_str *deferred;
    uint32_t n_deferred;
    bool only;           /* `deferred` lists the fields to load */
    nu__tree **combined; /* of a union, intersection or difference */
    uint32_t n_combined;
    nu__combinator combinator;
    bool union_all;
    nu_str *distinct_on; /* the names that distinct() was given */
    uint32_t n_distinct_on;
    const nu_list *extra_tables; /* of extra(); NULL: none */
    const nu_lock *lock;         /* select_for_update(); NULL: none */
    bool subquery;
    bool no_aliases; /* columns without their table: constraints */
    bool matches_nothing;
    bool no_table;          /* SELECT of literals, without FROM */
    uint8_t prefix;         /* of aliases, by number: T, in subqueries U, …, Z, AA, AB, … */
    uint64_t prefixes;      /* those that subqueries in here have, one bit each */
    nu__joins lookup_joins; /* those of the last lookup, for split_exclude */
    const nu__tree *inner;  /* aggregates over a subquery: FROM (inner) subquery */
    nu__annotation extra;   /* a column before all others, in parentheses; prefetching reads it */
};

nu__tree *nu__tree_new(nu__model_info *model);
/* Does it mean all rows of its model, as a new one does? May say no of one that does. */
bool nu__tree_is_whole(const nu__tree *tree);
/* Are its columns all of its model's, as values() without names takes them? The same. */
bool nu__tree_selects_whole(const nu__tree *tree);
/* How deep its conditions, columns and parts are nested. */
uint32_t nu__tree_depth(const nu__tree *tree);
nu__tree *nu__tree_clone(const nu__tree *tree);
/* A copy of `n` items with room for `cap`. */
#define NU__COPY_ITEMS(T, items, n, cap)                                                           \
    ({                                                                                             \
        T *nu__copy = (cap) ? nu_alloc_array(T, (cap)) : NULL;                                     \
        if (n)                                                                                     \
            memcpy(nu__copy, (items), (n) * sizeof(T));                                            \
        nu__copy;                                                                                  \
    })

/* ---- joins -------------------------------------------------------------------------------- */

/* The query's first table, made when there is none yet; counts as a use. */
int nu__tree_base(nu__tree *tree);
/* Find or make the join of a step. `reuse`: see nu__resolver. */
int nu__tree_join(nu__tree *tree, int parent, const nu__step *step, const nu__joins *reuse);
void nu__tree_promote(nu__tree *tree, nu__joins joins);
void nu__tree_demote(nu__tree *tree, nu__joins joins);
/* Give the subquery aliases that do not clash with the outer query's. */
void nu__tree_bump_prefix(nu__tree *inner, nu__tree *outer);

/* Names to steps. With `allow_many` false, stops at a many-valued relation and sets .multi. Names
   that are no field are left over. FieldError, listing the choices, when the first is none. */
void nu__tree_path(const nu__tree *tree, const nu__names *names, nu__model_info *model,
                   bool allow_many, nu__path *out);
/* The column of a field in the model's own table, without a path; NULL: the field is a relation, or
   lies in a parent's table. */
const nu__field *nu__own_target(const nu__field *field, const nu__model_info *model);
/* The same by the field's name, or "pk"; NULL also when there is no such field. */
const nu__field *nu__own_column(const nu__model_info *model, nu_str name);
/* The FieldError for a path with names left over that are no transforms. */
NU_NORETURN void nu__tree_no_field(const nu__tree *tree, const nu__names *names,
                                   const nu__path *path);
/* The path and its joins from `start`. False: it stopped at a many-valued relation. */
bool nu__tree_join_path(nu__tree *tree, const nu__names *names, nu__model_info *model, int start,
                        const nu__joins *reuse, bool allow_many, nu__joined *out);
/* Leave out last joins that only lead to a key which the table before has too. */
const nu__field *nu__tree_trim(nu__tree *tree, nu__joined *joined);
/* FilteredRelation: by alias, NULL when there is none; adding one, with Django's ValueErrors. */
const nu__filtered *nu__tree_filtered(const nu__tree *tree, nu_str alias);
void nu__tree_add_filtered(nu__tree *tree, nu_str alias, const nu_expr *expr);
const nu_expr *nu__filtered_condition(nu__tree *tree, const nu__filtered *filtered, int join,
                                      const nu__joins *reuse);
/* What F(name) means. */
const nu_expr *nu__tree_resolve_name(nu__tree *tree, nu_str name, const nu__resolver *with);

/* ---- operations --------------------------------------------------------------------------- */

void nu__tree_filter(nu__tree *tree, const nu_expr *q);
/* The clause of a Q without adding it; the joins that it needs to be INNER go to `inner`. */
typedef struct nu__filtering {
    nu__joins *reuse;
    bool branch_negated, current_negated, allow_joins, split, check_filterable, summarize,
        update_join_types;
} nu__filtering;
nu_expr *nu__tree_add_q(nu__tree *tree, const nu_expr *q, nu__filtering how, nu__joins *inner);
nu_expr *nu__tree_clause(nu__tree *tree, const nu_expr *condition, nu__filtering how,
                         nu__joins *inner);
const nu_expr *nu__build_lookup(const nu__names *lookups, uint32_t from, const nu_expr *lhs,
                                const nu_expr *rhs, nu_value value);

void nu__tree_annotate(nu__tree *tree, nu_str name, const nu_expr *expr, bool select);
/* The same with an expression that is resolved already. */
void nu__tree_put_annotation(nu__tree *tree, nu_str name, const nu_expr *expr, bool select);
/* Name it in values(), behind what is there. */
void nu__tree_select_annotation(nu__tree *tree, nu_str name);
nu__annotation *nu__tree_annotation(const nu__tree *tree, nu_str name);
bool nu__tree_selects(const nu__tree *tree, nu_str name); /* an annotation that is selected */
void nu__tree_mask_annotations(nu__tree *tree, const nu_str *names, size_t n);
void nu__tree_set_values(nu__tree *tree, const nu_str *names, size_t n);
void nu__tree_add_fields(nu__tree *tree, const nu_str *names, size_t n);
void nu__tree_set_group_by(nu__tree *tree, bool allow_aliases);
/* By each column of the model, in place of GROUP_ALL. */
void nu__tree_group_by_all(nu__tree *tree);
void nu__tree_order(nu__tree *tree, const nu__order *items, size_t n);
void nu__tree_clear_ordering(nu__tree *tree, bool force);
void nu__tree_clear_select(nu__tree *tree);
void nu__tree_slice(nu__tree *tree, int64_t low, int64_t high); /* high -1: to the end */
bool nu__tree_sliced(const nu__tree *tree);
void nu__tree_select_related(nu__tree *tree, const nu__names *names);
/* All foreign keys that are never null, so many steps far. Django: select_related() without names
 */
#define NU__RELATED_DEPTH 5
void nu__tree_select_all_related(nu__tree *tree);
void nu__tree_set_empty(nu__tree *tree);
/* The rows that are in both (AND), either (OR) or one (XOR) of them. TypeError when they differ in
   model or DISTINCT, or one is sliced. */
void nu__tree_merge(nu__tree *tree, const nu__tree *other, nu__connector connector);
nu__tree *nu__tree_exists(const nu__tree *tree); /* SELECT 1 AS "a" … LIMIT 1 */
/* The tree as part of `outer`: aliases apart, references to the outer query resolved. */
nu__tree *nu__tree_embed(const nu__tree *tree, const nu__resolver *outer);
/* The type of the only column selected; NULL when there are several. */
const nu__field *nu__tree_output(const nu__tree *tree);

/* Raises ValueError when a name would be unsafe as a column's alias. */
void nu__check_alias(nu_str name);

/* Of a join over a generic relation: its rows are of the model's content type. Yields when that
   must be asked for. Django: GenericRelation.get_extra_restriction() */
const nu_expr *nu__generic_condition(const nu__relation *relation, int join);

/* ---- where nodes -------------------------------------------------------------------------- */

nu_expr *nu__where_new(nu__connector connector, bool negated);
/* Django's Node.add(): joins the two with the connector, squashing where it can. Changes `node`. */
void nu__where_add(nu_expr *node, const nu_expr *child, nu__connector connector);
nu_expr *nu__where_of(const nu_expr *child); /* AND with one child */
