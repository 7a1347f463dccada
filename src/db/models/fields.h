/**
 * @file
 * Field types: one row for each of Django's field classes, and what can be done with a field.
 *
 * A descriptor (nu_field) is what the user wrote. A nu__field is the same after start-up: names,
 * columns and relations resolved. Two tables stand behind it: the rows of field types (how a column
 * is declared, what text it takes, its errors) and the rows of member kinds (how a C member is
 * read, written and found null).
 *
 *     member of a struct <-> nu_value <-> database parameter
 *     text or JSON value  -> nu_value   (to_python, with Django's errors)
 *     database cell       -> member     (src/db/sql/decode.h, with no value between)
 */
#pragma once
#include <nuages/models.h>

typedef struct nu__model_info nu__model_info;
typedef struct nu__relation nu__relation;
typedef struct nu__field nu__field;

typedef enum nu__dialect {
    NU__SQLITE,
    NU__POSTGRESQL,
    NU__MYSQL,
    NU__DIALECT_COUNT,
} nu__dialect;

/* Fields of a model by index, one bit each. */
typedef struct nu__field_bits {
    uint64_t bits[3];
} nu__field_bits;

static inline bool nu__set_has(const nu__field_bits *set, uint32_t index)
{
    return set->bits[index / 64] >> index % 64 & 1;
}

static inline void nu__set_add(nu__field_bits *set, uint32_t index)
{
    set->bits[index / 64] |= (uint64_t)1 << index % 64;
}

static inline void nu__set_drop(nu__field_bits *set, uint32_t index)
{
    set->bits[index / 64] &= ~((uint64_t)1 << index % 64);
}

/* The C type of a member. A foreign key's is its target key's. */
typedef enum nu__member {
    NU__MEMBER_NONE, /* a many-to-many takes no column */
    NU__MEMBER_STR,
    NU__MEMBER_BYTES,
    NU__MEMBER_INT,
    NU__MEMBER_OPT_INT,
    NU__MEMBER_FLOAT,
    NU__MEMBER_OPT_FLOAT,
    NU__MEMBER_BOOL,
    NU__MEMBER_OPT_BOOL,
    NU__MEMBER_CHOICE, /* an enum; its choices tell whether it is text */
    NU__MEMBER_DATE,
    NU__MEMBER_DATETIME,
    NU__MEMBER_TIME,
    NU__MEMBER_TIMEDELTA,
    NU__MEMBER_DECIMAL,
    NU__MEMBER_UUID,
    NU__MEMBER_JSON,
    NU__MEMBER_FILE,
    NU__MEMBER_LIST,
    NU__MEMBER_DICT,
    NU__MEMBER_RANGE,
    NU__MEMBER_COUNT,
} nu__member;

/* The option structs of descriptors: each type has the options of one. */
typedef enum nu__def_family {
    NU__PLAIN_OPTIONS,
    NU__CHAR_OPTIONS,
    NU__SLUG_OPTIONS,
    NU__FILE_PATH_OPTIONS,
    NU__IP_OPTIONS,
    NU__DECIMAL_OPTIONS,
    NU__DATE_OPTIONS,
    NU__FILE_OPTIONS,
    NU__ARRAY_OPTIONS,
    NU__RANGE_OPTIONS,
    NU__RELATION_OPTIONS,
    NU__FAMILY_COUNT,
} nu__def_family;

/* Why a value is refused: Django's code ("invalid", "blank") and text. */
typedef struct nu__invalid {
    const char *code;
    nu_str message;
} nu__invalid;

typedef struct nu__field_type {
    nu_field_type type;
    const char *name;     /* Django's class, as migrations write it */
    const char *internal; /* get_internal_type(): the class whose column it has */
    nu__member member;    /* of a column that is not null */
    nu__member null_member;
    const char *db_type[NU__DIALECT_COUNT];   /* "varchar(%(max_length)s)"; NULL: no column */
    const char *db_check[NU__DIALECT_COUNT];  /* "\"%(column)s\" >= 0" */
    const char *db_suffix[NU__DIALECT_COUNT]; /* "AUTOINCREMENT" */
    const char *form_field;                   /* forms.CharField…; NULL: not in forms by itself */
    const char *widget;                       /* where it differs from the form field's own */
    bool (*to_python)(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why);
    int64_t min, max;   /* of integers; both 0: no range */
    int max_length;     /* by default: 254 for e-mail, 200 for URLs, 50 for slugs, 100 for files */
    nu_field_type base; /* of ranges: the type of their ends */
    bool empty_strings; /* the default of a column that is not null is "" */
    nu__def_family family;
} nu__field_type;

/* The row of a type; of a class name (NULL when there is none). */
const nu__field_type *nu__field_type_row(nu_field_type type);
const nu__field_type *nu__field_type_find(nu_str class_name);

/* The bytes of a field's descriptor. */
size_t nu__field_def_size(const nu_field *field);

