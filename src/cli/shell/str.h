/**
 * @file
 * str, for the files that hold its methods.
 */
#pragma once
#include "cli/shell/object.h"

extern const nu__py_method nu__py_str_methods[], nu__py_str_statics[];
nu__py nu__py_repeated_text(nu_str text, nu__py times);
/* "%s of %d" % values */
nu_str nu__py_percent(nu_str format, nu__py values);
/* "{} {name}".format(…): `args` a tuple, `keywords` a dict */
nu_str nu__py_str_format(nu_str format, nu__py args, nu__py keywords);
