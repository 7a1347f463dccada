/**
 * @file
 * The shell's values, and what each type of them can do.
 *
 * A value is a type and a small payload, passed by copy: numbers and text need no memory of their
 * own, containers and objects point into the fiber's arena. A type is one row of functions; a
 * missing one means what a missing __method__ means in Python, and is looked for in `base` first.
 * To add a type, write its row; to give it a method, add a row to its `methods`; to give the shell
 * a name, add a row to the tables of builtins.c, modules.c or orm/names.c.
 *
 * Everything here may raise Python's errors in Python's words, and what runs code of the user's or
 * queries may yield.
 */
#pragma once
#include "core/buf.h"
#include "core/error.h"

#include <nuages/decimal.h>
#include <nuages/timezone.h>
#include <nuages/uuid.h>

typedef struct nu__py_type nu__py_type;
typedef struct nu__py_list nu__py_list;
typedef struct nu__py_dict nu__py_dict;

typedef struct nu__py {
    const nu__py_type *type; /* NULL: absent, an optional argument that was not given */
    union {
        bool b;
        int64_t i; /* int; date: ordinal; time: microseconds since midnight; timedelta: as well */
        double f;
        nu_str s;
        nu_bytes bytes;
        nu_uuid uuid;
        const nu_decimal *decimal;
        nu__py_list *list; /* list, tuple */
        nu__py_dict *dict; /* dict, set, frozenset */
        const nu__py_type *class_;
        void *p;
        const void *cp;
    };
} nu__py;

static inline bool nu__py_given(nu__py value)
{
    return value.type != NULL;
}

/* ---- what a type can do ---------------------------------------------------------------------- */

/* `args` in the order of the row's signature; those not given are absent. */
typedef nu__py nu__py_function(nu__py self, const nu__py *args);

/* A function or method. The signature is Python's own text without defaults: "iterable, /, *,
   key=, reverse=". A name followed by "=" may be left out; "*args" gets a tuple, "**kwargs" a dict;
   NULL: no arguments. At most 16 names. */
typedef struct nu__py_method {
    const char *name, *signature;
    nu__py_function *call;
} nu__py_method;

typedef struct nu__py_attribute {
    const char *name;
    nu__py (*get)(nu__py self);
} nu__py_attribute;

typedef struct nu__py_keyword {
    nu_str name;
    nu__py value;
} nu__py_keyword;

/* The arguments of a call as they were written. */
typedef struct nu__py_call {
    const nu__py *args;
    size_t n;
    const nu__py_keyword *keywords;
    size_t n_keywords;
} nu__py_call;

typedef enum nu__py_operator {
    NU__PY_ADD,
    NU__PY_SUB,
    NU__PY_MUL,
    NU__PY_DIV,
    NU__PY_FLOORDIV,
    NU__PY_MOD,
    NU__PY_POW,
    NU__PY_AND,
    NU__PY_OR,
    NU__PY_XOR,
    NU__PY_LSHIFT,
    NU__PY_RSHIFT,
    NU__PY_MATMUL,
    NU__PY_NEG, /* unary from here on */
    NU__PY_POS,
    NU__PY_INVERT,
} nu__py_operator;

struct nu__py_type {
    const char *name;        /* type(x).__name__ */
    const nu__py_type *base; /* NULL: object */
    const char *module;      /* where Python has it, "datetime"; NULL: builtins */
    const char *qualname;    /* "Student.DoesNotExist"; NULL: the name */

    const nu__py_method *methods;       /* ends with { NULL } */
    const nu__py_attribute *attributes; /* ends with { NULL } */
    const nu__py_method *statics;       /* of the type itself: datetime.fromisoformat() */
    /* Attributes beyond the tables; false: there is none. */
    bool (*get)(nu__py self, nu_str name, nu__py *out);
    bool (*get_static)(const nu__py_type *type, nu_str name, nu__py *out);
    void (*static_names)(const nu__py_type *type, nu_list *out); /* those that it knows */
    bool (*set)(nu__py self, nu_str name, nu__py value);
    bool (*del)(nu__py self, nu_str name);    /* del value.name; false: there is none such */
    void (*names)(nu__py self, nu_list *out); /* those that `get` knows, for dir() and completion */

    /* T(…). `make` gets bound arguments by `signature`; `make_any` gets them as written. */
    const char *signature;
    nu__py_function *make; /* self: the type as a value */
    nu__py (*make_any)(const nu__py_type *type, const nu__py_call *call);
    nu__py (*call)(nu__py self, const nu__py_call *call); /* value(…) */

