#include "db/backends/tokens.h"

#include "core/text.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '.' || (unsigned char)c >= 0x80;
}

static void skip(nu_str *sql, size_t n)
{
    n = n < sql->len ? n : sql->len;
    *sql = (nu_str){ sql->ptr + n, sql->len - n };
}

/* Bytes up to and with `end`, or all of them. */
static size_t through(nu_str sql, const char *end)
{
    const char *at = memmem(sql.ptr, sql.len, end, strlen(end));

    return at ? (size_t)(at - sql.ptr) + strlen(end) : sql.len;
}

static void skip_blanks(nu_str *sql)
{
    for (;;) {
        if (sql->len && is_blank(sql->ptr[0]))
            skip(sql, 1);
        else if (sql->len > 1 && memcmp(sql->ptr, "--", 2) == 0)
            skip(sql, through(*sql, "\n"));
        else if (sql->len > 1 && memcmp(sql->ptr, "/*", 2) == 0)
            skip(sql, through(*sql, "*/"));
        else
            return;
    }
}

/* A quote in the middle is written twice, in MariaDB's texts behind a backslash too. */
static nu__token take_quoted(nu_str *sql, char close, nu__token_kind kind, bool escapes)
{
    size_t i = 1;
    nu_str text;

    while (i < sql->len && (sql->ptr[i] != close || (i + 1 < sql->len && sql->ptr[i + 1] == close)))
        i += sql->ptr[i] == close || (escapes && sql->ptr[i] == '\\') ? 2 : 1;
    i = i < sql->len ? i : sql->len;
    text = (nu_str){ sql->ptr + 1, i - 1 };
    skip(sql, i + 1);
    return (nu__token){ kind, text };
}

nu__token nu__sql_token(nu_str *sql)
{
    return nu__sql_token_of(NU__SQLITE, sql);
}

nu__token nu__sql_token_of(nu__dialect dialect, nu_str *sql)
{
    size_t n = 0;
    nu_str text;

    skip_blanks(sql);
    if (!sql->len)
        return (nu__token){ NU__TOKEN_END, { "", 0 } };
    switch (sql->ptr[0]) {
    case '"':
    case '`':
        return take_quoted(sql, sql->ptr[0], NU__TOKEN_NAME, false);
    case '[': /* PostgreSQL's are those of ARRAY[…] */
        if (dialect == NU__SQLITE)
            return take_quoted(sql, ']', NU__TOKEN_NAME, false);
        break;
    case '\'':
        return take_quoted(sql, '\'', NU__TOKEN_TEXT, dialect == NU__MYSQL);
    }
    while (n < sql->len && is_word(sql->ptr[n]))
        n++;
    text = (nu_str){ sql->ptr, n ? n : 1 };
    skip(sql, text.len);
    return (nu__token){ n ? NU__TOKEN_WORD : NU__TOKEN_PUNCT, text };
}

bool nu__token_is(const nu__token *token, const char *keyword)
{
    size_t len = strlen(keyword);

    return token->kind == NU__TOKEN_WORD && token->text.len == len &&
           strncasecmp(token->text.ptr, keyword, len) == 0;
}

static char quote_of(const nu__token *token)
{
    char before = token->text.ptr[-1];

    return before == '[' ? ']' : before;
}

nu_str nu__token_text(nu__dialect dialect, const nu__token *token)
{
    bool escapes = dialect == NU__MYSQL && token->kind == NU__TOKEN_TEXT;
    nu__buf out = { 0 };

    if (token->kind != NU__TOKEN_NAME && token->kind != NU__TOKEN_TEXT)
        return nu_copy(token->text);
    for (size_t i = 0; i < token->text.len; i++) {
        char c = token->text.ptr[i];

        if (c == quote_of(token) || (escapes && c == '\\' && i + 1 < token->text.len))
            i++;
        if (i < token->text.len)
            nu__buf_char(&out, token->text.ptr[i]);
    }
    return nu__buf_str(&out);
}
