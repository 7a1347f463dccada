/**
 * @file
 * Lookups ("exact", "icontains", "in") and transforms ("year", "date", keys of JSON).
 *
 * Which of them a type has is a matter of families: each row says for which families of types it
 * is, and the first row of a name that fits is taken. Django: register_lookup()
 */
#pragma once
#include "db/sql/compiler.h"

typedef enum nu__family {
    NU__FAMILY_TEXT = 1 << 0,
    NU__FAMILY_INTEGER = 1 << 1,
    NU__FAMILY_NUMBER = 1 << 2, /* float, decimal */
    NU__FAMILY_BOOLEAN = 1 << 3,
    NU__FAMILY_DATE = 1 << 4,
    NU__FAMILY_DATETIME = 1 << 5,
    NU__FAMILY_TIME = 1 << 6,
    NU__FAMILY_UUID = 1 << 7,
    NU__FAMILY_JSON = 1 << 8,
    NU__FAMILY_OTHER = 1 << 9,     /* durations, bytes, addresses */
    NU__FAMILY_RELATION = 1 << 10, /* a foreign key as such */
    NU__FAMILY_KEY = 1 << 11,      /* a key inside JSON */
    NU__FAMILY_PART = 1 << 12,     /* a transform's year */
    NU__FAMILY_KEY_TEXT = 1 << 13, /* a key inside JSON as text: KT() */
    NU__FAMILY_SEARCH = 1 << 14,   /* vectors of full text search */
    NU__FAMILY_ARRAY = 1 << 15,
    NU__FAMILY_RANGE = 1 << 16,
    NU__FAMILY_HSTORE = 1 << 17,
    NU__FAMILY_ANY = ((1 << 10) - 1) | NU__FAMILY_ARRAY | NU__FAMILY_RANGE | NU__FAMILY_HSTORE,
} nu__family;

/* How the right side is made ready. */
typedef enum nu__side {
    NU__SIDE_VALUE, /* as the field's type */
    NU__SIDE_LIST,  /* each item as the field's type */
    NU__SIDE_RAW,   /* as it is given */
} nu__side;

struct nu__lookup {
    const char *name;
    uint32_t families;
    nu__side side;
    bool takes_null;          /* else null is "isnull" or an error */
    bool rounds_up;           /* a float against an integer: gte 3.5 is gte 4 */
    bool before, after;       /* wildcards of a LIKE pattern */
    nu__sql_result too_small; /* a number that the column can't hold */
    nu__sql_result too_large;
    nu__sql_result (*sql)(const nu_expr *lookup, nu__compiler *out);
    /* The parameter that a plain value becomes; where there is one, no SQL depends on the value but
       by its kind and nu__lookup_range(). NULL: SQL may. */
    nu_value (*param)(const nu_expr *lookup, const nu__backend *backend);
};

uint32_t nu__family_of(const nu_expr *lhs);
const nu__lookup *nu__lookup_find(uint32_t family, nu_str name);
/* The names of all lookups of a family, for suggestions. */
nu_list *nu__lookup_names(uint32_t family);

/* lhs__name: a transform of the expression. FieldError, with what was perhaps meant. `all` and `at`
   place the name in the whole lookup for the message. */
const nu_expr *nu__transform_of(const nu_expr *lhs, nu_str name, const nu__names *all, uint32_t at);
/* A value under the same function as the left side, where that is to be on both sides (unaccent);
   NULL where it is not. */
const nu_expr *nu__bilateral_side(const nu_expr *lhs, nu_value value);
bool nu__has_transform(const nu__field *type, nu_str name);
/* Those of the expression's type. */
nu_list *nu__transform_names(const nu_expr *lhs);
/* A key inside JSON: a column's, or a key's. */
const nu_expr *nu__json_key_of(const nu_expr *lhs, nu_str name);

const nu_expr *nu__is_null(const nu_expr *lhs, bool truth);
bool nu__is_isnull(const nu_expr *lookup);
/* A condition's right side resolved; NULL when it is a plain value. */
const nu_expr *nu__side_of(const nu_expr *condition, const nu__resolver *with);

/* ---- for SQL of lookups ------------------------------------------------------------------- */

nu__sql_result nu__lookup_lhs(const nu_expr *lookup, nu__compiler *out);
/* The right side as a piece; a value as a parameter of the left side's type. */
nu__sql_result nu__lookup_rhs(const nu_expr *lookup, nu__compiler *out, nu__fragment *piece);
void nu__bind(nu__compiler *out, const nu__field *type, nu_value value);
/* What a column is given, of a value of its field's kind. ValidationError for a decimal that is no
   number; ValueError for a counted key of 0 where the database counts on 0.
   Django: get_db_prep_save() */
nu_value nu__saved_param(const nu__field *type, nu_value value, const nu__backend *backend);
/* The same of whole rows. */
void nu__saved_rows(const nu__field *const *fields, size_t n_fields, const nu_value *values,
                    size_t n_rows, const nu__backend *backend, nu_value *out);
nu__fragment nu__param_piece(nu_value value);
/* "LIKE %s ESCAPE '\\'" of the backend. NotSupportedError when it has none. */
const nu__operator *nu__operator_of(const nu__compiler *out, const char *lookup);
const nu__operator *nu__operator_on(const nu__backend *backend, const char *lookup);

/* A value as the lookup compares the left side with it; raises as nu__prepare() does. */
nu_value nu__lookup_value(const nu__lookup *lookup, const nu_expr *lhs, nu_value value);
/* A number that the column can't hold decides without asking the database. */
nu__sql_result nu__lookup_range(const nu_expr *lookup);
/* The lookup's plain value as a parameter: what its row's `param` makes of it. */
nu__fragment nu__lookup_param(const nu_expr *lookup, const nu__compiler *out);
nu_value nu__bound_param(const nu_expr *lookup, const nu__backend *backend);
nu_value nu__pattern_param(const nu_expr *lookup, const nu__backend *backend);

nu__sql_result nu__key_exact_sql(const nu_expr *lookup, nu__compiler *out);
nu__sql_result nu__key_in_sql(const nu_expr *lookup, nu__compiler *out);
nu__sql_result nu__key_null_sql(const nu_expr *lookup, nu__compiler *out);
nu__sql_result nu__key_order_sql(const nu_expr *lookup, nu__compiler *out);
nu__sql_result nu__has_key_sql(const nu_expr *lookup, nu__compiler *out);
nu__sql_result nu__json_unsupported_sql(const nu_expr *lookup, nu__compiler *out);
