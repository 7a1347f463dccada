#include "db/backends/base.h"

#include "core/object.h"

NU_NORETURN void nu__raise_unbindable(nu_value value, size_t number)
{
    bool container = value.kind == NU_KIND_LIST || value.kind == NU_KIND_DICT;

    nu_raise(NU_PROGRAMMING_ERROR, "Error binding parameter{}: type '{}' is not supported{}",
             number ? nu_fmt(" {}", (int64_t)number) : S(""), nu__kind_name(value.kind),
             container ? S(". A field says what it becomes: give Value() an output_field, such as "
                           "JSONField()")
                       : S(""));
}
