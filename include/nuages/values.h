/**
 * @file
 * Scalars, nu_value and the containers that hold it.
 *
 * The all-zero bytes of every scalar are its null: an omitted member of a designated initializer is
 * NULL in the database, as None in Django.
 *
 * nu_value is the one tagged union that template contexts, query parameters, JSON, form data,
 * signals and task arguments speak. `V(x)` makes one from any C value. Values are copied by
 * assignment; what they point to (text, lists, dicts, objects) belongs to the fiber's arena, or to
 * whom the maker says.
 */
#pragma once
#include <nuages/base.h>

/* ---- scalars ------------------------------------------------------------------------------ */

typedef int64_t nu_id; /* 0: not saved */

/* A slice: `len` bytes of UTF-8 at `ptr`; {NULL, 0} is null, {"", 0} the empty string.
   NUL-terminated when it comes out of an arena or from S(), and not to be relied on otherwise. */
typedef struct {
    const char *ptr;
    size_t len;
} nu_str;

typedef struct {
    int32_t ordinal;
} nu_date; /* Python's date.toordinal(); 0 null */
typedef struct {
    int64_t us;
} nu_datetime; /* UTC microseconds since ordinal 0; 0 null */
typedef struct {
    int64_t us_plus_1;
} nu_time; /* microseconds since midnight, plus 1 */
typedef struct {
    int64_t us;
    bool set;
} nu_timedelta;
typedef struct {
    uint8_t bytes[16];
} nu_uuid; /* nil: null */
typedef struct {
    const uint8_t *ptr;
    size_t len;
} nu_bytes;

/* (hi * 2^64 + lo) * 10^exponent, at most 38 digits, hi signed. kind 0 null, 1 finite, 2 NaN;
   kind 3 is negative zero, which Python keeps apart. */
typedef struct {
    int64_t hi;
    uint64_t lo;
    int16_t exponent;
    uint8_t kind;
} nu_decimal;

typedef struct {
    int64_t value;
    bool set;
} nu_opt_int; /* a nullable IntegerField's member */
typedef struct {
    double value;
    bool set;
} nu_opt_float;
typedef struct {
    bool value;
    bool set;
} nu_opt_bool;
typedef struct {
    void *json;
} nu_json_value; /* JSONField: an arena nu_value, NULL null */
typedef struct {
    nu_str name;
} nu_file_ref; /* FileField: the name in the storage */
typedef struct {
    uint32_t unused_;
} nu_many; /* ManyToManyField: takes no column */

#define nu_some(x)                                                                                 \
    _Generic((x), bool                                                                             \
             : nu_some_bool, float                                                                 \
             : nu_some_float, double                                                               \
             : nu_some_float, default                                                              \
             : nu_some_int)(x)
nu_opt_int nu_some_int(int64_t value);
nu_opt_float nu_some_float(double value);
nu_opt_bool nu_some_bool(bool value);
#define nu_or_else(opt, fallback)                                                                  \
    ({                                                                                             \
        __auto_type nu__o = (opt);                                                                 \
        nu__o.set ? nu__o.value : (fallback);                                                      \
    })

#define nu_is_null(x)                                                                              \
    _Generic((x), nu_str                                                                           \
             : nu_null_str, nu_date                                                                \
             : nu_null_date, nu_datetime                                                           \
             : nu_null_datetime, nu_time                                                           \
             : nu_null_time, nu_timedelta                                                          \
             : nu_null_timedelta, nu_bytes                                                         \
             : nu_null_bytes, nu_json_value                                                        \
             : nu_null_json, nu_decimal                                                            \
             : nu_null_decimal, nu_uuid                                                            \
             : nu_null_uuid, nu_opt_int                                                            \
             : nu_null_int, nu_opt_float                                                           \
             : nu_null_float, nu_opt_bool                                                          \
             : nu_null_bool, nu_value                                                              \
             : nu_null_value)(x)

/* ---- objects that values point to --------------------------------------------------------- */

typedef struct nu_model nu_model;
typedef struct nu_query nu_query;
typedef struct nu_request nu_request;
typedef struct nu_response nu_response;
typedef struct nu_page nu_page;
typedef struct nu_list nu_list;
typedef struct nu_dict nu_dict;
typedef struct nu_expr nu_expr;
typedef struct nu_file nu_file;
typedef struct nu_form nu_form;

