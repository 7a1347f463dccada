/* What the ORM costs beside bare SQLite: `orm DATABASE WHAT ROUNDS` prints the CPU time of one
 * round in microseconds, all threads of the process counted. The database is made by
 * peers/orm_tables.py.
 *
 *   rows-bare      10,000 rows stepped into an array of Book structs, by sqlite3 alone
 *   rows           the same by nu_each()
 *   json-bare      10,000 rows stepped into a JSON text, by sqlite3 alone
 *   json           the same text of values()
 *   bulk-bare      100,000 prepared inserts in one transaction, by sqlite3 alone
 *   bulk           the same by nu_bulk_create()
 *   gets-bare      1,000 rows of two columns by their key, one prepared statement, by sqlite3 alone
 *   gets           the same by nu_get()
 *   shape          a query of three joins, two conditions and an annotation, built and compiled
 */
#include "rounds.h"

#include "core/json.h"
#include "core/time.h"
#include "db/connection.h"
#include "db/models/queryset.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 10000, GETS = 1000 };

static const char *path;
static size_t bytes_seen;

static void must(int code, sqlite3 *db)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "orm: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3 *bare_open(void)
{
    sqlite3 *db;

    must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), db);
    must(sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), db);
    return db;
}

/* ---- rows --------------------------------------------------------------------------------- */

static int digits(const unsigned char *at, int n)
{
    int number = 0;

    while (n--)
        number = number * 10 + *at++ - '0';
    return number;
}

static nu_str bare_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);

    return nu_copy((nu_str){ (const char *)text, len });
}

static nu_date bare_date(const unsigned char *text)
{
    return (nu_date){ nu__ordinal_of(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)) };
}

static void bare_row(sqlite3_stmt *stmt, Book *book)
{
    const unsigned char *created;

    book->id = sqlite3_column_int64(stmt, 0);
    book->title = bare_text(stmt, 1);
    book->price = nu_decimal_from(llround(sqlite3_column_double(stmt, 2) * 100), -2);
    book->published = bare_date(sqlite3_column_text(stmt, 3));
    created = sqlite3_column_text(stmt, 4);
    book->created.us =
        bare_date(created).ordinal * NU__US_DAY + digits(created + 11, 2) * NU__US_HOUR +
        digits(created + 14, 2) * NU__US_MINUTE + digits(created + 17, 2) * NU__US_SECOND;
    book->in_stock = sqlite3_column_int(stmt, 5);
    book->pages = sqlite3_column_int64(stmt, 6);
    book->author.id = sqlite3_column_int64(stmt, 7);
}

static sqlite3_stmt *bare_select;
static sqlite3 *bare_db;

static void bare_prepare(void)
{
    if (bare_select)
        return;
    bare_db = bare_open();
    must(sqlite3_prepare_v2(bare_db,
                            "SELECT id, title, price, published, created, in_stock, pages, "
                            "author_id FROM bench_book",
                            -1, &bare_select, NULL),
         bare_db);
}

static void rows_bare(void)
{
    Book **books = nu_alloc_array(Book *, ROWS);
    size_t n = 0;

    while (sqlite3_step(bare_select) == SQLITE_ROW && n < ROWS) {
        books[n] = nu_alloc(Book);
        bare_row(bare_select, books[n++]);
    }
    must(sqlite3_reset(bare_select), bare_db);
    bench_seen += n;
}

static void json_bare_row(sqlite3_stmt *stmt, nu__buf *out)
{
    nu_str title = { (const char *)sqlite3_column_text(stmt, 1),
                     (size_t)sqlite3_column_bytes(stmt, 1) };
    char text[128];
    int price = (int)lround(sqlite3_column_double(stmt, 2) * 100);

    nu__buf_lit(out, "{\"id\": ");
    nu__buf_int(out, sqlite3_column_int64(stmt, 0));
    nu__buf_lit(out, ", \"title\": ");
    nu__json_str(out, title, &nu__json_django);
    nu__buf_add(
        out, text,
        (size_t)snprintf(text, sizeof text, ", \"price\": \"%d.%02d\"", price / 100, price % 100));
    nu__buf_lit(out, ", \"published\": \"");
    nu__buf_add(out, sqlite3_column_text(stmt, 3), 10);
    nu__buf_lit(out, "\", \"created\": \"");
    nu__buf_add(out, sqlite3_column_text(stmt, 4), 10);
    nu__buf_char(out, 'T');
    nu__buf_add(out, sqlite3_column_text(stmt, 4) + 11, 8);
    nu__buf_lit(out, "Z\", \"in_stock\": ");
    nu__json_bool(out, sqlite3_column_int(stmt, 5));
    nu__buf_lit(out, ", \"pages\": ");
    nu__buf_int(out, sqlite3_column_int64(stmt, 6));
    nu__buf_lit(out, ", \"author_id\": ");
    nu__buf_int(out, sqlite3_column_int64(stmt, 7));
    nu__buf_char(out, '}');
}

