#include "db/migrations/writer_int.h"

#include "db/migrations/operations.h"

#include <ctype.h>
#include <string.h>

nu_str nu__migration_symbol(nu_str app, nu_str name)
{
    nu_str symbol = nu_fmt("{}_{}", app, name);

    for (size_t i = 0; i < symbol.len; i++)
        if (!isalnum((unsigned char)symbol.ptr[i]))
            ((char *)symbol.ptr)[i] = '_'; /* fresh memory of nu_fmt */
    return symbol;
}

/* The functions of its RunC operations, which may stand in a file that comes later. */
static void write_prototypes(nu__buf *out, const nu_operation *op)
{
    for (; op->kind; op++) {
        if (op->kind != NU_RUN_C)
            continue;
        nu__buf_fmt(out, "static nu_migration_code {};\n", op->code_name);
        if (op->reverse_code_name && strcmp(op->reverse_code_name, "RunC_noop"))
            nu__buf_fmt(out, "static nu_migration_code {};\n", op->reverse_code_name);
    }
}

static void write_pairs(nu__buf *out, const char *option, const char *const (*pairs)[2],
                        size_t most)
{
    if (!pairs || !pairs[0][0])
        return;
    nu__buf_fmt(out, "    .{} = {{ ", option);
    for (size_t i = 0; i < most && pairs[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        if (!strcmp(pairs[i][0], NU_AUTH_USER_MODEL))
            nu__buf_lit(out, "{ NU_AUTH_USER_MODEL, \"__first__\" }");
        else
            nu__write_names(out, pairs[i], 2);
    }
    nu__buf_lit(out, " },\n");
}

static void write_replaces(nu__buf *out, const nu_migration *migration)
{
    if (!migration->replaces)
        return;
    nu__buf_lit(out, "    .replaces = Replaces(");
    for (size_t i = 0; migration->replaces[i][0]; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        nu__write_names(out, migration->replaces[i], 2);
    }
    nu__buf_lit(out, "),\n");
}

static void write_operations(nu__buf *out, const nu_migration *migration, nu_str symbol)
{
    nu__buf_fmt(out, "static const nu_operation {}_operations[] = {{\n", symbol);
    for (const nu_operation *op = migration->operations; op->kind; op++) {
        nu__buf_lit(out, "    ");
        nu__write_operation(out, op);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_lit(out, "    { 0 },\n};\n\n");
}

nu_str nu__write_migration(const nu_migration *migration, const char *command)
{
    nu__buf out = { 0 };
    nu_str symbol = nu__migration_symbol(nu_s(migration->app_label), nu_s(migration->name));

    if (command)
        nu__buf_fmt(&out, "/* Written by {}. */\n", command);
    nu__buf_lit(&out, "/* clang-format off */\n#include <nuages/migrations.h>\n\n");
    write_prototypes(&out, migration->operations);
    write_operations(&out, migration, symbol);
    nu__buf_fmt(&out, "static const nu_migration {} = {{\n    .app_label = ", symbol);
    nu__write_string(&out, migration->app_label);
    nu__buf_lit(&out, ", .name = ");
    nu__write_string(&out, migration->name);
    nu__write_flag(&out, "initial", migration->initial);
    nu__write_flag(&out, "non_atomic", migration->non_atomic);
    nu__buf_lit(&out, ",\n");
    write_replaces(&out, migration);
    write_pairs(&out, "dependencies", migration->dependencies, 16);
    write_pairs(&out, "run_before", migration->run_before, 8);
    nu__buf_fmt(&out, "    .operations = {}_operations,\n}};\n/* clang-format on */\n", symbol);
    return nu__buf_str(&out);
}

nu_str nu__write_all(nu_str app, nu_str way, const nu_list *names, const nu_list *symbols)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out,
                "/* Written by collectmigrations: all migrations of the app. Not to be edited. "
                "*/\n#include <nuages/migrations.h>\n\n");
    for (size_t i = 0; i < nu_list_len(names); i++)
        nu__buf_fmt(&out, "#include \"{}{}.c\"\n", way, nu_at(names, i));
    nu__buf_fmt(&out, "\nextern const nu_migration *const {}_migrations[];\n", app);
    nu__buf_fmt(&out, "const nu_migration *const {}_migrations[] = {{\n", app);
    for (size_t i = 0; i < nu_list_len(symbols); i++)
        nu__buf_fmt(&out, "    &{},\n", nu_at(symbols, i));
    nu__buf_lit(&out, "    NULL,\n};\n");
    return nu__buf_str(&out);
}