/* What a value's object can do for templates, JSON and messages; see src/core/object.h. */
typedef struct nu_object_ops nu_object_ops;
/* The first member of whatever an object's `type` points to (a model, a form, …). */
typedef struct nu_class {
    const nu_object_ops *ops;
    const char *name;
} nu_class;

/* The head of every object: model instances, forms, pages, requests, query sets. */
typedef struct nu_object {
    const void *type; /* begins with a nu_class; NULL while not made by Nuages */
    uint32_t state;   /* owner's own bits */
    void *extra;      /* model instances: the row record */
} nu_object;

typedef struct nu_range nu_range;

/* ---- values ------------------------------------------------------------------------------- */

typedef enum nu_kind {
    NU_KIND_NULL,
    NU_KIND_BOOL,
    NU_KIND_INT,
    NU_KIND_UINT,
    NU_KIND_FLOAT,
    NU_KIND_DECIMAL,
    NU_KIND_STR,
    NU_KIND_SAFE,
    NU_KIND_DATE,
    NU_KIND_DATETIME,
    NU_KIND_TIME,
    NU_KIND_TIMEDELTA,
    NU_KIND_UUID,
    NU_KIND_BYTES,
    NU_KIND_LIST,
    NU_KIND_DICT,
    NU_KIND_OBJECT,
    NU_KIND_QUERY,
    NU_KIND_EXPR,
    NU_KIND_FILE,
    NU_KIND_CALLABLE,
    /* only as the kind of a struct member, never of a value: V() turns these into one of the above
     */
    NU_KIND_OPT_INT,
    NU_KIND_OPT_FLOAT,
    NU_KIND_OPT_BOOL,
    NU_KIND_I32,
    NU_KIND_JSON,
} nu_kind;

typedef struct nu_value {
    nu_kind kind;
    bool plain; /* INT: a number, never an enumerator: the shell's own, where 1 is 1; DECIMAL: a
                   whole number of Python's; LIST: a set of Python's, which JSON does not have */
    union {
        bool b;
        int64_t i;  /* INT; DATE: ordinal; DATETIME, TIME, TIMEDELTA: microseconds */
        uint64_t u; /* UINT: only above INT64_MAX, else INT */
        double f;
        nu_str s; /* STR, SAFE; FILE: the name in the storage */
        nu_bytes bytes;
        nu_uuid uuid;
        const nu_decimal *decimal;
        nu_list *list;
        nu_dict *dict;
        const nu_object *object; /* OBJECT */
        const void *p;           /* QUERY, EXPR, CALLABLE */
    };
} nu_value;

typedef struct {
    const nu_value *items;
    size_t len;
} nu_values;
typedef struct {
    const char *key;
    nu_value value;
} nu_var;

bool nu_null_str(nu_str), nu_null_date(nu_date), nu_null_datetime(nu_datetime),
    nu_null_time(nu_time), nu_null_timedelta(nu_timedelta), nu_null_bytes(nu_bytes),
    nu_null_json(nu_json_value), nu_null_decimal(nu_decimal), nu_null_uuid(nu_uuid),
    nu_null_int(nu_opt_int), nu_null_float(nu_opt_float), nu_null_bool(nu_opt_bool),
    nu_null_value(nu_value);

/* ---- V(x) --------------------------------------------------------------------------------- */

struct nu__any {
    nu_object object;
};
extern const struct nu__any nu__none;

/* A variable of an enum type is `unsigned` to _Generic; as a number it would be wrong in JSON
   (1, where Django sends "draft"). */
nu_value nu_v_enum(unsigned) __attribute__((error(
    "V() of an enum variable: write nu_choice_text(Enum, e); of an unsigned: cast to int64_t")));
nu_value nu_v_bool(bool), nu_v_int(int64_t), nu_v_uint(uint64_t), nu_v_float(double),
    nu_v_cstr(const char *), nu_v_str(nu_str), nu_v_date(nu_date), nu_v_datetime(nu_datetime),
    nu_v_time(nu_time), nu_v_timedelta(nu_timedelta), nu_v_decimal(nu_decimal), nu_v_uuid(nu_uuid),
    nu_v_bytes(nu_bytes), nu_v_opt_int(nu_opt_int), nu_v_opt_float(nu_opt_float),
    nu_v_opt_bool(nu_opt_bool), nu_v_json(nu_json_value), nu_v_file_ref(nu_file_ref),
    nu_v_query(const nu_query *), nu_v_list(const nu_list *), nu_v_dict(const nu_dict *),
    nu_v_expr(const nu_expr *), nu_v_page(const nu_page *), nu_v_form(const nu_form *),
    nu_v_object(const void *), nu_v_value(nu_value), nu_v_null(const void *), nu_null(void);

