/* What a server says on a connection that fibers share: rows as they are, and errors for whatever
 * is cut off, changed or too long. */
#include "hostile_scripts.h"
#include "mysql_asking.h"

#include "core/buf.h"
#include "harness_loop.h"
#include "scripted_server.h"

#include <string.h>

/* ---- what a server says ------------------------------------------------------------------------
 */

static void number(nu__buf *out, uint64_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        nu__buf_char(out, (char)(n >> (8 * i)));
}

static void packet(nu__buf *turn, uint8_t sequence, nu_str body)
{
    number(turn, body.len, 3);
    nu__buf_char(turn, (char)sequence);
    nu__buf_str_add(turn, body);
}

static void text(nu__buf *out, const char *word)
{
    nu__buf_char(out, (char)strlen(word));
    nu__buf_str_add(out, nu_s(word));
}

static nu_str definition(const char *name, uint8_t type)
{
    nu__buf out = { 0 };
    const char *const words[] = { "def", "db", "t", "t", name, name };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        text(&out, words[i]);
    nu__buf_char(&out, 12);
    number(&out, 45, 2);
    number(&out, 1024, 4);
    nu__buf_char(&out, (char)type);
    number(&out, 0, 5);
    return nu__buf_str(&out);
}

enum { LONG = 3, DOUBLE = 5, DATETIME = 12, TIME = 11, NEWDECIMAL = 246, VARCHAR = 253 };
static const uint8_t types[] = { VARCHAR, LONG, DOUBLE, DATETIME, TIME, NEWDECIMAL };
enum { COLUMNS = sizeof types, PARAMETERS = 4 };

#define END_OF_PART ((nu_str){ "\xfe\0\0\2\0", 5 })

static uint8_t definitions(nu__buf *turn, uint8_t sequence, int n)
{
    for (int i = 0; i < n; i++)
        packet(turn, sequence++, definition("column", types[i % COLUMNS]));
    packet(turn, sequence++, END_OF_PART);
    return sequence;
}

static nu_str prepared(void)
{
    nu__buf turn = { 0 }, first = { 0 };
    uint8_t next;

    number(&first, 0, 1);
    number(&first, 7, 4);
    number(&first, COLUMNS, 2);
    number(&first, PARAMETERS, 2);
    number(&first, 0, 3);
    packet(&turn, 1, nu__buf_str(&first));
    next = definitions(&turn, 2, PARAMETERS);
    definitions(&turn, next, COLUMNS);
    return nu__buf_str(&turn);
}

static nu_str row(const char *word)
{
    nu__buf out = { 0 };

    number(&out, 0, 2); /* and nothing is null */
    text(&out, word);
    number(&out, 77, 4);
    number(&out, 0x3ff8000000000000, 8);
    nu__buf_str_add(&out, (nu_str){ "\x0b\xe8\x07\2\x1d\x0c\x1e\0\x40\x42\x0f\0", 12 });
    nu__buf_str_add(&out, (nu_str){ "\x08\1\1\0\0\0\2\3\4", 9 });
    text(&out, "12.50");
    return nu__buf_str(&out);
}

/* `told`: the columns too, which a server leaves out where it has told them. */
static nu_str executed(bool told, const char *word)
{
    nu__buf turn = { 0 };
    uint8_t next = 2;

    packet(&turn, 1, (nu_str){ told ? "\6\1" : "\6\0", 2 });
    if (told)
        next = definitions(&turn, next, COLUMNS);
    else
        packet(&turn, next++, END_OF_PART);
    packet(&turn, next++, row("first"));
    packet(&turn, next++, row(word));
    packet(&turn, next, END_OF_PART);
    return nu__buf_str(&turn);
}

static nu_str failed(nu_str body)
{
    nu__buf turn = { 0 };

    packet(&turn, 1, body);
    return nu__buf_str(&turn);
}

/* The four questions: prepared and run, another one the same, the first again twice. */
static nu_str whole_script(void)
{
    nu__buf script = { 0 };

    scripted_turn(&script, prepared());
    scripted_turn(&script, executed(true, "one"));
    scripted_turn(&script, prepared());
    scripted_turn(&script, failed((nu_str){ "\xff\x7a\4#42S02There is no such table", 31 }));
    scripted_turn(&script, executed(false, "three"));
    scripted_turn(&script, executed(true, "four"));
    return nu__buf_str(&script);
}

/* ---- as it should be ----------------------------------------------------------------------------
 */

