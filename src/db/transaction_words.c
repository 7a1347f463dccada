#include "db/transaction_words.h"

#include "core/text.h"
#include "db/driver.h"

/* Does a text that is read on have this at its front? */
static bool at_front(nu_str sql, const char *text)
{
    return nu_starts_with(sql, nu_s(text));
}

static nu_str past(nu_str sql, size_t n)
{
    n = n < sql.len ? n : sql.len;
    return (nu_str){ sql.ptr + n, sql.len - n };
}

static nu_str past_line(nu_str sql)
{
    const char *end = memchr(sql.ptr, '\n', sql.len);

    return past(sql, end ? (size_t)(end - sql.ptr) + 1 : sql.len);
}

/* PostgreSQL's comments nest; the others end with the first end. */
static nu_str past_comment(nu_str sql, bool nests)
{
    for (int open = 0; sql.len;) {
        bool opens = at_front(sql, "/*") && (nests || !open), closes = at_front(sql, "*/");

        open += opens ? 1 : closes ? -1 : 0;
        sql = past(sql, opens || closes ? 2 : 1);
        if (!open)
            break;
    }
    return sql;
}

/* What MariaDB runs though it looks like a comment: "!" and a version follow the opening. */
static bool is_executed(const nu__driver *driver, nu_str sql)
{
    return driver->name_quote == '`' && (at_front(sql, "/*!") || at_front(sql, "/*M!"));
}

static nu_str past_executed_mark(nu_str sql)
{
    sql = past(sql, at_front(sql, "/*!") ? 3 : 4);
    while (sql.len && sql.ptr[0] >= '0' && sql.ptr[0] <= '9')
        sql = past(sql, 1);
    return sql;
}