    /* false: NotImplemented. `binary` is asked of both sides' types, with the operands in the
       order in which they were written. Unary operators have only `a`. */
    bool (*binary)(nu__py_operator op, nu__py a, nu__py b, nu__py *out);
    bool (*equal)(nu__py a, nu__py b, bool *out);
    bool (*compare)(nu__py a, nu__py b, int *order);
    /* <, <=, >, >= where there is no total order (sets); `op` is the operator's text */
    bool (*rich_compare)(const char *op, nu__py a, nu__py b, bool *out);
    bool (*hash)(nu__py self, uint64_t *out);
    bool (*truth)(nu__py self);     /* missing: len() != 0, or true */
    int64_t (*length)(nu__py self); /* len() */
    nu__py (*item)(nu__py self, nu__py key);
    void (*set_item)(nu__py self, nu__py key, nu__py value);
    void (*del_item)(nu__py self, nu__py key);
    bool (*contains)(nu__py self, nu__py item);
    nu__py (*iterate)(nu__py self); /* an iterator; missing: not iterable */
    bool (*next)(nu__py self, nu__py *out);

    void (*repr)(nu__py self, nu__buf *out);
    void (*text)(nu__py self, nu__buf *out); /* str(); missing: repr() */
    nu_str (*format)(nu__py self, nu_str spec);
    void (*json)(nu__py self, nu__buf *out); /* --json; missing: {"$repr": …} */

    /* with: `enter` gives what `as` names; `leave` gets the error, or absent when the block ended
       by itself, and true from it means that the error is dealt with. */
    nu__py (*enter)(nu__py self);
    bool (*leave)(nu__py self, nu__py error);
    /* copy.copy(value), or with what was copied so far copy.deepcopy(value): the parts are to go
       through nu__py_copied(). Missing: the value itself, which does not change. */
    nu__py (*copy)(nu__py self, nu__py_dict *memo);
    /* Instead of both: run body(arg) inside of a block of C, such as nu_atomic_scope(). */
    void (*around)(nu__py self, void (*body)(void *arg), void *arg);

    /* Values of one type that Python has many classes for: isinstance() beyond the base types, and
       what type() gives. */
    bool (*instance_of)(nu__py self, const nu__py_type *class_);
    const nu__py_type *(*class_of)(nu__py self);

    nu_error_class error; /* of exceptions: the class of ours nearest to it */
    const void *of;       /* what a type made at run time stands for: a model */
};

/* ---- the types ------------------------------------------------------------------------------- */

extern const nu__py_type nu__py_none_type, nu__py_bool_type, nu__py_int_type, nu__py_float_type,
    nu__py_decimal_type, nu__py_str_type, nu__py_bytes_type, nu__py_list_type, nu__py_tuple_type,
    nu__py_dict_type, nu__py_set_type, nu__py_frozenset_type, nu__py_range_type, nu__py_slice_type,
    nu__py_date_type, nu__py_datetime_type, nu__py_time_type, nu__py_timedelta_type,
    nu__py_zone_type, nu__py_uuid_type, nu__py_type_type, nu__py_module_type, nu__py_builtin_type,
    nu__py_function_type, nu__py_iterator_type, nu__py_generator_type, nu__py_ellipsis_type,
    nu__py_object_type;

/* ---- making values --------------------------------------------------------------------------- */

nu__py nu__py_none(void);
nu__py nu__py_bool(bool value);
nu__py nu__py_int(int64_t value);
nu__py nu__py_float(double value);
nu__py nu__py_str(nu_str text); /* shares the bytes; null gives None */
nu__py nu__py_decimal(nu_decimal number);
nu__py nu__py_bytes(nu_bytes bytes);
nu__py nu__py_uuid(nu_uuid uuid);
nu__py nu__py_date(nu_date date);
nu__py nu__py_time(nu_time time);
nu__py nu__py_timedelta(int64_t microseconds);
nu__py nu__py_datetime(nu_datetime instant, const nu_timezone *zone); /* aware */
nu__py nu__py_naive(int64_t wall_us);
nu__py nu__py_zone(const nu_timezone *zone);
nu_datetime nu__py_instant(nu__py datetime); /* a naive one by the current time zone */
nu__py nu__py_class(const nu__py_type *type);
/* A value whose payload is a pointer. */
nu__py nu__py_pointer(const nu__py_type *type, const void *p);

/* What the library's own values are to the shell, and back. Lists stay lists; tuples and sets
   become lists, dicts need text as keys. TypeError where the library has no such value. */
