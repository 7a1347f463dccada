/**
 * @file
 * What every object that a value may point to can do, whatever package it comes from.
 *
 * A template that reads `student.department.name`, `page_obj.has_next` or `form.email.errors` knows
 * no types: it asks the object's table. An object begins with nu_object, whose `type` points to
 * something that begins with a nu_class (a nu_model, a nu_form_spec, or a plain nu_class).
 * A missing function means "no such ability".
 */
#pragma once
#include "core/arena.h"

struct nu__buf;
struct nu__json_style;

struct nu_object_ops {
    const char *kind; /* "model", "form", "page", "request", … for messages */
    /* An attribute or key by name. false: there is none. May yield (a relation is loaded). */
    bool (*get)(const nu_object *self, nu_str name, nu_value *out);
    /* str(self): STR, or SAFE when it is HTML already (a form, a bound field). */
    nu_value (*text)(const nu_object *self);
    /* repr(self), STR; missing: "<Class: text>". */
    nu_value (*repr)(const nu_object *self);
    /* bool(self); missing: true, or length != 0 where there is a length. May yield. */
    bool (*truth)(const nu_object *self);
    /* The items to iterate over, as a list. May yield. NULL: not iterable. */
    nu_list *(*items)(const nu_object *self);
    /* len(self), or -1. May yield. */
    int64_t (*length)(const nu_object *self);
    /* Item by number (object[0], object.0). false: there is none. */
    bool (*at)(const nu_object *self, int64_t index, nu_value *out);
    /* Equality beyond the same address (model instances: same model and key). */
    bool (*equal)(const nu_object *self, const nu_object *other);
    /* Their order: -1, 0 or 1; false: they have none. Missing: they never have. */
    bool (*compare)(const nu_object *self, const nu_object *other, int *order);
    /* What JSON writes for it (a query: a list of dicts); missing: TypeError. */
    nu_value (*json)(const nu_object *self);
    /* Write it straight into the text, where that is quicker. false: it can't be, use json. May
       yield. */
    bool (*write_json)(const nu_object *self, struct nu__buf *out,
                       const struct nu__json_style *style);
};

/* A function without arguments as a value: `V`-able through nu__callable(). */
/* alters_data: templates refuse to call it; do_not_call: they take it as it is. */
typedef struct nu__callable {
    nu_value (*call)(const void *self);
    const void *self;
    bool alters_data, do_not_call;
} nu__callable;
nu_value nu__callable_value(nu_value (*call)(const void *self), const void *self);

/* The table of an OBJECT or QUERY value (nu_query begins with nu_object too); NULL for others. */
const nu_object_ops *nu__value_ops(nu_value value);

/* The same questions for any value; lists, dicts and scalars included. */
/* A dict's key, else an attribute (dict.items, date.year, str.upper, an object's own), else an item
   by number: the order of Django's templates. false: there is none. */
bool nu__value_get(nu_value value, nu_str name, nu_value *out);
bool nu__value_truth(nu_value value);
nu_value nu__value_text(nu_value value);                    /* STR or SAFE */
nu_list *nu__value_items(nu_value value);                   /* NULL: not iterable; bytes: ints */
int64_t nu__value_length(nu_value value);                   /* -1: none */
bool nu__value_equal(nu_value a, nu_value b);               /* Python's ==; 1 == 1.0 == True */
bool nu__value_compare(nu_value a, nu_value b, int *order); /* false: not comparable */
bool nu__value_contains(nu_value container, nu_value item); /* `item in container` */
/* A copy in the arena that shares nothing with the original but objects, queries and expressions:
   lists, dicts, text and decimals are copied deep. false when out of memory or nested past 512. */
bool nu__value_copy(nu__arena *arena, nu_value value, nu_value *out);
const char *nu__kind_name(nu_kind kind); /* Python's word: "int", "str" */
