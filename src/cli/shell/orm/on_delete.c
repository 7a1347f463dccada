/* What deleting does to rows that refer: models.CASCADE and its like, functions to Django. */
#include "cli/shell/orm/on_delete.h"

#include <string.h>

static const char *name_of(nu__py self)
{
    return self.cp;
}

static nu__py get_name(nu__py self)
{
    return nu__py_str(nu_s(name_of(self)));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<function {}>", name_of(self));
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = !strcmp(name_of(a), name_of(b));
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = nu__py_hash(get_name(self));
    return true;
}

static const nu__py_type on_delete_type = {
    .name = "function",
    .attributes = (const nu__py_attribute[]){ { "__name__", get_name },
                                              { "__qualname__", get_name },
                                              { NULL, NULL } },
    .equal = equal,
    .hash = hash,
    .repr = repr,
};

static const char *const names[] = {
    [CASCADE] = "CASCADE",         [PROTECT] = "PROTECT",         [RESTRICT] = "RESTRICT",
    [SET_NULL] = "SET_NULL",       [SET_DEFAULT] = "SET_DEFAULT", [DO_NOTHING] = "DO_NOTHING",
    [SET_VALUE] = "set_on_delete",
};

nu__py nu__orm_on_delete(nu_on_delete what)
{
    return nu__py_pointer(&on_delete_type, names[what]);
}

#define CONSTANT(name)                                                                             \
    static nu__py make_##name(void)                                                                \
    {                                                                                              \
        return nu__orm_on_delete(name);                                                            \
    }
CONSTANT(CASCADE)
CONSTANT(PROTECT)
CONSTANT(RESTRICT)
CONSTANT(SET_NULL)
CONSTANT(SET_DEFAULT)
CONSTANT(DO_NOTHING)

const nu__py_constant nu__orm_on_deletes[] = {
    { "CASCADE", make_CASCADE },
    { "PROTECT", make_PROTECT },
    { "RESTRICT", make_RESTRICT },
    { "SET_NULL", make_SET_NULL },
    { "SET_DEFAULT", make_SET_DEFAULT },
    { "DO_NOTHING", make_DO_NOTHING },
    { 0 },
};
