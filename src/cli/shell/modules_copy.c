/* The module copy. A type says how its values are copied; those of types that say nothing do not
   change, and are their own copies. */
#include "cli/shell/limits.h"
#include "cli/shell/modules.h"

static nu__py key_of(nu__py value)
{
    return nu__py_int((int64_t)(uintptr_t)value.p);
}

void nu__py_copied_as(nu__py_dict *memo, nu__py value, nu__py copy)
{
    if (memo)
        nu__py_dict_set(memo, key_of(value), copy);
}

static nu__py copied(nu__py value, nu__py_dict *memo)
{
    for (const nu__py_type *type = value.type; type; type = type->base)
        if (type->copy)
            return type->copy(value, memo);
    return value;
}

nu__py nu__py_copied(nu__py part, nu__py_dict *memo)
{
    nu__py *found = memo ? nu__py_dict_find(memo, key_of(part)) : NULL, out;

    if (!memo)
        return part;
    if (found && found->type == part.type) /* numbers and text have no place of their own */
        return *found;
    nu__py_enter();
    out = copied(part, memo);
    nu__py_exit();
    return out;
}

static nu__py copy(nu__py self, const nu__py *args)
{
    (void)self;
    return copied(args[0], NULL);
}

static nu__py deepcopy(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_copied(args[0], nu__py_dict_new(&nu__py_dict_type).dict);
}

const nu__py_module_row nu__py_copy_module = {
    .name = "copy",
    .functions = (const nu__py_method[]){ { "copy", "x", copy },
                                          { "deepcopy", "x", deepcopy },
                                          { NULL, NULL, NULL } },
};
