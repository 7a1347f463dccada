/**
 * @file
 * What altering a column in place is about, for its two files: the column itself
 * (schema_in_place_alter.c), and what hangs on it (schema_in_place_hanging.c).
 */
#pragma once
#include "db/backends/schema.h"

/* A foreign key that refers to the column that is altered, before and after. */
typedef struct nu__referring {
    const nu__field *old, *field;
    nu_str actions; /* of its reference, kept when it is made anew */
} nu__referring;

typedef struct nu__alteration {
    nu__editor *editor;
    const nu__schema_ops *schema;
    const nu__model_info *model;
    const nu__field *old, *field;
    nu_str table, old_type, type;
    nu__kept_parts kept; /* of the column as it stands */
    bool dropped_reference, dropped_referring, initial;
    nu_list *changes, *after; /* fragments of ALTER TABLE; statements */
    nu_str null_change;
    nu_str actions; /* of the column's own reference, kept when it is made anew */
    nu__referring *referring;
    size_t n_referring;
} nu__alteration;

static inline nu_str nu__alter_quote(const nu__alteration *alter, nu_str name)
{
    return nu__editor_quote(alter->editor, name);
}

static inline void nu__alter_table(const nu__alteration *alter, nu_str table, nu_str change)
{
    nu__editor_fmt(alter->editor, "ALTER TABLE {} {}", nu__alter_quote(alter, table), change);
}

static inline bool nu__same_collation(const nu__alteration *alter)
{
    return nu_eq(nu__editor_collation(alter->editor, alter->old),
                 nu__editor_collation(alter->editor, alter->field));
}

/* Before the column is changed: keys, constraints and indexes that can't stay. Yields. */
void nu__drop_what_hangs_on(nu__alteration *alter);
/* After it: what the column has now, the types of what refers to it, and their references. Yields.
 */
void nu__make_what_hangs_on(nu__alteration *alter);
/* The last of all: the index that a column has beside its own, of another kind of text. Yields. */
void nu__change_extra_index(const nu__alteration *alter);
