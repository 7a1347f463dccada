/**
 * @file
 * Recorded input and output of the original, run against our functions.
 *
 *     main.c       reads files of one JSON case a line, runs and compares
 *     tagged.c     the recording's tagged values ({"__decimal__": "1.5"}) as nu_value, and back
 *     utils_*.c    the operations of utils.jsonl
 *     signing.c    those of signing.jsonl
 *     kinds.c      the table of kinds: a file's name and the tables of its operations
 *
 * A new kind of file is a C file with a table of conf_op rows, and a row in kinds.c. What has no
 * row is counted as skipped, under its name.
 */
#pragma once
#include <nuages/errors.h>
#include <nuages/json.h>
#include <nuages/timezone.h>

typedef struct conf_case {
    const nu_dict *data; /* the whole case */
    const nu_list *args;
    const nu_dict *kwargs;
} conf_case;

/* What the original gave, or an error raised. NotImplementedError: skipped, with its message. */
typedef nu_value conf_run(const conf_case *c);

typedef struct conf_op {
    const char *name;
    conf_run *run;
    /* The members of the case that hold the result, by a space; run() gives a dict of them. NULL:
       "output", and run() gives the value itself. */
    const char *results;
} conf_op;

typedef struct conf_kind {
    const char *file;                /* "utils" of utils.jsonl */
    const char *key;                 /* the member that names the operation */
    const conf_op *const *tables;    /* ends with NULL; each table ends with a NULL name */
    nu_str (*name)(const nu_dict *); /* an operation's name where a member alone does not tell */
} conf_kind;
extern const conf_kind conf_kinds[]; /* ends with a NULL file */

/* ---- for run() ---------------------------------------------------------------------------- */

/* The argument as recorded; null when there is none. */
nu_value conf_raw(const conf_case *c, size_t index);
nu_value conf_raw_kwarg(const conf_case *c, const char *name);
/* The same with tags resolved. */
nu_value conf_arg(const conf_case *c, size_t index);
nu_value conf_kwarg(const conf_case *c, const char *name);
/* Their text; null for null. */
nu_str conf_text(const conf_case *c, size_t index);
nu_str conf_member_text(const conf_case *c, const char *member);
/* Raise it with Django's message alone: without the lines of the place and of suggestions. */
NU_NORETURN void conf_raise_plain(const nu_error *error);
nu_value conf_member(const conf_case *c, const char *member);
nu_value conf_safe(nu_str html);
nu_value conf_bool(bool b);

/* Which datetimes are more than an instant: none; those without a zone; all. */
typedef enum conf_datetimes { CONF_INSTANTS, CONF_NO_ZONE, CONF_ALL_ZONES } conf_datetimes;
extern conf_datetimes conf_keep_zones;
/* A recorded value without its tags. Sequences become lists; a datetime an instant, by the default
   time zone where it was recorded without an offset. */
nu_value conf_untag(nu_value tagged);
/* The zone of a recorded datetime: of its "tz" or its offset; NULL where it has none. */
const nu_timezone *conf_zone(nu_value tagged);
/* "__date__" of {"__date__": …}; NULL for a plain value. */
const char *conf_tag(nu_value tagged);

/* The folder of the file that is run, for what stands beside it. */
extern nu_str conf_folder;

/* ---- for main.c --------------------------------------------------------------------------- */

/* The same value, of the same kind: 1 is not 1.0, safe text not plain. */
bool conf_same(nu_value a, nu_value b);
nu_str conf_show(nu_value value);
