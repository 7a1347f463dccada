/* The kinds of statements, a row each: what a database locks for it, and how long. */
#include "db/migrations/impact_int.h"

#include <string.h>

#define ALL NU__ACCESS_EXCLUSIVE

/* In ALTER TABLE each change stands for itself: "ALTER TABLE T" before each. ONLY, IF EXISTS and IF
   NOT EXISTS are left out before. */
static const nu__form on_postgresql[] = {
    { "CREATE TABLE T", .naming = NU__TABLE_MADE },
    { "CREATE INDEX CONCURRENTLY * ON T", NU__SHARE_UPDATE_EXCLUSIVE, NU__ROWS_READ },
    { "CREATE UNIQUE INDEX CONCURRENTLY * ON T", NU__SHARE_UPDATE_EXCLUSIVE, NU__ROWS_READ },
    { "CREATE INDEX * ON T", NU__SHARE, NU__ROWS_READ },
    { "CREATE UNIQUE INDEX * ON T", NU__SHARE, NU__ROWS_READ },
    { "DROP INDEX CONCURRENTLY I", NU__SHARE_UPDATE_EXCLUSIVE },
    { "DROP INDEX I", ALL },
    { "ALTER TABLE T RENAME TO N", ALL, .naming = NU__TABLE_RENAMED },
    { "ALTER TABLE T RENAME COLUMN C TO N", ALL, .naming = NU__COLUMN_RENAMED },
    { "ALTER TABLE T ADD COLUMN * REFERENCES O", ALL, .judge = nu__judge_pg_added,
      .other = NU__SHARE_ROW_EXCLUSIVE },
    { "ALTER TABLE T ADD COLUMN", ALL, .judge = nu__judge_pg_added },
    { "ALTER TABLE T ADD CONSTRAINT N UNIQUE USING INDEX", ALL },
    { "ALTER TABLE T ADD CONSTRAINT N FOREIGN KEY * REFERENCES O * NOT VALID",
      NU__SHARE_ROW_EXCLUSIVE, .other = NU__SHARE_ROW_EXCLUSIVE },
    { "ALTER TABLE T ADD CONSTRAINT N FOREIGN KEY * REFERENCES O", NU__SHARE_ROW_EXCLUSIVE,
      NU__ROWS_READ, .other = NU__SHARE_ROW_EXCLUSIVE },
    { "ALTER TABLE T ADD CONSTRAINT N CHECK * NOT VALID", ALL },
    { "ALTER TABLE T ADD CONSTRAINT", ALL, NU__ROWS_READ },
    { "ALTER TABLE T VALIDATE CONSTRAINT N", NU__SHARE_UPDATE_EXCLUSIVE, NU__ROWS_READ,
      .other = NU__ROW_SHARE, .around = NU__OF_CONSTRAINT },
    { "ALTER TABLE T DROP CONSTRAINT N", ALL, .other = ALL, .around = NU__OF_CONSTRAINT },
    { "ALTER TABLE T DROP COLUMN C", ALL, .other = ALL, .around = NU__OF_COLUMN },
    { "ALTER TABLE T ALTER COLUMN C TYPE", ALL, .judge = nu__judge_pg_type },
    { "ALTER TABLE T ALTER COLUMN C SET NOT NULL", ALL, .judge = nu__judge_pg_not_null },
    { "ALTER TABLE T", ALL },
    { "DROP TABLE T", ALL, .other = ALL, .around = NU__ALL_AROUND, .naming = NU__TABLE_DROPPED },
    { "COMMENT ON TABLE T", NU__SHARE_UPDATE_EXCLUSIVE },
    { "COMMENT ON COLUMN T", NU__SHARE_UPDATE_EXCLUSIVE },
    { "TRUNCATE TABLE T", ALL },
    { "TRUNCATE T", ALL },
    { "UPDATE T", NU__ROW_EXCLUSIVE, NU__ROWS_WRITTEN },
    { "DELETE FROM T", NU__ROW_EXCLUSIVE, NU__ROWS_WRITTEN },
    { "INSERT INTO T", NU__ROW_EXCLUSIVE },
    { NULL },
};

