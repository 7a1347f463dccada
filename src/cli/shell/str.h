/**
 * @file
 * str, for the files that hold its methods.
 */
#pragma once
#include "cli/shell/object.h"

extern const nu__py_method nu__py_str_methods[], nu__py_str_statics[];

/* Null as the empty text. */
nu__py nu__py_str_of(nu_str s);
ptrdiff_t nu__py_str_find_last(nu_str s, nu_str needle); /* -1: it is not there */
bool nu__py_str_no_separator(nu__py sep);                /* None, or not given */
/* str_split.c */
nu__py_function nu__py_str_split, nu__py_str_rsplit, nu__py_str_splitlines, nu__py_str_join,
    nu__py_str_partition, nu__py_str_rpartition;
/* str_replace.c */
nu__py_function nu__py_str_strip, nu__py_str_lstrip, nu__py_str_rstrip, nu__py_str_removeprefix,
    nu__py_str_removesuffix, nu__py_str_ljust, nu__py_str_rjust, nu__py_str_center,
    nu__py_str_zfill, nu__py_str_replace, nu__py_str_expandtabs, nu__py_str_translate,
    nu__py_str_maketrans;
nu__py nu__py_repeated_text(nu_str text, nu__py times);
/* "%s of %d" % values */
nu_str nu__py_percent(nu_str format, nu__py values);
/* "{} {name}".format(…): `args` a tuple, `keywords` a dict */
nu_str nu__py_str_format(nu_str format, nu__py args, nu__py keywords);
