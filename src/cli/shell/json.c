/* --json: the form of a value that its type's row does not tell. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "core/json.h"

void nu__py_json(nu__py value, nu__buf *out)
{
    const nu__py_type *type = value.type;

    nu__py_enter();
    while (type->base && !type->json)
        type = type->base;
    if (type->json) {
        type->json(value, out);
    } else if (type->next) {
        nu__py_json(nu__py_collect(value, &nu__py_list_type), out);
    } else {
        nu__buf_lit(out, "{\"$repr\": ");
        nu__json_str(out, nu__py_repr(value), &nu__json_dumps);
        nu__buf_char(out, '}');
    }
    nu__py_exit();
}
