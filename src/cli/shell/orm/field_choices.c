/* Field.get_choices(): what a form offers, of the field's choices or of the rows it may refer to.
 */
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/orm/query_methods.h"
#include "db/models/expression_text.h"

#include <nuages/managers.h>

static nu__py blanks_of(nu__py include, nu__py given)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);

    if (!nu__py_true_or(include, true))
        return out;
    if (nu__py_given(given))
        return nu__py_collect(given, &nu__py_list_type);
    nu__py_append(out, nu__py_pair(nu__py_str(S("")), nu__py_str(S("---------"))));
    return out;
}

static nu_query *limited(nu_query *rows, nu__py limit)
{
    nu__py none = nu__py_list_new(&nu__py_tuple_type, 0);

    return NU__PY_IS(limit, dict) ? nu_filter_(rows, nu__orm_conditions(none, limit))
                                  : nu__query_meeting(rows, limit.cp);
}

static nu_query *rows_of(nu__model_info *model, const char *usual_limit, nu__py limit,
                         nu__py ordering)
{
    nu_query *rows = nu__default_manager(model);

    if (!nu__orm_is_none(limit))
        rows = limited(rows, limit);
    else if (usual_limit)
        rows = nu__query_meeting(rows, nu__text_condition(nu_s(usual_limit)));
    if (nu__py_given(ordering) && nu__py_truth(ordering))
        rows = nu_order_by_(rows, nu__orm_names_of(ordering, "ordering"));
    return rows;
}

/* Pairs of a row's key and text. */
static nu__py with_rows(nu__py out, nu_query *query, nu_str key)
{
    nu__py rows = nu__orm_rows(nu__orm_queryset(query));

    for (size_t i = 0; i < rows.list->len; i++) {
        nu__py row = rows.list->items[i];

        nu__py_append(out, nu__py_pair(nu__py_get(row, key), nu__py_str(nu__py_text(row))));
    }
    return out;
}

nu__py nu__orm_relation_choices(nu__model_info *model, const nu__py *args)
{
    return with_rows(blanks_of(args[0], args[1]), rows_of(model, NULL, args[2], args[3]), S("pk"));
}

nu__py nu__orm_field_choices(nu__py self, const nu__py *args)
{
    const nu__field *field = self.cp;
    const nu__relation *relation = field->relation;
    nu__py out = blanks_of(args[0], args[1]), choices;

    if (field->choices) {
        choices = nu__py_get(self, S("choices"));
        for (size_t i = 0; i < choices.list->len; i++)
            nu__py_append(out, choices.list->items[i]);
        return out;
    }
    if (!relation)
        nu_raise(NU_ATTRIBUTE_ERROR, "{} has no choices, and refers to no model", field->name);
    return with_rows(out,
                     rows_of(relation->to,
                             ((const nu_relation_field *)field->def)->limit_choices_to, args[2],
                             args[3]),
                     relation->to_field ? relation->to_field->attname : S("pk"));
}

nu__py nu__orm_limit_choices(const nu__field *field)
{
    const char *limit = ((const nu_relation_field *)field->def)->limit_choices_to;

    return limit ? nu__py_str(nu_s(limit)) : nu__py_dict_new(&nu__py_dict_type);
}
