/**
 * @file
 * vars(instance), instance.__dict__: what an instance holds, as a dict that is written to.
 *
 * The dict is a copy that lies beside the instance. What is written into it comes to the instance
 * when that is used next, and what is assigned to the instance comes to the dict; both are the
 * doing of those who get, set, save or show an instance.
 */
#pragma once
#include "cli/shell/orm/orm.h"

nu__py nu__orm_instance_dict(nu__py self);
/* What was written into the dict since, if anyone asked for it: to the instance. */
void nu__orm_dict_back(nu_object *object);
/* A value was assigned to the instance. */
void nu__orm_dict_assigned(nu_object *object);
/* del instance.name: the field is as if it had not been read; false: there is nothing such. */
bool nu__orm_instance_del(nu__py self, nu_str name);
