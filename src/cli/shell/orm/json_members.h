/**
 * @file
 * JSON fields of instances, whose lists and dicts code may change in place: s.address["city"] = "".
 *
 * An instance gives the same value each time; before it is written or looked at in C the value goes
 * back into its member.
 */
#pragma once
#include "cli/shell/orm/orm.h"

/* The value of a JSON field, where it is a list or dict; false: it is none. */
bool nu__orm_json_member(nu_object *object, nu_str name, nu__py *out);
/* `value` was assigned: it is what the instance gives from now on. */
void nu__orm_json_assigned(nu_object *object, nu_str name, nu__py value);
/* Members as the values stand now. TypeError for what JSON has not. */
void nu__orm_json_back(nu_object *object);
