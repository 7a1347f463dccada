/* What MariaDB's client library alone costs for a row by its key: prepared, binary, one connection.
 *
 *     mariadb_floor SOCKET USER PASSWORD DATABASE SECONDS      CPU microseconds a query, printed
 */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int fail(const char *what, const char *message)
{
    fprintf(stderr, "mariadb_floor: %s: %s\n", what, message);
    return 1;
}

/* One row, read to its end. */
static int ask(MYSQL_STMT *stmt, long long key)
{
    long long number = 0;
    MYSQL_BIND in = { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &key };
    MYSQL_BIND out = { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &number };

    return mysql_stmt_bind_param(stmt, &in) || mysql_stmt_execute(stmt) ||
           mysql_stmt_bind_result(stmt, &out) || mysql_stmt_store_result(stmt) ||
           mysql_stmt_fetch(stmt) || mysql_stmt_free_result(stmt) || number < 1;
}

int main(int argc, char **argv)
{
    static const char sql[] = "SELECT random_number FROM bench_world WHERE id = ?";
    MYSQL *mysql = mysql_init(NULL);
    MYSQL_STMT *stmt;
    double began;
    long queries = 0;

    if (argc != 6 || !mysql)
        return fail("use", "mariadb_floor SOCKET USER PASSWORD DATABASE SECONDS");
    if (!mysql_real_connect(mysql, NULL, argv[2], argv[3], argv[4], 0, argv[1], 0))
        return fail("connect", mysql_error(mysql));
    stmt = mysql_stmt_init(mysql);
    if (!stmt || mysql_stmt_prepare(stmt, sql, strlen(sql)))
        return fail("prepare", mysql_error(mysql));
    began = cpu_now();
    for (time_t end = time(NULL) + atoi(argv[5]); time(NULL) < end; queries++)
        if (ask(stmt, 1 + random() % 10000))
            return fail("query", mysql_stmt_error(stmt));
    printf("%.3f\n", (cpu_now() - began) / (double)queries * 1e6);
    mysql_stmt_close(stmt);
    mysql_close(mysql);
    return 0;
}