static const nu__form on_mysql[] = {
    { "CREATE TABLE T", .naming = NU__TABLE_MADE },
    { "CREATE INDEX * ON T", ALL, NU__ROWS_READ, .other = NU__SHARE, .around = NU__OF_TABLE },
    { "CREATE UNIQUE INDEX * ON T", ALL, NU__ROWS_READ, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "DROP INDEX N ON T", ALL, NU__ROWS_READ, .other = NU__SHARE, .around = NU__OF_TABLE },
    { "RENAME TABLE T TO N", ALL, .other = NU__SHARE, .around = NU__OF_TABLE,
      .naming = NU__TABLE_RENAMED },
    { "ALTER TABLE T RENAME COLUMN C TO N", ALL, .other = NU__SHARE, .around = NU__OF_TABLE,
      .naming = NU__COLUMN_RENAMED },
    { "ALTER TABLE T ADD COLUMN", ALL, .judge = nu__judge_mysql_added, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T ADD CONSTRAINT N UNIQUE", ALL, NU__ROWS_READ, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T ADD CONSTRAINT N PRIMARY KEY", ALL, NU__MADE_BESIDE, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T ADD CONSTRAINT N FOREIGN KEY * REFERENCES O", ALL,
      .judge = nu__judge_mysql_key, .other = NU__SHARE, .around = NU__OF_TABLE },
    { "SET foreign_key_checks * N", .naming = NU__KEYS_LEFT_UNCHECKED },
    { "ALTER TABLE T ADD", ALL, NU__MADE_ANEW, .other = NU__SHARE, .around = NU__OF_TABLE },
    { "ALTER TABLE T DROP INDEX N", ALL, NU__ROWS_READ, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T DROP PRIMARY KEY", ALL, NU__MADE_ANEW, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T DROP COLUMN C", ALL, .judge = nu__judge_mysql_dropped, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T MODIFY C", ALL, .judge = nu__judge_mysql_modified, .other = NU__SHARE,
      .around = NU__OF_TABLE },
    { "ALTER TABLE T", ALL, .other = NU__SHARE, .around = NU__OF_TABLE },
    { "DROP TABLE T", ALL, .other = NU__SHARE, .around = NU__OF_TABLE,
      .naming = NU__TABLE_DROPPED },
    { "TRUNCATE TABLE T", ALL },
    { "TRUNCATE T", ALL },
    { "UPDATE T", NU__ROW_EXCLUSIVE, NU__ROWS_WRITTEN },
    { "DELETE FROM T", NU__ROW_EXCLUSIVE, NU__ROWS_WRITTEN },
    { "INSERT INTO T", NU__ROW_EXCLUSIVE },
    { NULL },
};

static const nu__form on_sqlite[] = {
    { "CREATE TABLE T", .naming = NU__TABLE_MADE },
    { "INSERT INTO T * SELECT * FROM O", ALL, NU__MADE_ANEW, .other = ALL,
      .naming = NU__TABLE_FILLED },
    { "CREATE INDEX * ON T", ALL, NU__ROWS_READ },
    { "CREATE UNIQUE INDEX * ON T", ALL, NU__ROWS_READ },
    { "DROP INDEX I", ALL },
    { "ALTER TABLE T RENAME TO N", ALL, .naming = NU__TABLE_RENAMED },
    { "ALTER TABLE T RENAME COLUMN C TO N", ALL, .naming = NU__COLUMN_RENAMED },
    { "ALTER TABLE T ADD COLUMN", ALL, .judge = nu__judge_sqlite_added },
    { "ALTER TABLE T DROP COLUMN", ALL, NU__ROWS_WRITTEN },
    { "DROP TABLE T", ALL, .naming = NU__TABLE_DROPPED },
    { "UPDATE T", ALL, NU__ROWS_WRITTEN },
    { "DELETE FROM T", ALL, NU__ROWS_WRITTEN },
    { "INSERT INTO T", ALL },
    { NULL },
};

static const nu__form *const forms[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = on_sqlite,
    [NU__POSTGRESQL] = on_postgresql,
    [NU__MYSQL] = on_mysql,
};

/* ---- reading ------------------------------------------------------------------------------- */

static bool is_name(const nu__token *token)
{
    return token->kind == NU__TOKEN_NAME || token->kind == NU__TOKEN_WORD;
}

