/* A condition is read for what it says of the column alone: what is not understood says nothing.
 *
 *   either         OR: the values of both, when both are known
 *     both         AND: those of the one that is known
 *       negated
 *         comparison   column IN (…), column = 'x', column = ANY (ARRAY[…]), column IS NULL
 *           operand    a column, a value, a list, a condition in brackets
 */
#include "db/migrations/check_values.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

typedef enum kind {
    OTHER,  /* says nothing */
    COLUMN, /* the one that is asked for */
    VALUES, /* literals; of one or several */
    SET,    /* a condition: the column has one of the values, or is null */
} kind;

typedef struct node {
    kind kind;
    nu_list *values;
} node;

typedef struct reader {
    const nu__token *at;
    nu_str column;
    nu__dialect dialect; /* PostgreSQL's names differ by case */
    int depth;
} reader;

enum { DEEPEST = 100 };

static node either(reader *r);

/* ---- tokens -------------------------------------------------------------------------------- */

static nu__token *tokens_of(nu__dialect dialect, nu_str text)
{
    nu__token *tokens = nu_alloc_array(nu__token, text.len + 1);
    size_t n = 0;

    do
        tokens[n] = nu__sql_token_of(dialect, &text);
    while (tokens[n++].kind != NU__TOKEN_END);
    return tokens;
}

static bool is_number(const nu__token *token)
{
    return token->kind == NU__TOKEN_WORD && isdigit((unsigned char)token->text.ptr[0]);
}

static bool take_word(reader *r, const char *word)
{
    bool taken = nu__token_is(r->at, word);

    r->at += taken;
    return taken;
}

static bool take_char(reader *r, char c)
{
    bool taken = nu__token_is_char(r->at, c);

    r->at += taken;
    return taken;
}

static bool is_one_of(const nu__token *token, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nu__token_is(token, words[i]))
            return true;
    return false;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Behind the bracket that closes the one that was just taken. */
static void skip_brackets(reader *r)
{
    for (int depth = 1; depth && r->at->kind != NU__TOKEN_END; r->at++)
        depth += (nu__token_is_char(r->at, '(') || nu__token_is_char(r->at, '[')) -
                 (nu__token_is_char(r->at, ')') || nu__token_is_char(r->at, ']'));
}

/* ---- operands ------------------------------------------------------------------------------ */

static void add_all(nu_list *to, const nu_list *from)
{
    for (size_t i = 0; i < nu_list_len(from); i++)
        nu_list_append(to, nu_at(from, i).s);
}

static node value(nu_str text)
{
    node made = { VALUES, nu_list_new() };

    nu_list_append(made.values, text);
    return made;
}

/* What follows an operand and does not change it: ::character varying(9)[], COLLATE x */
static void skip_cast(reader *r)
{
    static const char *const more[] = { "varying", "precision", "with", "without", "time", "zone" };

    while (nu__token_is_char(r->at, ':') && nu__token_is_char(r->at + 1, ':')) {
        r->at += 2;
        r->at += r->at->kind != NU__TOKEN_END;
        while (is_one_of(r->at, more, COUNT(more)))
            r->at++;
        while (take_char(r, '(') || take_char(r, '['))
            skip_brackets(r);
    }
    if (take_word(r, "COLLATE"))
        r->at += r->at->kind != NU__TOKEN_END;
}

/* Up to the bracket that closes it: one thing, or a list of values. */
static node in_brackets(reader *r, char close)
{
    node first = either(r);

    while (take_char(r, ',')) {
        node more = either(r);

        if (first.kind == VALUES && more.kind == VALUES)
            add_all(first.values, more.values);
        else
            first.kind = OTHER;
    }
    if (!take_char(r, close)) {
        skip_brackets(r);
        first.kind = OTHER;
    }
    return first;
}

/* Without the table that stands before it: a bare one holds the dots. */
static nu_str last_part(const nu__token *token, nu_str text)
{
    const char *dot = token->kind == NU__TOKEN_WORD ? memrchr(text.ptr, '.', text.len) : NULL;

    return dot ? (nu_str){ dot + 1, (size_t)(text.ptr + text.len - dot - 1) } : text;
}

static node name(reader *r)
{
    nu_str text = last_part(r->at, nu__token_text(r->dialect, r->at));
    bool same;

    r->at++;
    if (take_char(r, '(')) {
        skip_brackets(r);
        return (node){ OTHER, NULL };
    }
    if (r->at->kind == NU__TOKEN_WORD && nu_eq(r->at->text, ".")) {
        r->at += r->at[1].kind == NU__TOKEN_NAME;
        return r->at->kind == NU__TOKEN_NAME ? name(r) : (node){ OTHER, NULL };
    }
    same = text.len == r->column.len && !(r->dialect == NU__POSTGRESQL ? strncmp : strncasecmp)(
                                            text.ptr, r->column.ptr, text.len);
    return (node){ same ? COLUMN : OTHER, NULL };
}

/* N'x', E'x', _utf8mb4'x' */
static bool is_prefix(const nu__token *token)
{
    return token->kind == NU__TOKEN_WORD && token[1].kind == NU__TOKEN_TEXT &&
           (token->text.ptr[0] == '_' || token->text.len == 1);
}