nu__py nu__py_of(nu_value value);
nu_value nu__py_to_value(nu__py value);
nu_str nu__py_key_text(nu__py key); /* a dict's key, as json.dumps() writes it */

struct nu__py_list {
    nu__py *items;
    size_t len, cap;
};
nu__py nu__py_list_new(const nu__py_type *type, size_t capacity); /* a list or tuple */
void nu__py_append(nu__py list, nu__py item);
nu__py nu__py_pair(nu__py a, nu__py b); /* a tuple */

/* Entries in order of insertion, found by a hash table of their numbers. */
typedef struct nu__py_entry {
    uint64_t hash;
    nu__py key, value; /* key absent: removed */
} nu__py_entry;
struct nu__py_dict {
    nu__py_entry *entries;
    size_t used, cap, len;
    uint32_t *slots; /* entry number + 1; 0 free */
    size_t mask;
    nu__py missing; /* of a defaultdict: what makes the value of a new key */
};
nu__py nu__py_dict_new(const nu__py_type *type); /* a dict, set or frozenset */
/* KeyError's business is the caller's: NULL when there is none. TypeError: unhashable. */
nu__py *nu__py_dict_find(const nu__py_dict *dict, nu__py key);
void nu__py_dict_set(nu__py_dict *dict, nu__py key, nu__py value);
bool nu__py_dict_remove(nu__py_dict *dict, nu__py key);
void nu__py_dict_update(nu__py_dict *dict, nu__py other); /* dict.update(): a dict, or pairs */
/* The next entry from *at on, which moves past it; NULL at the end. */
nu__py_entry *nu__py_dict_next(const nu__py_dict *dict, size_t *at);

/* An iterator over what `next` gives; `state` is the first argument. */
typedef bool nu__py_next(void *state, nu__py *out);
nu__py nu__py_iterator(const char *type_name, nu__py_next *next, void *state);

/* ---- asking them ----------------------------------------------------------------------------- */

#define NU__PY_IS(v, T) nu__py_is_a((v).type, &nu__py_##T##_type)
bool nu__py_is_a(const nu__py_type *type, const nu__py_type *ancestor);
const char *nu__py_shown(const nu__py_type *type); /* its name in messages: "datetime.date" */

nu__py nu__py_get(nu__py self, nu_str name); /* AttributeError with a suggestion */
bool nu__py_find(nu__py self, nu_str name, nu__py *out);
void nu__py_set(nu__py self, nu_str name, nu__py value);
void nu__py_del(nu__py self, nu_str name);
const nu__py_type *nu__py_class_of(nu__py value);              /* what type() gives */
nu_list *nu__py_dir(nu__py self);                              /* sorted texts */
nu_str nu__py_did_you_mean(nu_str name, const nu_list *names); /* ". Did you mean: 'x'?" or "" */
nu__py nu__py_invoke(nu__py callable, const nu__py_call *call);
nu__py nu__py_apply(nu__py callable, nu__py argument);
nu__py nu__py_method_of(nu__py self, const nu__py_method *method);
const nu__py_method *nu__py_method_named(const nu__py_method *methods, nu_str name); /* or NULL */

nu__py nu__py_binary(nu__py_operator op, nu__py a, nu__py b);
nu__py nu__py_augmented(nu__py_operator op, nu__py a, nu__py b); /* += in place on lists and sets */
nu__py nu__py_unary(nu__py_operator op, nu__py a);
bool nu__py_equal(nu__py a, nu__py b);
bool nu__py_same(nu__py a, nu__py b);                    /* is */
bool nu__py_less(nu__py a, nu__py b);                    /* a < b */
bool nu__py_ordered(const char *op, nu__py a, nu__py b); /* op: "<", "<=", ">", ">=" */
uint64_t nu__py_hash(nu__py value);
bool nu__py_truth(nu__py value);
int64_t nu__py_length(nu__py value);
nu__py nu__py_item(nu__py self, nu__py key);
void nu__py_set_item(nu__py self, nu__py key, nu__py value);
void nu__py_del_item(nu__py self, nu__py key);
bool nu__py_contains(nu__py container, nu__py item);
bool nu__py_is_iterable(const nu__py_type *type);
nu__py nu__py_iterate(nu__py iterable);
bool nu__py_step(nu__py iterator, nu__py *out);                  /* counts a step: see limits.h */
nu__py nu__py_collect(nu__py iterable, const nu__py_type *type); /* list() or tuple() of it */

