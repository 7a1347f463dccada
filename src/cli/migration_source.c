#include "cli/migration_source.h"

#include "cli/text_files.h"
#include "db/migrations/writer.h"

#include <ctype.h>
#include <string.h>

/* ---- words of C ------------------------------------------------------------------------------ */

typedef enum kind { END, NAME, TEXT, SIGN } kind;

typedef struct reader {
    const char *at, *end;
    int64_t line;
    kind kind;   /* of the word that was read last */
    nu_str word; /* of a text what is between its quotes */
} reader;

static char next_char(const reader *r)
{
    return r->at + 1 < r->end ? r->at[1] : '\0';
}

static void step(reader *r)
{
    r->line += *r->at == '\n';
    r->at++;
}

/* To the end of the line; a backslash before it joins the next. */
static void skip_line(reader *r)
{
    while (r->at < r->end && *r->at != '\n') {
        if (*r->at == '\\' && r->at + 1 < r->end)
            step(r);
        step(r);
    }
}

static void skip_comment(reader *r)
{
    step(r);
    step(r);
    while (r->at < r->end && !(*r->at == '*' && next_char(r) == '/'))
        step(r);
    for (int i = 0; i < 2 && r->at < r->end; i++)
        step(r);
}

/* Blanks, comments, lines of the preprocessor. */
static bool skip_one(reader *r)
{
    if (isspace((unsigned char)*r->at))
        step(r);
    else if (*r->at == '#' || (*r->at == '/' && next_char(r) == '/'))
        skip_line(r);
    else if (*r->at == '/' && next_char(r) == '*')
        skip_comment(r);
    else
        return false;
    return true;
}

static void read_quoted(reader *r)
{
    char quote = *r->at++;
    const char *begin = r->at;

    while (r->at < r->end && *r->at != quote && *r->at != '\n')
        r->at += *r->at == '\\' && r->at + 1 < r->end ? 2 : 1;
    r->word = nu_copy((nu_str){ begin, (size_t)(r->at - begin) });
    r->kind = quote == '"' ? TEXT : SIGN;
    if (r->at < r->end)
        step(r);
}

static kind read_word(reader *r)
{
    const char *begin;

    while (r->at < r->end && skip_one(r))
        ;
    r->kind = END;
    if (r->at >= r->end)
        return END;
    if (*r->at == '"' || *r->at == '\'') {
        read_quoted(r);
        return r->kind;
    }
    begin = r->at;
    while (r->at < r->end && (isalnum((unsigned char)*r->at) || *r->at == '_'))
        r->at++;
    r->kind = r->at > begin ? NAME : SIGN;
    if (r->at == begin)
        r->at++;
    r->word = nu_copy((nu_str){ begin, (size_t)(r->at - begin) });
    return r->kind;
}

static bool is_sign(const reader *r, char sign)
{
    return r->kind == SIGN && r->word.len == 1 && r->word.ptr[0] == sign;
}

/* ---- a migration ----------------------------------------------------------------------------- */

/* What follows ".name =": a text that stands alone. */
static nu_str read_text(reader *r, int64_t *line)
{
    nu_str text;

    if (read_word(r) != SIGN || !is_sign(r, '=') || read_word(r) != TEXT)
        return (nu_str){ NULL, 0 };
    text = r->word;
    *line = r->line;
    read_word(r);
    return is_sign(r, ',') || is_sign(r, '}') ? text : (nu_str){ NULL, 0 };
}

/* From the brace that opens it to the one that closes it. */
static void read_members(reader *r, nu__migration_source *out)
{
    int depth = 1;

    while (depth && r->kind != END) {
        bool member = is_sign(r, '.') && depth == 1;

        read_word(r);
        if (member && r->kind == NAME && nu_eq(r->word, "name"))
            out->name = read_text(r, &out->name_line);
        else if (member && r->kind == NAME && nu_eq(r->word, "app_label"))
            out->app_label = read_text(r, &out->app_label_line);
        depth += is_sign(r, '{') - is_sign(r, '}');
    }
}

nu__migration_source nu__migration_source_read(nu_str text)
{
    nu__migration_source out = { .n = 0 };
    reader r = { .at = text.ptr, .end = text.ptr + text.len, .line = 1 };

    while (read_word(&r) != END) {
        nu_str symbol;
        int64_t line;

        if (r.kind != NAME || !nu_eq(r.word, "nu_migration") || read_word(&r) != NAME)
            continue;
        symbol = r.word;
        line = r.line;
        if (read_word(&r) != SIGN || !is_sign(&r, '=') || read_word(&r) != SIGN ||
            !is_sign(&r, '{'))
            continue;
        out.symbol = symbol;
        out.line = line;
        out.n++;
        read_members(&r, &out);
    }
    return out;
}

/* ---- what is wrong with it ------------------------------------------------------------------- */

nu__migration_source nu__migration_source_checked(nu_str folder, nu_str label, nu_str name)
{
    nu_str path = nu_fmt("{}/{}.c", folder, name);
    nu__migration_source found = nu__migration_source_read(nu__read_text_file(path));

    if (!found.n)
        nu_raise(NU_COMMAND_ERROR,
                 "{} has no migration: write `static const nu_migration {} = {{ .app_label = "
                 "\"{}\", .name = \"{}\", … }}`, as makemigrations --empty does; or let the file's "
                 "name begin with _ when it is to have none.",
                 path, nu__migration_symbol(label, name), label, name);
    if (found.n > 1)
        nu_raise(NU_COMMAND_ERROR,
                 "{}:{}: a second migration in one file: each has a file of its own name.", path,
                 found.line);
    if (found.app_label.ptr && !nu_eq_(found.app_label, label))
        nu_raise(NU_COMMAND_ERROR,
                 "{}:{}: .app_label is \"{}\", but the file is among the migrations of {}: write "
                 ".app_label = \"{}\", or move the file.",
                 path, found.app_label_line, found.app_label, label, label);
    if (found.name.ptr && !nu_eq_(found.name, name))
        nu_raise(NU_COMMAND_ERROR,
                 "{}:{}: .name is \"{}\", but the file is {}.c, and a migration is called as its "
                 "file. Write .name = \"{}\" here, and in the .dependencies of those that come "
                 "after it; or call the file {}.c.",
                 path, found.name_line, found.name, name, name, found.name);
    return found;
}