/* The place that a letter of a form fills; NULL: the word is no such letter. */
static nu_str *place_of(nu__reading *statement, const char *word, size_t len)
{
    if (len != 1)
        return NULL;
    switch (*word) {
    case 'T':
        return &statement->table;
    case 'O':
        return &statement->other;
    case 'I':
    case 'N':
        return &statement->name;
    default:
        return *word == 'C' ? &statement->column : NULL;
    }
}

static bool fits(nu__dialect dialect, nu__reading *statement, const char *words, size_t at)
{
    size_t len = strcspn(words, " ");
    const char *rest = words + len + (words[len] == ' ');
    const nu__token *token = &statement->tokens[at];
    nu_str *place;

    if (!len)
        return true;
    if (*words == '*') {
        for (; at < statement->n; at++)
            if (fits(dialect, statement, rest, at))
                return true;
        return false;
    }
    if (at >= statement->n)
        return false;
    place = place_of(statement, words, len);
    if (!place)
        return nu__token_is(token, nu_copy((nu_str){ words, len }).ptr) &&
               fits(dialect, statement, rest, at + 1);
    if (!is_name(token) || !fits(dialect, statement, rest, at + 1))
        return false;
    *place = nu__token_text(dialect, token);
    return true;
}

const nu__form *nu__form_of(nu__dialect dialect, nu__reading *statement)
{
    for (const nu__form *form = forms[dialect]; form->words; form++)
        if (fits(dialect, statement, form->words, 0))
            return form;
    return NULL;
}

/* ---- words --------------------------------------------------------------------------------- */

static const struct {
    const char *name, *who_waits;
} locks[NU__LOCK_COUNT] = {
    [NU__NO_LOCK] = { "no lock", "reading and writing go on" },
    [NU__ROW_SHARE] = { "ROW SHARE", "reading and writing go on" },
    [NU__ROW_EXCLUSIVE] = { "ROW EXCLUSIVE", "writing to the same rows waits" },
    [NU__SHARE_UPDATE_EXCLUSIVE] = { "SHARE UPDATE EXCLUSIVE", "reading and writing go on" },
    [NU__SHARE] = { "SHARE", "writing waits" },
    [NU__SHARE_ROW_EXCLUSIVE] = { "SHARE ROW EXCLUSIVE", "writing waits" },
    [NU__ACCESS_EXCLUSIVE] = { "ACCESS EXCLUSIVE", "reading and writing wait" },
};

static const char *const how_long[NU__WORK_COUNT] = {
    [NU__MOMENT] = "for a moment",
    [NU__REFERRERS_READ] = "while the rows that refer to it are read",
    [NU__ROWS_READ] = "while all rows are read",
    [NU__ROWS_WRITTEN] = "while rows are written",
    [NU__MADE_BESIDE] = "while the table is made anew",
    [NU__MADE_ANEW] = "while the table is made anew",
};

static const char *const mysql_words[NU__WORK_COUNT] = {
    [NU__MOMENT] = "INSTANT: a metadata lock for a moment, which waits for all who use the table",
    [NU__REFERRERS_READ] = "writing waits for a moment",
    [NU__ROWS_READ] = "NOCOPY: reading and writing go on while an index changes",
    [NU__ROWS_WRITTEN] = "rows are written: writing to the same rows waits",
    [NU__MADE_BESIDE] = "INPLACE: reading and writing go on while the table is made anew",
    [NU__MADE_ANEW] = "COPY: writing waits while the table is copied",
};

static nu_str mysql_text(nu__lock lock, nu__work work)
{
    if (lock == NU__ROW_EXCLUSIVE)
        return nu_s(mysql_words[NU__ROWS_WRITTEN]);
    return lock == NU__SHARE ? S("writing waits for a moment") : nu_s(mysql_words[work]);
}

nu_str nu__impact_words(nu__dialect dialect, nu__lock lock, nu__work work)
{
    switch (dialect) {
    case NU__SQLITE:
        return nu_fmt("locks the database for writing {}", how_long[work]);
    case NU__MYSQL:
        return mysql_text(lock, work);
    default:
        return nu_fmt("{} {}: {}", locks[lock].name, how_long[work], locks[lock].who_waits);
    }
}
