/**
 * @file
 * The conditions of constraints, which descriptors hold as text:
 * "gpa__isnull=True|gpa__gte=0,gpa__lte=4".
 *
 *     any  = all { "|" all }          all  = one { ("," | "&") one }
 *     one  = "~" one | "(" any ")" | lookup "=" value
 *     value = number | True | False | None | 'text' | F("name")
 */
#pragma once
#include <nuages/models.h>

typedef enum nu__check_op {
    NU__CONDITION_LOOKUP,
    NU__CONDITION_ALL,
    NU__CONDITION_ANY,
    NU__CONDITION_NOT,
} nu__check_op;

typedef struct nu__check_text {
    nu__check_op op;
    nu_str lookup;                /* "gpa__gte" */
    nu_value value;               /* null for F() */
    nu_str field;                 /* of F("name"); null: there is a value */
    struct nu__check_text *parts; /* of ALL, ANY, NOT: the first */
    struct nu__check_text *next;  /* in the list it is a part of */
} nu__check_text;

/* In the fiber's arena. Raises ImproperlyConfigured, with the text and where it is wrong. */
nu__check_text *nu__check_text_parse(nu_str text);
/* The same as a Q, for the query tree. */
nu_expr *nu__check_text_q(nu_str text);
