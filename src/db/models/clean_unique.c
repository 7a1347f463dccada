/* Uniqueness, asked of the database before it would say no. Django: Model.validate_unique() */
#include "core/object.h"
#include "core/time.h"
#include "db/models/queryset.h"
#include "db/models/validators.h"
#include "utils/translation.h"

#include <nuages/timezone.h>

bool nu__unique_fields(const nu__model_info *info, const char *const names[8],
                       const nu__field_bits *skip, nu__unique_check *out)
{
    *out = (nu__unique_check){ .n = 0 };
    for (int i = 0; i < 8 && names[i]; i++) {
        const nu__field *field = nu__model_field(info, nu_s(names[i]));

        if (!field || nu__set_has(skip, field->index))
            return false;
        out->fields[out->n++] = field;
    }
    return out->n > 0;
}

nu_query *nu__others(const nu_object *object)
{
    nu_query *query = nu__default_manager(nu__info_of(object));
    nu_cond same[2] = { { 0 } };

    if (!nu__row_of(object)->db || !nu__pk_is_set(object))
        return query;
    same[0] = (nu_cond){ .lookup = "pk", .value = nu__pk_of(object) };
    return nu_exclude_(query, same);
}

nu_query *nu__others_like(const nu_object *object, const nu__unique_check *check,
                          bool nulls_are_equal)
{
    nu_cond conditions[9] = { { 0 } };
    bool saved = nu__row_of(object)->db;

    for (size_t i = 0; i < check->n; i++) {
        nu_value value = nu__instance_value(check->fields[i], object);
        bool null = value.kind == NU_KIND_NULL;

        if ((null && !nulls_are_equal) || (check->fields[i]->primary_key && saved))
            return NULL;
        conditions[i].lookup =
            null ? nu_fmt("{}__isnull", check->fields[i]->name).ptr : check->fields[i]->attname.ptr;
        conditions[i].value = null ? nu_v_bool(true) : value;
    }
    return nu_filter_(nu__others(object), conditions);
}

/* "Student, Course and Term"; their names beside it. */
static nu_str labels_of(const nu__unique_check *check, nu_list *names)
{
    nu__buf labels = { 0 };

    for (size_t i = 0; i < check->n; i++) {
        nu__buf_fmt(&labels, "{}{}",
                    !i                  ? S("")
                    : i + 1 == check->n ? nu_fmt(" {} ", nu__gettext(S("and")))
                                        : S(", "),
                    nu__capitalized(check->fields[i]->verbose_name));
        nu_list_append(names, check->fields[i]->name);
    }
    return nu__buf_str(&labels);
}

/* "Student with this Email already exists.", "… with this Student and Course already exists." */
void nu__errors_add_unique(nu__errors *errors, const nu__model_info *info,
                           const nu__unique_check *check)
{
    const nu__field *first = check->fields[0];
    bool one = check->n == 1;
    nu_list *names = nu_list_new();
    nu_str labels = labels_of(check, names), message;
    const nu__message_param params[] = {
        { "model_name", nu_v_str(nu__capitalized(info->verbose_name)) },
        { one ? "field_label" : "field_labels", nu_v_str(labels) },
        { "unique_check", nu_v_list(names) },
        { NULL, nu_null() },
    };

    message =
        nu__message_translated(one ? "%(model_name)s with this %(field_label)s already exists."
                                   : "%(model_name)s with this %(field_labels)s already exists.",
                               params);
    if (one)
        message = nu__field_error_text(first, "unique", message, params);
    nu__errors_add(errors, one ? first->name : S(NU__WHOLE), one ? "unique" : "unique_together",
                   message, nu__params_dict(params));
}

static void run_unique_check(nu_object *object, const nu__unique_check *check, nu__errors *errors)
{
    nu_query *others = nu__others_like(object, check, false);

    if (others && nu_exists(others))
        nu__errors_add_unique(errors, nu__info_of(object), check);
}

/* The rows of the same day, month or year as the other field has. */
static nu_query *of_same_period(nu_query *query, const nu__field *date, nu_value value,
                                const char *period)
{
    static const char *const parts[] = { "year", "month", "day" };
    nu_date day = value.kind == NU_KIND_DATETIME
                      ? nu_datetime_date((nu_datetime){ value.i }, nu_timezone_current())
                      : (nu_date){ (int32_t)value.i };
    nu__ymd ymd = nu__ymd_of(day.ordinal);
    int numbers[] = { ymd.year, ymd.month, ymd.day };

    for (int i = 0; i < 3; i++)
        if (!strcmp(period, "date") || !strcmp(period, parts[i]))
            query = nu__query_where(query, nu_fmt("{}__{}", date->name, parts[i]),
                                    nu_v_int(numbers[i]));
    return query;
}

/* "Title must be unique for Published on month." */
static void add_not_of_period(nu__errors *errors, const nu__field *field, const nu__field *date,
                              const char *period)
{
    const nu__message_param params[] = {
        { "field_label", nu_v_str(nu__capitalized(field->verbose_name)) },
        { "date_field_label", nu_v_str(nu__capitalized(date->verbose_name)) },
        { "lookup_type", nu_v_cstr(period) },
        { "field", nu_v_str(field->name) },
        { "date_field", nu_v_str(date->name) },
        { NULL, nu_null() },
    };
    nu_str message = nu__message_translated(
        "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.", params);

    nu__errors_add(errors, field->name, "unique_for_date",
                   nu__field_error_text(field, "unique_for_date", message, params),
                   nu__params_dict(params));
}

/* unique_for_date, _month and _year. */
static void check_for_period(nu_object *object, const nu__field *field, const char *other,
                             const char *period, nu__errors *errors)
{
    const nu__field *date = other ? nu__model_field(nu__info_of(object), nu_s(other)) : NULL;
    nu_value value = date ? nu__field_get(date, object) : nu_null();
    nu_query *query;

    if (value.kind == NU_KIND_NULL)
        return;
    query = of_same_period(nu__others(object), date, value, period);
    if (!nu_exists(nu__query_where(query, field->name, nu__field_get(field, object))))
        return;
    add_not_of_period(errors, field, date, period);
}

static void check_for_periods(nu_object *object, const nu__field *field, nu__errors *errors)
{
    check_for_period(object, field, field->def->unique_for_date, "date", errors);
    check_for_period(object, field, field->def->unique_for_year, "year", errors);
    check_for_period(object, field, field->def->unique_for_month, "month", errors);
}

void nu__validate_unique(nu_object *object, const nu__field_bits *skip, nu__errors *errors)
{
    nu__model_info *info = nu__info_of(object);
    nu__unique_check check;

    for (int i = 0; i < 4 && info->model->unique_together[i][0]; i++)
        if (nu__unique_fields(info, info->model->unique_together[i], skip, &check))
            run_unique_check(object, &check, errors);
    for (size_t i = 0; i < info->n_fields; i++) {
        check = (nu__unique_check){ { &info->fields[i] }, 1 };
        if (!nu__set_has(skip, (uint32_t)i) && info->fields[i].unique)
            run_unique_check(object, &check, errors);
    }
    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(skip, (uint32_t)i))
            check_for_periods(object, &info->fields[i], errors);
}
