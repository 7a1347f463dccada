/**
 * @file
 * Conditions and expressions that descriptors hold as text, for constraints, indexes, generated
 * columns and the database's defaults: descriptors are const data, and migrations write them down.
 *
 *     any    = xor { "|" xor }        xor = all { "^" all }      all = one { ("," | "&") one }
 *     one    = "~" one | ["Q"] "(" any ")" | lookup "=" (value | list)
 *     list   = "[" [ value { "," value } ] "]"
 *     value  = sum                    sum = product { ("+" | "-") product }
 *     product = sign { ("*" | "/" | "%") sign }     sign = "-" sign | power
 *     power  = atom [ "**" sign ]
 *     atom   = number | 'text' | True | False | None | "(" sum ")" | name "(" arguments ")"
 *     order  = class [ ".asc(" nulls ")" | ".desc(" nulls ")" ]
 *     class  = sum | "OpClass(" sum "," ["name="] text ")"
 *
 * Names are F, Value, Case, When, Func, RangeBoundary and Django's functions; a text among a
 * function's arguments names a field. All is made in the fiber's arena. What can't be read raises
 * ImproperlyConfigured, with the text and where it is wrong.
 */
#pragma once
#include <nuages/models.h>

/* "gpa__isnull=True|gpa__gte=0" as a Q. */
nu_expr *nu__text_condition(nu_str text);
/* "Lower('name')", "F('created').desc()". */
nu_expr *nu__text_expression(nu_str text);
/* The same with what `value_of` gives in the place of each field named; null gives F(name). */
typedef const nu_expr *nu__text_value(void *arg, nu_str field);
nu_expr *nu__text_expression_with(nu_str text, nu__text_value *value_of, void *arg);
/* What is indexed, without its order and operator class. */
nu_expr *nu__text_indexed(nu_expr *expr);
/* The names of fields, relations' paths included, that an expression or Q refers to. */
nu_list *nu__expression_names(const nu_expr *expr);
