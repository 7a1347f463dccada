/* Constraints that stand inside CREATE TABLE: SQLite names them nowhere else. */
#include "db/backends/sqlite/inline_constraints.h"

#include "db/backends/tokens.h"

static bool is_column(const nu__found_constraints *found, nu_str name)
{
    for (size_t i = 0; i < found->n_columns; i++)
        if (nu_eq(found->columns[i].name, name))
            return true;
    return false;
}

static bool is_name(const nu__token *token)
{
    return token->kind == NU__TOKEN_WORD || token->kind == NU__TOKEN_NAME;
}

/* One column or constraint of CREATE TABLE, as it is read. */
typedef struct definition {
    bool begun, is_constraint;
    nu_str name, field;
    int depth;
    bool unique, check; /* its columns are being read */
    int unique_depth, check_depth;
    nu__table_constraint uniques, checks;
} definition;

static void begin_definition(definition *at, const nu__token *token)
{
    at->begun = true;
    at->is_constraint = nu__token_is(token, "CONSTRAINT");
    if (!at->is_constraint && is_name(token))
        at->field = token->text;
}

static void read_unique(definition *at, const nu__token *token)
{
    if (nu__token_is(token, "UNIQUE")) {
        at->unique = true;
        at->unique_depth = at->depth;
        if (!at->is_constraint)
            nu__constraint_add_column(&at->uniques, nu_copy(at->field));
    } else if (at->unique && at->is_constraint) {
        if (at->unique_depth == at->depth)
            at->unique = at->uniques.n_columns == 0;
        else if (is_name(token))
            nu__constraint_add_column(&at->uniques, nu_copy(token->text));
    }
}

static void read_check(const nu__found_constraints *found, definition *at, const nu__token *token)
{
    if (nu__token_is(token, "CHECK")) {
        at->check = true;
        at->check_depth = at->depth;
    } else if (at->check) {
        if (at->check_depth == at->depth)
            at->check = at->checks.n_columns == 0;
        else if (is_name(token) && is_column(found, token->text))
            nu__constraint_add_column(&at->checks, nu_copy(token->text));
    }
}

static void read_token(const nu__found_constraints *found, definition *at, const nu__token *token)
{
    if (!at->begun) {
        begin_definition(at, token);
        return;
    }
    if (at->is_constraint && nu_is_null(at->name)) {
        at->name = nu_copy(token->text);
        return;
    }
    read_unique(at, token);
    read_check(found, at, token);
}

static nu_str constraint_name(nu__found_constraints *found, const definition *at)
{
    if (!nu_is_null(at->name))
        return at->name;
    return nu_fmt("__unnamed_constraint_{}__", (int64_t)++found->unnamed);
}

static void end_definition(nu__found_constraints *found, definition *at)
{
    nu__table_constraint *constraint;

    if (at->uniques.n_columns) {
        at->uniques.unique = true;
        at->uniques.name = constraint_name(found, at);
        constraint = nu__found_add(found);
        *constraint = at->uniques;
    }
    if (at->checks.n_columns) {
        at->checks.check = true;
        at->checks.name = constraint_name(found, at);
        constraint = nu__found_add(found);
        *constraint = at->checks;
    }
    *at = (definition){ .begun = false };
}

/* A constraint may follow another without a comma. */
static bool begins_another(const definition *at, const nu__token *token)
{
    static const char *const words[] = { "CONSTRAINT", "UNIQUE", "CHECK", "PRIMARY", "FOREIGN" };

    if (!at->is_constraint || at->depth || !(at->uniques.n_columns || at->checks.n_columns))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nu__token_is(token, words[i]))
            return true;
    return false;
}

void nu__find_inline(nu__found_constraints *found, nu_str sql)
{
    definition at = { .begun = false };
    nu__token token;

    do
        token = nu__sql_token(&sql);
    while (token.kind != NU__TOKEN_END && !nu__token_is_char(&token, '('));
    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END) {
        at.depth += nu__token_is_char(&token, '(');
        at.depth -= nu__token_is_char(&token, ')');
        if (at.depth < 0)
            break;
        if (at.depth == 0 && nu__token_is_char(&token, ',')) {
            end_definition(found, &at);
        } else {
            if (begins_another(&at, &token))
                end_definition(found, &at);
            read_token(found, &at, &token);
        }
    }
    end_definition(found, &at);
}