static void answers_are_read_and_one_that_fails_takes_none_with_it(void)
{
    mysql_asked asked[MYSQL_ASKED];

    mysql_ask_all(whole_script(), asked);
    CHECK(!asked[0].failed && asked[1].failed && !asked[2].failed && !asked[3].failed);
    CHECK_INT(asked[0].rows, 2);
    CHECK_STR(nu_s(asked[0].first), "one");
    CHECK_STR(nu_s(asked[2].first), "three");
    CHECK_STR(nu_s(asked[3].first), "four");
    CHECK_INT(asked[1].raised, NU_PROGRAMMING_ERROR);
    CHECK_STR(nu_s(asked[1].message), "(1146, 'There is no such table')");
}

/* ---- as it should not ---------------------------------------------------------------------------
 */

static bool is_of_the_database(const mysql_asked *one)
{
    return !one->failed || nu_error_is_a(one->raised, NU_DATABASE_ERROR);
}

static void check_ends(nu_str script, size_t at)
{
    mysql_asked asked[MYSQL_ASKED];
    bool ended = true;

    mysql_ask_all(script, asked);
    for (int i = 0; i < MYSQL_ASKED; i++)
        ended &= is_of_the_database(&asked[i]);
    if (!ended)
        CHECK_INT(at, -1);
}

static void what_is_cut_off_anywhere_is_an_error_of_the_database(void)
{
    hostile_cuts(whole_script(), check_ends);
}

static void what_is_changed_anywhere_is_rows_or_an_error_of_the_database(void)
{
    static const uint8_t others[] = { 0x00, 0xfb, 0xfc, 0xfe, 0xff };

    hostile_changes(whole_script(), others, sizeof others, check_ends);
}

/* The first question ends so. */
static void check_first(nu_str first_turn, nu_str second_turn, const char *want)
{
    nu__buf script = { 0 };
    mysql_asked asked[MYSQL_ASKED];

    scripted_turn(&script, first_turn);
    if (second_turn.len)
        scripted_turn(&script, second_turn);
    mysql_ask_all(nu__buf_str(&script), asked);
    CHECK(asked[0].failed);
    CHECK_STR(nu_s(asked[0].message), nu_s(want));
}

#define NOTHING ((nu_str){ NULL, 0 })
#define LOST    "(2013, 'Lost connection to server during query')"

static void an_error_without_its_number_ends_the_connection(void)
{
    check_first(failed(S("\xff")), NOTHING, LOST);
    check_first(failed(S("\xff\x7a")), NOTHING, LOST);
    check_first(prepared(), failed(S("\xff")), LOST);
    check_first(failed((nu_str){ "\xff\0\0", 3 }), NOTHING, "(2000, '')");
    check_first(failed(S("\xff\x7a\4#42S02\xff\xfe")), NOTHING,
                "(1146, '\xef\xbf\xbd\xef\xbf\xbd')");
}

static void packets_that_are_not_counted_on_end_the_connection(void)
{
    nu__buf turn = { 0 };

    packet(&turn, 2, (nu_str){ "\xff\x7a\4#42S02no", 11 });
    check_first(nu__buf_str(&turn), NOTHING, LOST);
    check_first(prepared(), nu__buf_str(&turn), LOST);
}

static void a_row_that_is_longer_than_its_packet_is_malformed(void)
{
    nu__buf turn = { 0 }, broken = { 0 };
    uint8_t next;

    number(&broken, 0, 2);
    nu__buf_str_add(&broken, (nu_str){ "\xfe\xff\xff\xff\xff\xff\xff\xff\x7f", 9 });
    packet(&turn, 1, (nu_str){ "\6\1", 2 });
    next = definitions(&turn, 2, COLUMNS);
    packet(&turn, next++, nu__buf_str(&broken));
    packet(&turn, next, END_OF_PART);
    check_first(prepared(), nu__buf_str(&turn), "(2027, 'Malformed packet')");
}

static void columns_without_a_name_are_malformed(void)
{
    nu__buf turn = { 0 };
    uint8_t next = 2;

    packet(&turn, 1, (nu_str){ "\1\1", 2 });
    packet(&turn, next++, S("\3def\xfd"));
    packet(&turn, next++, END_OF_PART);
    packet(&turn, next, END_OF_PART);
    check_first(prepared(), nu__buf_str(&turn), "(2027, 'Malformed packet')");
}

HARNESS_IN_FIBER(answers_are_read_and_one_that_fails_takes_none_with_it,
                 what_is_cut_off_anywhere_is_an_error_of_the_database,
                 what_is_changed_anywhere_is_rows_or_an_error_of_the_database,
                 an_error_without_its_number_ends_the_connection,
                 packets_that_are_not_counted_on_end_the_connection,
                 a_row_that_is_longer_than_its_packet_is_malformed,
                 columns_without_a_name_are_malformed)