static node word(reader *r)
{
    if (nu__token_is(r->at, "E") && is_prefix(r->at)) { /* PostgreSQL's, with backslashes */
        r->at += 2;
        return value(nu__token_text(NU__MYSQL, r->at - 1));
    }
    if (is_prefix(r->at))
        r->at++;
    if (r->at->kind == NU__TOKEN_TEXT)
        return value(nu__token_text(r->dialect, r->at++));
    if (take_word(r, "ANY"))
        return take_char(r, '(') ? in_brackets(r, ')') : (node){ OTHER, NULL };
    if (nu__token_is(r->at, "ARRAY") && nu__token_is_char(r->at + 1, '[')) {
        r->at += 2;
        return in_brackets(r, ']');
    }
    if (take_word(r, "NULL"))
        return (node){ VALUES, nu_list_new() };
    if (take_word(r, "CASE")) {
        while (r->at->kind != NU__TOKEN_END && !take_word(r, "END"))
            r->at++;
        return (node){ OTHER, NULL };
    }
    return name(r);
}

static node bare_operand(reader *r)
{
    bool negative = nu__token_is_char(r->at, '-') && is_number(r->at + 1);

    r->at += negative;
    if (is_number(r->at))
        return value(nu_fmt("{}{}", negative ? "-" : "", r->at++->text));
    if (take_char(r, '('))
        return in_brackets(r, ')');
    if (r->at->kind == NU__TOKEN_NAME)
        return name(r);
    if (r->at->kind == NU__TOKEN_WORD || r->at->kind == NU__TOKEN_TEXT)
        return word(r);
    return (node){ OTHER, NULL }; /* it is left where it is: whoever is about takes it */
}

static node operand(reader *r)
{
    node found = bare_operand(r);

    skip_cast(r);
    return found;
}

/* ---- conditions ---------------------------------------------------------------------------- */

static node compared(node a, node b)
{
    if (a.kind == COLUMN && b.kind == VALUES)
        return (node){ SET, b.values };
    if (b.kind == COLUMN && a.kind == VALUES)
        return (node){ SET, a.values };
    return (node){ OTHER, NULL };
}

static bool ends(const nu__token *token)
{
    static const char *const words[] = { "AND", "OR", "END", "THEN", "ELSE", "WHEN" };

    return token->kind == NU__TOKEN_END || nu__token_is_char(token, ')') ||
           nu__token_is_char(token, ']') || nu__token_is_char(token, ',') ||
           is_one_of(token, words, COUNT(words));
}

/* An operator that says nothing, and what stands behind it. */
static node skip_operator(reader *r)
{
    bool between = nu__token_is(r->at, "BETWEEN");

    r->at++;
    operand(r);
    if (between && take_word(r, "AND"))
        operand(r);
    return (node){ OTHER, NULL };
}

static node comparison(reader *r)
{
    node left = operand(r);

    while (!ends(r->at)) {
        if (take_word(r, "IN")) {
            left = compared(left, operand(r));
        } else if (nu__token_is_char(r->at, '=')) {
            r->at += 1 + nu__token_is_char(r->at + 1, '=');
            left = compared(left, operand(r));
        } else if (nu__token_is(r->at, "IS") && nu__token_is(r->at + 1, "NULL")) {
            r->at += 2;
            left = (node){ left.kind == COLUMN ? SET : OTHER, nu_list_new() };
        } else {
            left = skip_operator(r);
        }
    }
    return left;
}

static node negated(reader *r)
{
    if (!take_word(r, "NOT"))
        return comparison(r);
    comparison(r);
    return (node){ OTHER, NULL };
}

static node both(reader *r)
{
    node found = negated(r);

    while (take_word(r, "AND")) {
        node more = negated(r);

        if (found.kind != SET)
            found = (node){ more.kind == SET ? SET : OTHER, more.values };
    }
    return found;
}

static node either(reader *r)
{
    node found;

    if (++r->depth > DEEPEST) {
        while (r->at->kind != NU__TOKEN_END)
            r->at++;
        return (node){ OTHER, NULL };
    }
    found = both(r);
    while (take_word(r, "OR")) {
        node more = both(r);

        if (found.kind == SET && more.kind == SET)
            add_all(found.values, more.values);
        else
            found.kind = OTHER;
    }
    r->depth--;
    return found;
}

/* ---- a whole text -------------------------------------------------------------------------- */

static nu_list *values_at(reader r)
{
    node found = either(&r);

    return found.kind == SET && nu_list_len(found.values) ? found.values : NULL;
}

nu_list *nu__check_values(nu__dialect dialect, nu_str text, nu_str column)
{
    const nu__token *tokens = tokens_of(dialect, text);
    reader r = { .column = column, .dialect = dialect };
    bool any = false;

    for (const nu__token *at = tokens; at->kind != NU__TOKEN_END; at++) {
        nu_list *values;

        if (!nu__token_is(at, "CHECK") || !nu__token_is_char(at + 1, '('))
            continue;
        any = true;
        r.at = at + 1;
        values = values_at(r);
        if (values)
            return values;
    }
    r.at = tokens;
    return any || nu__token_is(tokens, "CREATE") ? NULL : values_at(r);
}
