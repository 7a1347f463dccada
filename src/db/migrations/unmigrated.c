#include "db/migrations/unmigrated.h"

#include "core/text.h"
#include "db/migrations/drift.h"
#include "db/models/options.h"
#include "db/models/router.h"

#include <ctype.h>

/* How the databases' messages begin, and what stands behind the names; columns before tables, whose
   words they share. */
static const struct {
    const char *before, *after;
    bool column;
} messages[] = {
    { "no such column: ", "", true },
    { "table ", " has no column named ", true },
    { "column ", " does not exist", true },
    { "(1054, \"Unknown column '", "' in ", true },
    { "no such table: ", "", false },
    { "relation \"", "\" does not exist", false },
    { "(1146, \"Table '", "' doesn't exist", false },
};
enum { N_MESSAGES = sizeof messages / sizeof *messages };

/* What an error says is missing. */
typedef struct missing {
    nu_list *names; /* of tables and columns, and what words stand between them */
    bool column;
} missing;

/* ---- the message ----------------------------------------------------------------------------- */

static nu_list *names_in(nu_str text)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0, begin = 0; i <= text.len; i++) {
        if (i < text.len && (isalnum((unsigned char)text.ptr[i]) || text.ptr[i] == '_' ||
                             (unsigned char)text.ptr[i] >= 0x80))
            continue;
        if (i > begin)
            nu_list_append(names, nu_copy(nu__sub(text, begin, i)));
        begin = i + 1;
    }
    return names;
}

static bool read_message(nu_str message, missing *out)
{
    ptrdiff_t line = nu__find(message, S("\n"));

    message = line < 0 ? message : nu__sub(message, 0, (size_t)line);
    for (size_t i = 0; i < N_MESSAGES; i++) {
        nu_str before = nu_s(messages[i].before), after = nu_s(messages[i].after);

        if (!nu_starts_with(message, before) || nu__find(message, after) < 0)
            continue;
        out->names = names_in(nu__sub(message, before.len, message.len));
        out->column = messages[i].column;
        return true;
    }
    return false;
}

static bool is_named(const missing *m, nu_str name)
{
    for (size_t i = 0; i < nu_list_len(m->names); i++)
        if (nu__same_name(nu_at(m->names, i).s.ptr, name.ptr))
            return true;
    return false;
}

/* ---- the database ---------------------------------------------------------------------------- */

static bool lacks(nu__connection *connection, const nu__model_info *info, const nu__field *field)
{
    return field ? nu__has_table(connection, info->db_table) &&
                       !nu__has_column(connection, info->db_table, field->column)
                 : !nu__has_table(connection, info->db_table);
}

/* A transaction that PostgreSQL has broken off answers no question: its word is taken where it
   names the table, too. */
static bool is_missing(const missing *m, const nu__model_info *info, const nu__field *field)
{
    nu__connection *connection = nu__connection_of(nu__router_db_for_read(info, NULL));
    bool so = false;

    if (!nu__has_own_table(connection, info))
        return false;
    if (nu_catch(NU_DATABASE_ERROR_BASE, so = lacks(connection, info, field)))
        return is_named(m, info->db_table);
    return so;
}

/* ---- what to do ------------------------------------------------------------------------------ */

static nu_str advice(const nu__model_info *info, nu_str what)
{
    return nu_fmt("The database has no {} of the model {}: run `manage makemigrations {}` where "
                  "the model was changed, build, then run `manage migrate`.",
                  what, info->label, info->app_label);
}

static nu_str column_advice(const missing *m, const nu__model_info *info)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!field->origin && is_named(m, field->column) && is_missing(m, info, field))
            return advice(info, nu_fmt("column {}.{}", info->db_table, field->column));
    }
    return S("");
}

static nu_str advice_of(const missing *m, const nu__model_info *info)
{
    if (m->column)
        return column_advice(m, info);
    return is_named(m, info->db_table) && is_missing(m, info, NULL)
               ? advice(info, nu_fmt("table {}", info->db_table))
               : S("");
}

nu_str nu__unmigrated_advice(const nu_error *error)
{
    const nu__registry *registry;
    missing m;

    if (!nu_error_is_a(error->klass, NU_DATABASE_ERROR) || !read_message(error->message, &m))
        return S("");
    registry = nu__models();
    for (size_t i = 0; i < registry->n_models; i++) {
        nu_str text = advice_of(&m, registry->models[i]);

        if (text.len)
            return text;
    }
    return S("");
}