/* A part of what is copied: itself where `memo` is NULL, else its deep copy, made once. */
nu__py nu__py_copied(nu__py part, nu__py_dict *memo);
/* Before the parts of what may contain itself: `copy` stands for `value`. */
void nu__py_copied_as(nu__py_dict *memo, nu__py value, nu__py copy);

nu_str nu__py_repr(nu__py value);
nu_str nu__py_text(nu__py value);
void nu__py_repr_to(nu__py value, nu__buf *out);
nu_str nu__py_format(nu__py value, nu_str spec);
nu_str nu__py_format_value(nu_value value, nu_str spec); /* by the library's own format() */
void nu__py_json(nu__py value, nu__buf *out);

/* ---- arguments ------------------------------------------------------------------------------- */

enum { NU__PY_MOST_ARGUMENTS = 16 };
/* Put a call's arguments in the signature's order. TypeError in Python's words, naming `name`. */
void nu__py_bind(const char *name, const char *signature, const nu__py_call *call,
                 nu__py out[NU__PY_MOST_ARGUMENTS]);

/* An argument of a type, else TypeError naming the function: "f() argument must be str, not int".
   bool counts as int. */
int64_t nu__py_as_int(nu__py value, const char *what);
nu_str nu__py_as_str(nu__py value, const char *what);
/* Those with a value for what was not given (or is None). */
int64_t nu__py_int_or(nu__py value, int64_t otherwise, const char *what);
bool nu__py_true_or(nu__py value, bool otherwise);

/* The bounds of a[x:y:z] over a sequence of that length. */
typedef struct nu__py_slice {
    nu__py from, to, step;
} nu__py_slice;
typedef struct nu__py_bounds {
    int64_t from, step, count;
} nu__py_bounds;
nu__py_bounds nu__py_slice_bounds(const nu__py_slice *slice, int64_t length);
/* A number or slice as an index; negative ones count from the end. IndexError, TypeError. */
int64_t nu__py_index(nu__py key, int64_t length, const char *type_name);

/* ---- exceptions ------------------------------------------------------------------------------ */

/* An exception: its arguments, and the error of ours that it came from, if it did. */
typedef struct nu__py_exception {
    nu__py args;           /* a tuple */
    nu__py cause, context; /* what `from` names; what was handled when it was raised */
    bool context_hidden;   /* __suppress_context__: there was a `from` */
    nu__py notes;          /* a list */
    nu__py code, params;   /* of a ValidationError, where they were given */
    bool expanded;         /* its message has its parameters in it */
    const nu_error *error; /* a copy in the arena; code and detail of a ValidationError */
} nu__py_exception;

extern const nu__py_type nu__py_errors[NU_ERROR_CLASS_COUNT]; /* by nu_error_class */
/* Python's classes that the library has none of. */
extern const nu__py_type nu__py_base_exception, nu__py_name_error, nu__py_syntax_error,
    nu__py_indentation_error, nu__py_assertion_error, nu__py_stop_iteration, nu__py_import_error,
    nu__py_module_not_found_error, nu__py_recursion_error, nu__py_keyboard_interrupt,
    nu__py_system_exit, nu__py_unicode_decode_error;

nu__py nu__py_exception_new(const nu__py_type *type, nu__py args);
NU_NORETURN void nu__py_throw(nu__py exception);
#define nu__py_raise(type, f, ...) nu__py_raise_((type), nu_fmt(f, __VA_ARGS__))
NU_NORETURN void nu__py_raise_(const nu__py_type *type, nu_str message);
/* What was caught, as a value: the one thrown, or one made of an error of ours. */
nu__py nu__py_exception_of(const nu_error *error);
/* What is particular about ValidationError; it stands between that and Exception. */
extern const nu__py_type nu__py_invalid_type;
/* Of a ValidationError: its messages as a list, or a dict of lists by field. */
nu__py nu__py_invalid_detail(nu__py exception);
/* One whose message, of the library's, has its parameters in it; null: none. */
nu__py nu__py_invalid_told(nu_str message, nu_str code, nu_value params);
/* Is it of one of these: a class or a tuple of classes? */
bool nu__py_exception_is(nu__py exception, nu__py classes);
/* raise value from cause: classes are called, what is no exception is a TypeError. */
NU_NORETURN void nu__py_throw_from(nu__py value, nu__py cause);
/* What an `except` block handles, for a bare `raise`; returns what was handled before. */
nu__py nu__py_handling(nu__py exception);
NU_NORETURN void nu__py_throw_again(void);
