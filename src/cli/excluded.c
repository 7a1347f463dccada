#include "cli/excluded.h"

#include "cli/migration_files.h"

#include <string.h>

nu__model_info *nu__labelled_model(nu_str label)
{
    nu__model_info *info = nu__registry_find(nu__models(), label);

    if (!info)
        nu_raise(NU_COMMAND_ERROR, "Unknown model: {}", label);
    return info;
}

void nu__excluded_check(const nu_list *exclude)
{
    for (size_t i = 0; i < nu_list_len(exclude); i++) {
        nu_str label = nu_at(exclude, i).s;

        if (label.len && memchr(label.ptr, '.', label.len))
            nu__labelled_model(label);
        else
            nu__labelled_app(label);
    }
}