/* A field of a model after start-up. */
struct nu__field {
    const nu_field *def;
    const nu__field_type *type; /* a ChoiceField's is that of CharField or IntegerField */
    nu__model_info *model;
    nu__relation *relation;  /* foreign keys, one-to-one, many-to-many; else NULL */
    const nu__field *target; /* foreign keys: the key referred to; else itself */
    const nu__field *base;   /* the type of an array's items, of a range's ends; else NULL */
    int array_size;          /* at most so many items; 0: any number */
    nu_str name, attname, column, verbose_name, help_text;
    nu__member member;
    uint32_t index; /* in its model's fields, or many */
    size_t offset;
    const nu_choices *choices;
    int max_length, max_digits, decimal_places;
    const char *upload_to, *populate_from;
    bool null, blank, unique, primary_key, db_index, editable, auto_now, auto_now_add;
    /* Of a field that comes from a parent with a table of its own: the parent's field, in whose
       table it lies. Else NULL. */
    const nu__field *origin;
    bool parent_link; /* a child's key, which refers to its parent's row */
    bool auto_key;    /* counted up by the database */
    bool implicit;    /* the `id` that no one declared */
};

/* ---- columns ------------------------------------------------------------------------------ */

/* "varchar(20)"; a foreign key's is its target's without the counting. Null: no column. */
nu_str nu__field_db_type(const nu__field *field, nu__dialect dialect);
/* The same to cast to: an array's items without what a cast can't say. */
nu_str nu__field_cast_type(const nu__field *field, nu__dialect dialect);
/* "\"credits\" >= 0"; null when there is none. */
nu_str nu__field_db_check(const nu__field *field, nu__dialect dialect);
/* "AUTOINCREMENT"; null when there is none. */
nu_str nu__field_db_suffix(const nu__field *field, nu__dialect dialect);

/* ---- members ------------------------------------------------------------------------------ */

/* The member as a value; a foreign key's key. Text is shared with the instance. */
nu_value nu__field_get(const nu__field *field, const nu_object *object);
/* Write a value of the right kind, an instance for a foreign key too; else TypeError. Texts are
   not copied. */
void nu__field_set(const nu__field *field, nu_object *object, nu_value value);
bool nu__field_is_null(const nu__field *field, const nu_object *object);
/* The same by address of the member, for fields without an instance (rows of values()). */
nu_value nu__member_get(nu__member member, const nu_choices *choices, const void *at);
bool nu__member_set(nu__member member, const nu_choices *choices, void *at, nu_value value);
bool nu__member_is_null(nu__member member, const nu_choices *choices, const void *at);
size_t nu__member_size(nu__member member);
/* The object that a foreign key's member keeps beside the key; NULL when it has not been loaded. */
void **nu__field_cached(const nu__field *field, const nu_object *object);
/* get_FOO_display(): the label of a choice, else str(value). */
nu_str nu__field_display(const nu__field *field, const nu_object *object);

/* ---- values ------------------------------------------------------------------------------- */

/* A value of any kind (form text, JSON, a lookup's argument) as the field's own kind; false with
   the reason. Null stays null. Never raises but MemoryError. */
bool nu__field_to_python(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why);
/* Blank, null and choices: what Field.validate() checks of a converted value. */
bool nu__field_validate(const nu__field *field, nu_value value, nu__invalid *why);
/* Lists of one length; `params` has a dict or null for each. */
typedef struct nu__refusals {
    nu_list *messages, *codes, *params;
} nu__refusals;
nu__refusals nu__refusals_new(void);
/* One of such a list of dicts and nulls; NULL: none. */
nu_dict *nu__params_at(const nu_list *params, size_t i);
void nu__refusals_add(nu__refusals *to, const char *code, nu_str message, nu_dict *params);
/* The type's validators, the field's own, max_length, digits, ranges; appends what they refuse. */
void nu__field_run_validators(const nu__field *field, nu_value value, nu__refusals *out);
/* "This field cannot be blank.": is the value one of None, "", [], {}? */
bool nu__field_value_empty(nu_value value);

bool nu__field_has_default(const nu__field *field);
/* A default as the field's own kind; ImproperlyConfigured where it is none. */
nu_value nu__default_value(const nu__field *field, const nu_default *given);
/* The default, .default_call called; "" for text without one; else null. */
nu_value nu__field_default(const nu__field *field);

/* A value of the field's kind as fixtures have it: str(), JSON for arrays, ranges and maps.
   Django: value_to_string() */
nu_str nu__field_text(const nu__field *field, nu_value value);

/* What the database is given for a value of the field's kind: null, int, float, text,
   bytes, and on PostgreSQL ranges and lists. */
/* Of a kind that every column takes as it is, but for JSON's, which is text of it. */
static inline bool nu__kind_is_simple(nu_kind kind)
{
    return kind == NU_KIND_BOOL || kind == NU_KIND_INT || kind == NU_KIND_FLOAT ||
           (kind >= NU_KIND_STR && kind <= NU_KIND_BYTES);
}
nu_value nu__field_db_value(const nu__field *field, nu_value value, nu__dialect dialect);
