/**
 * @file
 * What an instance keeps beside its members.
 *
 *   nu_object.type   the nu_model
 *   nu_object.extra  nu__row: where it was read, what was not read, what relations led to
 *
 * Instances and their records lie in the fiber's arena, in one allocation where we make them.
 */
#pragma once
#include "db/models/options.h"

/* What a relation led to, or a member is shown as, by the name that instances have for it. */
typedef struct nu__kept {
    nu_str name;
    nu_object *object; /* a one-to-one's other side; NULL: known to be none */
    nu_list *list;     /* a prefetched set, else NULL */
    void *shown;       /* the shell's own value of a member that changes in place, or __dict__ */
    struct nu__kept *next;
} nu__kept;

/* The instances that came in one result: a relation is loaded for all of them at once. */
typedef struct nu__peers {
    nu_object **items;
    size_t n;
    int mode; /* nu_fetch */
} nu__peers;

typedef struct nu__row {
    const char *db; /* alias it was read from or saved to; NULL: never */
    int adding;     /* said by hand to be new (1), or not (-1); 0: as `db` has it */
    nu__field_bits deferred;
    nu__kept *kept;
    nu__peers *peers;
    nu_dict *annotations;       /* and further attributes */
    nu_dict *assigned;          /* by attname, what the member can't hold; NULL: nothing */
    nu_dict *held;              /* what the member held meanwhile: set in C, it counts again */
    nu__field_bits db_defaults; /* left to the database, as long as the member is null */
    uint32_t scratches;         /* scratch scopes open when it was made */
    bool
        raw; /* saved as it stands: no auto_now, slug or before_save. Django: save_base(raw=True) */
} nu__row;

nu__model_info *nu__info_of(const nu_object *object); /* TypeError when it is no instance */
nu__row *nu__row_of(const nu_object *object);         /* made when there is none yet */
/* Zeroed members, and a record. */
nu_object *nu__instance_new(nu__model_info *info);

/* Tell those who listen that an instance is being made (NU_PRE_INIT), or was (NU_POST_INIT). */
void nu__init_signal(nu_object *object, int signal);

/* The primary key as a value; null when it has none. */
nu_value nu__pk_of(const nu_object *object);
bool nu__pk_is_set(const nu_object *object);

/* What is found may be kept with the instance only where it lives as long. */
bool nu__may_keep(const nu_object *object);
nu__kept *nu__kept_find(const nu_object *object, nu_str name);
nu__kept *nu__kept_put(const nu_object *object, nu_str name);
void nu__kept_drop(const nu_object *object, nu_str name);

/* How to fetch what the instance lacks: a nu_fetch. */
int nu__fetch_mode_of(const nu_object *object);
/* FieldFetchBlocked where the instance's mode is FETCH_RAISE. */
void nu__fetch_allowed(const nu_object *object, nu_str name);
/* Read what only() or defer() left out, when it is needed: for the peers too, in their mode.
   Yields. */
void nu__load_deferred(nu_object *object, const nu__field *field);

/* Members that an initializer's text gives, for a model; parsed once per call site. Raises
   TypeError for a positional value, and for a member that is no field. */
typedef struct nu__given {
    nu__field_bits fields;
    bool many; /* names a many-to-many */
} nu__given;
const nu__given *nu__given_parse(const nu__model_info *info, const char *text);

/* What the field was set to: the member, or what was assigned that it can't hold. */
nu_value nu__instance_value(const nu__field *field, const nu_object *object);
/* Note of a new instance that nothing was given, where the database has a default for it; false
   where it has none. */
bool nu__leave_to_database(const nu__field *field, nu_object *object);
/* Whether saving leaves the field to the database's default. */
bool nu__takes_db_default(const nu__field *field, const nu_object *object);
/* Set a field by a value of any kind; see nu_field_set(). */
void nu__instance_set(const nu__field *field, nu_object *object, nu_value value);
/* Keep beside the member what it can't hold; false from the second: there is nothing such, or the
   member was set since, in C, and counts again. */
void nu__assigned_keep(const nu__field *field, nu_object *object, nu_value value);
bool nu__assigned_find(const nu__field *field, const nu_object *object, nu_value *out);
/* The member holds what counts again. */
void nu__assigned_drop(const nu__field *field, nu_object *object);

/* INSERT or UPDATE of one instance. `only` NULL: all loaded fields. Yields. */
typedef struct nu__saving {
    const nu__field_bits *only;
    const char *const *names; /* as the user gave them, for signals */
    bool force_insert, force_update;
    const char *using;
} nu__saving;
void nu__save(nu_object *object, const nu__saving *how);
/* Take the keys of related objects that were saved after they were assigned, among the fields
   `only` (NULL: all). ValueError, naming `operation`, for those that were not saved. */
void nu__take_related_keys(const nu__model_info *info, nu_object *object,
                           const nu__field_bits *only, const char *operation);
/* Field.pre_save(): what is to be written, an expression or a value of the field's kind. Sets
   members that saving fills (auto_now). */
nu_value nu__pre_save(const nu__field *field, nu_object *object, bool adding);
/* Saving writes what the member holds: nothing else fills the column. */
bool nu__saves_its_member(const nu__field *field);
/* Fields of types that saving may fill by itself, which update_or_create() writes along. */
bool nu__saving_fills(const nu__field *field);
/* The key that a new row takes by default; null when the database counts. */
void nu__set_default_key(const nu__model_info *info, nu_object *object);

/* ---- validation --------------------------------------------------------------------------- */

/* Field ("__all__" for the whole) -> list; of messages, of their codes, and of what they were made
   of: a dict or null each. */
typedef struct nu__errors {
    nu_dict *messages, *codes, *params;
} nu__errors;
#define NU__WHOLE "__all__"
nu__errors nu__errors_new(void);
void nu__errors_add(nu__errors *errors, nu_str field, const char *code, nu_str message,
                    nu_dict *params);
/* What a raised ValidationError says; one without fields is about the whole. */
void nu__errors_take(nu__errors *errors, const nu_error *error);

/* ForeignKey.validate(): the row of a key is there, and among those that may be chosen. Yields. */
void nu__check_refers(const nu__field *field, nu_value key, nu__errors *errors);
/* `skip`: fields not to check (they have errors already, or stand in no form). All yield. */
void nu__validate_unique(nu_object *object, const nu__field_bits *skip, nu__errors *errors);
void nu__validate_constraints(nu_object *object, const nu__field_bits *skip, nu__errors *errors);
/* All of it, of the parts of nu_clean_parts. Empty dicts when valid. */
nu__errors nu__instance_errors(nu_object *object, const nu__field_bits *skip, unsigned parts);

/* For the parts of it: fields that are unique together, their question and their message. */
typedef struct nu__unique_check {
    const nu__field *fields[8];
    size_t n;
} nu__unique_check;
/* False where a field is skipped. */
bool nu__unique_fields(const nu__model_info *info, const char *const names[8],
                       const nu__field_bits *skip, nu__unique_check *out);
/* Other rows with the same values; NULL where a null means that there can be none. */
nu_query *nu__others_like(const nu_object *object, const nu__unique_check *check,
                          bool nulls_are_equal);
/* All rows but this one. */
nu_query *nu__others(const nu_object *object);
/* Adds "Student with this Email already exists." */
void nu__errors_add_unique(nu__errors *errors, const nu__model_info *info,
                           const nu__unique_check *check);
nu_str nu__capitalized(nu_str text);
