#include "db/migrations/names.h"

#include "db/backends/names.h"

enum { TABLE_CHARS = 11, COLUMN_CHARS = 7, DIGEST_CHARS = 6 };

static nu_str head(nu_str text, size_t chars)
{
    return (nu_str){ text.ptr, text.len < chars ? text.len : chars };
}

nu_str nu__index_def_name(const nu__model_info *info, const nu_index *index)
{
    nu_str parts[10] = { info->db_table }, first = { NULL, 0 };
    size_t n = 1;

    for (size_t i = 0; i < 8 && index->fields[i]; i++) {
        bool descending = index->fields[i][0] == '-';
        const nu__field *field = nu__model_field(info, nu_s(index->fields[i] + descending));

        if (!field)
            nu_raise(NU_FIELD_ERROR, "an index of {} names the field '{}', which it has not",
                     info->label, index->fields[i] + descending);
        parts[n++] = descending ? nu_fmt("-{}", field->column) : field->column;
        if (!first.ptr)
            first = field->column;
    }
    parts[n++] = S("idx");
    return nu_fmt("{}_{}_{}_idx", head(info->db_table, TABLE_CHARS), head(first, COLUMN_CHARS),
                  nu__names_digest(parts, n, DIGEST_CHARS));
}
