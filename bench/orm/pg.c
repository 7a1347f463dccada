/* What the ORM costs on PostgreSQL beside bare libpq: `pg URL WHAT ROUNDS` prints the least time of
 * one round in microseconds of CPU: of this process for rows, of the server too for bulk.
 *
 *   rows-bare      10,000 rows in binary into an array of Book structs, by libpq alone
 *   rows           the same by nu_each()
 *   bulk-bare      100,000 rows by COPY, by libpq alone
 *   bulk           the same by nu_bulk_create()
 */
#include "rounds.h"

#include "core/time.h"

#include <dirent.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGconn *bare;

/* A number of /proc/PID/FILE: behind the name's parenthesis the `skip`th word. */
static int64_t proc_number(const char *pid, const char *file, int skip)
{
    char path[64], text[512] = "";
    const char *at = text, *end;
    FILE *in;

    snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
    in = fopen(path, "r");
    if (!in)
        return 0;
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    end = strrchr(text, ')');
    at = end ? end + 1 : text;
    while (skip-- && (at = strchr(at + 1, ' ')))
        ;
    return at ? strtoll(at, NULL, 10) : 0;
}

/* What the server's processes have used: all that the postmaster has started. */
static double server_seconds(void)
{
    char backend[16];
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int64_t postmaster, ns = 0;

    snprintf(backend, sizeof backend, "%d", PQbackendPID(bare));
    postmaster = proc_number(backend, "stat", 1);
    while (proc && (entry = readdir(proc)))
        if (*entry->d_name >= '1' && *entry->d_name <= '9' &&
            proc_number(entry->d_name, "stat", 1) == postmaster)
            ns += proc_number(entry->d_name, "schedstat", 0);
    closedir(proc);
    return (double)ns / 1e9;
}

static PGresult *must(PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
        fprintf(stderr, "pg: %s\n", PQerrorMessage(bare));
        exit(1);
    }
    return result;
}

static void run_bare(const char *sql)
{
    PQclear(must(PQexec(bare, sql)));
}

/* ---- rows --------------------------------------------------------------------------------- */

static const char select_books[] = "SELECT id, title, price::text, published, created, in_stock, "
                                   "pages, author_id FROM bench_book WHERE id <= 10000";

static uint32_t read32(const char *at)
{
    uint32_t number;

    memcpy(&number, at, sizeof number);
    return be32toh(number);
}

static int64_t read64(const char *at)
{
    uint64_t number;

    memcpy(&number, at, sizeof number);
    return (int64_t)be64toh(number);
}

static void bare_prepare(void)
{
    static bool prepared;

    if (!prepared)
        PQclear(must(PQprepare(bare, "books", select_books, 0, NULL)));
    prepared = true;
}

static void bare_row(const PGresult *result, int row, Book *book)
{
    nu_str title = { PQgetvalue(result, row, 1), (size_t)PQgetlength(result, row, 1) };

    book->id = read64(PQgetvalue(result, row, 0));
    book->title = nu_copy(title);
    book->price = nu_decimal_parse(PQgetvalue(result, row, 2));
    book->published.ordinal = (int32_t)read32(PQgetvalue(result, row, 3)) + 730120;
    book->created.us = read64(PQgetvalue(result, row, 4)) + 730120 * NU__US_DAY;
    book->in_stock = *PQgetvalue(result, row, 5);
    book->pages = (int32_t)read32(PQgetvalue(result, row, 6));
    book->author.id = read64(PQgetvalue(result, row, 7));
}

static void rows_bare(void)
{
    PGresult *result = must(PQexecPrepared(bare, "books", 0, NULL, NULL, NULL, 1));
    int n = PQntuples(result);
    Book **books = nu_alloc_array(Book *, (size_t)n);

    for (int i = 0; i < n; i++) {
        books[i] = nu_alloc(Book);
        bare_row(result, i, books[i]);
    }
    bench_seen += (size_t)n;
    PQclear(result);
}

static void rows(void)
{
    nu_each (Book, book, nu_filter(nu_objects(Book), Q("pk__lte", 10000)))
        bench_seen += book->id > 0;
}

/* ---- bulk --------------------------------------------------------------------------------- */

static void bulk_bare(void)
{
    char line[256];

    PQclear(must(PQexec(bare, "COPY bench_book (title, price, published, created, in_stock, pages, "
                              "author_id) FROM STDIN")));
    for (int i = 0; i < BENCH_BULK; i++) {
        int len = snprintf(line, sizeof line,
                           "%s\t12.50\t2024-01-31\t2024-01-31 08:00:00+00\t%c\t%d\t%d\n",
                           bench_title, i & 1 ? 't' : 'f', 100 + i % 700, 1 + i % 100);

        PQputCopyData(bare, line, len);
    }
    PQputCopyEnd(bare, NULL);
    PQclear(must(PQgetResult(bare)));
    PQclear(PQgetResult(bare));
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
    run_bare("DELETE FROM bench_book WHERE id > 10000");
    run_bare("VACUUM bench_book");
}

/* ---- one of them -------------------------------------------------------------------------- */

static const bench_work works[] = {
    { "rows-bare", rows_bare, bare_prepare, NULL, 1, NULL },
    { "rows", rows, NULL, NULL, 1, NULL },
    { "bulk-bare", bulk_bare, NULL, bulk_undo, 1, server_seconds },
    { "bulk", bulk, bench_make_books, bulk_undo, 1, server_seconds },
    { 0 },
};

static void connect_bare(const char *database)
{
    bare = PQconnectdb(database);
    if (PQstatus(bare) == CONNECTION_OK)
        return;
    fprintf(stderr, "pg: %s\n", PQerrorMessage(bare));
    exit(1);
}

static nu_str url_of(const char *database)
{
    return nu_s(database);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, works, connect_bare, url_of);
}