/* clang-format off */
#define NU__TYPES(M, enums) \
   M(bool, nu_v_bool) M(char, nu_v_int) M(signed char, nu_v_int) M(unsigned char, nu_v_int) \
   M(short, nu_v_int) M(unsigned short, nu_v_int) M(int, nu_v_int) M(unsigned, enums) \
   M(long, nu_v_int) M(long long, nu_v_int) M(unsigned long, nu_v_uint) M(unsigned long long, nu_v_uint) \
   M(float, nu_v_float) M(double, nu_v_float) M(char *, nu_v_cstr) M(const char *, nu_v_cstr) \
   M(nu_str, nu_v_str) M(nu_date, nu_v_date) M(nu_datetime, nu_v_datetime) M(nu_time, nu_v_time) \
   M(nu_timedelta, nu_v_timedelta) M(nu_decimal, nu_v_decimal) M(nu_uuid, nu_v_uuid) M(nu_bytes, nu_v_bytes) \
   M(nu_opt_int, nu_v_opt_int) M(nu_opt_float, nu_v_opt_float) M(nu_opt_bool, nu_v_opt_bool) \
   M(nu_json_value, nu_v_json) M(nu_file_ref, nu_v_file_ref) M(nu_query *, nu_v_query) M(const nu_query *, nu_v_query) \
   M(nu_list *, nu_v_list) M(nu_dict *, nu_v_dict) M(nu_expr *, nu_v_expr) M(const nu_expr *, nu_v_expr) \
   M(nu_page *, nu_v_page) M(nu_form *, nu_v_form) M(nu_value, nu_v_value) M(void *, nu_v_null)
#define NU__TO(t, f)   t: f,
#define NU__NONE(t, f) t: &nu__none,
#define NU__SELF(t, f) t: nu__v,
#define NU__ANY(x) _Generic((x), NU__TYPES(NU__NONE, 0) default: (x))
#define NU__V(x, enums) _Generic((x), NU__TYPES(NU__TO, enums) default: nu_v_object)( \
   _Generic((x), NU__TYPES(NU__SELF, 0) default: &NU__ANY(x)->object))
/* clang-format on */

/**
 * Any C value as a nu_value: all integer widths, nullables, strings, dates, lists, queries.
 * A pointer must be to a struct that begins with NU_OBJECT (a model instance) or NU_FORM_OBJECT;
 * any other is a compile error. Text is borrowed, not copied.
 * Raises: MemoryError only (decimals are copied into the arena). Yields: never.
 */
#define V(x)                                                                                       \
    ({                                                                                             \
        __auto_type nu__v = (x);                                                                   \
        NU__V(nu__v, nu_v_enum);                                                                   \
    })
/* The same where a field converts it (Q(), nu_update(), assertions): enum values are let through.
 */
#define NU_DBV(x)                                                                                  \
    ({                                                                                             \
        __auto_type nu__v = (x);                                                                   \
        NU__V(nu__v, nu_v_int);                                                                    \
    })

#define nu__write_key_and_value_in_parentheses(k, ...) { (k), V((__VA_ARGS__)) },
#define NU_PAIR(kv)                                    nu__write_key_and_value_in_parentheses kv
#define nu__write_each_pair_in_parentheses(k, ...)     { (k), NU_DBV((__VA_ARGS__)) },
#define NU_DBPAIR(kv)                                  nu__write_each_pair_in_parentheses kv
/* ("key", value), … as an array that ends at the null key: a null value is a value. */
#define NU_VARS(...)                                                                               \
    (const nu_var[])                                                                               \
    {                                                                                              \
        NU_EACH(NU_PAIR, __VA_ARGS__)                                                              \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define NU_DBVARS(...)                                                                             \
    (const nu_var[])                                                                               \
    {                                                                                              \
        NU_EACH(NU_DBPAIR, __VA_ARGS__)                                                            \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define NU_VITEM(x) V(x),
#define NU_ONE(x)   1,
/* value, … as a counted array. */
#define NU_ARGS(...)                                                                               \
    ((nu_values){ (const nu_value[]){ NU_EACH(NU_VITEM, __VA_ARGS__){ 0 } },                       \
                  sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) 0 }) - 1 })