/* Blanks, comments, empty statements, and SQLite's byte order mark. */
static nu_str past_blanks(const nu__driver *driver, nu_str sql)
{
    bool hashes = driver->name_quote == '`';

    while (sql.len) {
        if ((unsigned char)sql.ptr[0] <= ' ' || sql.ptr[0] == ';')
            sql = past(sql, 1);
        else if (at_front(sql, "\xEF\xBB\xBF"))
            sql = past(sql, 3);
        else if (at_front(sql, "--") || (hashes && sql.ptr[0] == '#'))
            sql = past_line(sql);
        else if (is_executed(driver, sql))
            sql = past_executed_mark(sql);
        else if (at_front(sql, "/*"))
            sql = past_comment(sql, nu_eq(driver->vendor, "postgresql"));
        else
            break;
    }
    return sql;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The next word of *sql, which is advanced past it; empty: something else is there. */
static nu_str take_word(const nu__driver *driver, nu_str *sql)
{
    nu_str rest = past_blanks(driver, *sql), word = { rest.ptr, 0 };

    while (word.len < rest.len && is_letter(rest.ptr[word.len]))
        word.len++;
    *sql = past(rest, word.len);
    return word;
}

static bool is_word(nu_str word, const char *keyword)
{
    return nu__eq_ignore_ascii_case(word, nu_s(keyword));
}

/* "ROLLBACK TO x" is a savepoint's. */
static bool rolls_all_back(const nu__driver *driver, nu_str rest)
{
    nu_str word = take_word(driver, &rest);

    if (is_word(word, "TRANSACTION") || is_word(word, "WORK"))
        word = take_word(driver, &rest);
    return !is_word(word, "TO");
}

/* "BEGIN NOT ATOMIC ... END" is MariaDB's block of statements, which opens no transaction. */
static bool begins_transaction(const nu__driver *driver, nu_str rest)
{
    return !is_word(take_word(driver, &rest), "NOT");
}

static bool is_of_transaction(const nu__driver *driver, nu_str rest)
{
    return is_word(take_word(driver, &rest), "TRANSACTION");
}

/* "SET @@session.autocommit = 1" commits what is open. */
static bool sets_autocommit(const nu__driver *driver, nu_str rest)
{
    while ((rest = past_blanks(driver, rest)).len) {
        nu_str word = take_word(driver, &rest);

        if (is_word(word, "autocommit"))
            return true;
        if (!word.len)
            rest = past(rest, 1);
    }
    return false;
}

typedef struct words_row {
    const char *word;
    bool (*is_one)(const nu__driver *driver, nu_str rest); /* NULL: always */
} words_row;

static const words_row words[] = {
    { "BEGIN", begins_transaction },
    { "START", is_of_transaction },
    { "COMMIT", NULL },
    { "END", NULL },
    { "ROLLBACK", rolls_all_back },
    { "ABORT", NULL },
    { "PREPARE", is_of_transaction },
    { "SET", sets_autocommit },
};

static bool is_temporary(const nu__driver *driver, nu_str rest)
{
    nu_str word = take_word(driver, &rest);

    if (is_word(word, "OR")) /* CREATE OR REPLACE TEMPORARY */
        take_word(driver, &rest), word = take_word(driver, &rest);
    return is_word(word, "TEMPORARY");
}

static bool is_lasting(const nu__driver *driver, nu_str rest)
{
    return !is_temporary(driver, rest);
}

/* "ANALYZE TABLE", "LOCK TABLES": not "ANALYZE SELECT", which explains. */
static bool is_of_tables(const nu__driver *driver, nu_str rest)
{
    nu_str word = take_word(driver, &rest);

    if (is_word(word, "NO_WRITE_TO_BINLOG") || is_word(word, "LOCAL"))
        word = take_word(driver, &rest);
    return is_word(word, "TABLE") || is_word(word, "TABLES");
}

/* What commits by itself on MariaDB. */
static const words_row committing[] = {
    { "ALTER", NULL },         { "CREATE", is_lasting },     { "DROP", is_lasting },
    { "RENAME", NULL },        { "TRUNCATE", NULL },         { "GRANT", NULL },
    { "REVOKE", NULL },        { "LOCK", is_of_tables },     { "ANALYZE", is_of_tables },
    { "CHECK", is_of_tables }, { "OPTIMIZE", is_of_tables }, { "REPAIR", is_of_tables },
    { "FLUSH", NULL },
};

static const char *word_among(const words_row *rows, size_t n, const nu__driver *driver, nu_str sql)
{
    nu_str rest = sql, word = take_word(driver, &rest);

    for (size_t i = 0; i < n; i++)
        if (is_word(word, rows[i].word) && (!rows[i].is_one || rows[i].is_one(driver, rest)))
            return rows[i].word;
    return NULL;
}

/* Only where the code can't know that a transaction is open: an atomic block of one's own may hold
   such a statement, as in Django. */
static void check_committing(const nu__session *session, nu_str sql)
{
    const nu__driver *driver = session->connection.database->driver;
    const char *found;

    if (!session->enclosed || !nu_eq(driver->vendor, "mysql"))
        return;
    found = word_among(committing, sizeof committing / sizeof *committing, driver, sql);
    if (found)
        nu_raise(
            NU_TRANSACTION_MANAGEMENT_ERROR,
            "{} can't be run here: MariaDB commits what is open when it meets it, and the code "
            "around it is one transaction, written as a whole or not at all. Run it by "
            "./manage dbshell, or as a migration.",
            found);
}

void nu__check_transaction_words(const nu__session *session, nu_str sql)
{
    const nu__driver *driver = session->connection.database->driver;
    const char *found;

    if (!session->in_atomic_block && !session->enclosed)
        return;
    found = word_among(words, sizeof words / sizeof *words, driver, sql);
    if (found)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "{} can't be run as SQL of one's own here: the code around it is one "
                 "transaction, written as a whole or not at all. Use transaction.atomic() "
                 "(nu_atomic) for a part of it, a savepoint or transaction.set_rollback(True) "
                 "(nu_set_rollback) to undo one.",
                 found);
    check_committing(session, sql);
}
