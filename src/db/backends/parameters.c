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

void nu__question_mark(nu__buf *out, uint32_t number)
{
    (void)number;
    nu__buf_char(out, '?');
}

nu_str nu__question_marks(nu_str sql)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < sql.len; i++) {
        bool pair = sql.ptr[i] == '%' && i + 1 < sql.len;

        if (pair && sql.ptr[i + 1] == 's')
            nu__buf_char(&out, '?');
        else
            nu__buf_char(&out, sql.ptr[i]);
        if (pair && (sql.ptr[i + 1] == 's' || sql.ptr[i + 1] == '%'))
            i++;
    }
    return nu__buf_str(&out);
}