/* ---- lists and dicts ------------------------------------------------------------------------ */

/* They live in the fiber's arena and grow there; all that adds to one raises MemoryError past the
   arena's cap. Their memory is never given back singly, and none of these yields. A NULL list or
   dict reads as an empty one. */

/** `NU_DICT(("a", 1), ("b", "two"))` and `NU_LIST(1, "two", 3.5)`, of anything that V() takes. */
#define NU_DICT(...) nu_dict_of(NU_VARS(__VA_ARGS__))
#define NU_LIST(...) nu_list_of_(NU_ARGS(__VA_ARGS__))
nu_dict *nu_dict_of(const nu_var *vars);
nu_list *nu_list_of_(nu_values values);
nu_dict *nu_dict_new(void);
nu_list *nu_list_new(void);

#define nu_list_append(l, x) nu_list_append_((l), V(x))
void nu_list_append_(nu_list *list, nu_value value);
nu_value nu_at(const nu_list *list, size_t index); /* null past the end */
size_t nu_list_len(const nu_list *list);

/** Set a key, which is copied; a key that is there keeps its place in the order of insertion. */
#define nu_dict_set(d, k, x) nu_dict_set_((d), (k), V(x))
void nu_dict_set_(nu_dict *dict, const char *key, nu_value value);
void nu_dict_set_str(nu_dict *dict, nu_str key, nu_value value);
nu_value nu_item(const nu_dict *dict, const char *key); /* null when there is none */
/** Tells a null value from none; `out` may be NULL. */
bool nu_dict_find(const nu_dict *dict, nu_str key, nu_value *out);
bool nu_dict_remove(nu_dict *dict, nu_str key); /* false when there is none */
size_t nu_dict_len(const nu_dict *dict);
nu_str nu_dict_key(const nu_dict *dict,
                   size_t index); /* in order of insertion; null past the end */
nu_value nu_dict_value(const nu_dict *dict, size_t index);

/* ---- conversions ---------------------------------------------------------------------------- */

/* Each raises TypeError, naming both kinds and the value, when it is of another kind. */
nu_list *nu_as_list(nu_value value);
nu_dict *nu_as_dict(nu_value value);
int64_t nu_int(nu_value value);    /* of a bool too; OverflowError past INT64_MAX */
double nu_float(nu_value value);   /* of an int, bool or decimal too */
nu_decimal nu_dec(nu_value value); /* of an int or bool too */
/** str(value) as Python writes it: None, True, 1.0, 2024-05-17, ['a', 1]; of any kind. Text comes
 * back as it is, other kinds in the fiber's arena. Yields only where an object's text does. */
nu_str nu_string(nu_value value);

/* ---- ranges ------------------------------------------------------------------------------- */

/* From one value to another: the member of a range field of PostgreSQL (postgres.h), and an object
   to V(), templates and JSON. It is never changed once made. psycopg: Range */
struct nu_range {
    nu_object object;
    nu_value lower, upper; /* null: there is no such end */
    char bounds[3];        /* "[)": the lower end belongs to it; "": the empty range */
};
/**
 * The range between two values, null for an end that is open:
 * nu_range_of(V(1), V(5), "[)"). An end without a value is never a part of it.
 *
 * @param bounds  "[)", "(]", "()" or "[]"; NULL: "[)"
 * @return        in the fiber's arena
 * @raises        ValueError for other bounds
 * Yields: never.   Django: NumericRange(1, 5), DateRange, DateTimeTZRange
 */
const nu_range *nu_range_of(nu_value lower, nu_value upper, const char *bounds);
/** The range that nothing is in. */
const nu_range *nu_empty_range(void);
/** Is the value between its ends? TypeError where it can't be compared with them. */
bool nu_range_contains(const nu_range *range, nu_value value);
/** A value as the range that it is; NULL when it is none. */
const nu_range *nu_as_range(nu_value value);