static void json_bare(void)
{
    nu__buf out = { 0 };

    nu__buf_char(&out, '[');
    while (sqlite3_step(bare_select) == SQLITE_ROW) {
        if (out.len > 1)
            nu__buf_lit(&out, ", ");
        json_bare_row(bare_select, &out);
        bench_seen++;
    }
    nu__buf_char(&out, ']');
    must(sqlite3_reset(bare_select), bare_db);
    bytes_seen += out.len;
}

static void rows(void)
{
    nu_each (Book, book, nu_objects(Book))
        bench_seen += book->id > 0;
}

static void json(void)
{
    nu_query *books = nu_values(nu_objects(Book), "id", "title", "price", "published", "created",
                                "in_stock", "pages", "author_id");

    bytes_seen += nu_to_json(books).len;
    bench_seen += ROWS;
}

/* ---- bulk --------------------------------------------------------------------------------- */

static void bulk_bare(void)
{
    sqlite3 *db = bare_open();
    sqlite3_stmt *stmt;

    must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), db);
    must(sqlite3_prepare_v2(db,
                            "INSERT INTO bench_book (title, price, published, created, in_stock, "
                            "pages, author_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                            -1, &stmt, NULL),
         db);
    for (int i = 0; i < BENCH_BULK; i++) {
        sqlite3_bind_text(stmt, 1, bench_title, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, "12.50", 5, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, "2024-01-31", 10, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 4, "2024-01-31 08:00:00", 19, SQLITE_STATIC);
        sqlite3_bind_int(stmt, 5, i & 1);
        sqlite3_bind_int64(stmt, 6, 100 + i % 700);
        sqlite3_bind_int64(stmt, 7, 1 + i % 100);
        must(sqlite3_step(stmt), db);
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    sqlite3_close(db);
    bench_seen += BENCH_BULK;
}

static void bulk(void)
{
    nu_bulk_create(Book, bench_new_books, BENCH_BULK);
    bench_seen += (size_t)bench_new_books[BENCH_BULK - 1].id;
}

/* Back to the ten thousand, outside of what is counted. */
static void bulk_undo(void)
{
    sqlite3 *db = bare_open();

    must(sqlite3_exec(db,
                      "DELETE FROM bench_book WHERE id > 10000; PRAGMA wal_checkpoint(TRUNCATE)",
                      NULL, NULL, NULL),
         db);
    sqlite3_close(db);
}

/* ---- a shape ------------------------------------------------------------------------------ */

enum { SHAPES = 1000 };

static void shape(void)
{
    for (int i = 0; i < SHAPES; i++) {
        nu_scratch_scope();
        nu_query *books = nu_objects(Book);

        books = nu_filter(books, Q("author__publisher__name", "Publisher"), Q("pages__gt", i));
        books = nu_annotate(books, ("n", Count("author__books")));
        bytes_seen += nu__query_compiled(books, nu__connection_of(NULL)->backend).sql.len;
    }
    bench_seen += SHAPES;
}

/* ---- one row by its key ------------------------------------------------------------------- */

static sqlite3_stmt *bare_get;

static void gets_prepare(void)
{
    if (bare_get)
        return;
    bare_db = bare_open();
    must(sqlite3_prepare_v2(bare_db, "SELECT id, random_number FROM bench_world WHERE id = ?", -1,
                            &bare_get, NULL),
         bare_db);
}

static void gets_bare(void)
{
    for (int i = 0; i < GETS; i++) {
        sqlite3_bind_int64(bare_get, 1, 1 + i * 7919 % 10000);
        must(sqlite3_step(bare_get), bare_db);
        bench_seen += sqlite3_column_int64(bare_get, 0) && sqlite3_column_int64(bare_get, 1);
        must(sqlite3_reset(bare_get), bare_db);
    }
}

static void gets(void)
{
    for (int i = 0; i < GETS; i++) {
        World *world = nu_get(World, Q("pk", 1 + i * 7919 % 10000));

        bench_seen += world->id && world->random_number;
    }
}

/* ---- one of them -------------------------------------------------------------------------- */

static const bench_work works[] = {
    { "rows-bare", rows_bare, bare_prepare, NULL, 1, NULL },
    { "json-bare", json_bare, bare_prepare, NULL, 1, NULL },
    { "rows", rows, NULL, NULL, 1, NULL },
    { "json", json, NULL, NULL, 1, NULL },
    { "bulk-bare", bulk_bare, NULL, bulk_undo, 1, NULL },
    { "bulk", bulk, bench_make_books, bulk_undo, 1, NULL },
    { "gets-bare", gets_bare, gets_prepare, NULL, GETS, NULL },
    { "gets", gets, NULL, NULL, GETS, NULL },
    { "shape", shape, NULL, NULL, SHAPES, NULL },
    { 0 },
};

static void keep_path(const char *database)
{
    path = database;
}

static nu_str url_of(const char *database)
{
    return nu_fmt("sqlite:///{}", database);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, works, keep_path, url_of);
}
