/* What a server says: rows as they are, and errors of the database for whatever is cut off,
 * changed, or said where nobody asked for it. */
#include "hostile_scripts.h"
#include "postgresql_asking.h"

#include "core/buf.h"
#include "harness_loop.h"
#include "scripted_server.h"

#include <string.h>

/* ---- what a server says ------------------------------------------------------------------------
 */

static void number(nu__buf *out, uint64_t n, int bytes)
{
    while (bytes--)
        nu__buf_char(out, (char)(n >> (8 * bytes)));
}

static void message(nu__buf *turn, char type, nu_str body)
{
    nu__buf_char(turn, type);
    number(turn, body.len + 4, 4);
    nu__buf_str_add(turn, body);
}

#define BYTES(text) ((nu_str){ (text), sizeof(text) - 1 })

enum {
    INT4 = 23,
    TEXT = 25,
    NUMERIC = 1700,
    TIMESTAMPTZ = 1184,
    INT4_ARRAY = 1007,
    INT4RANGE = 3904
};
static const uint32_t types[] = { INT4, TEXT, NUMERIC, TIMESTAMPTZ, INT4_ARRAY, INT4RANGE };
enum { COLUMNS = sizeof types / sizeof *types };

static nu_str description(int n)
{
    nu__buf out = { 0 };

    number(&out, (uint64_t)n, 2);
    for (int i = 0; i < n; i++) {
        nu__buf_str_add(&out, BYTES("column\0"));
        number(&out, 0, 6);
        number(&out, types[i], 4);
        number(&out, 0, 8);
    }
    return nu__buf_str(&out);
}

static void item(nu__buf *row, nu_str bytes)
{
    number(row, bytes.len, 4);
    nu__buf_str_add(row, bytes);
}

static nu_str array_of(uint32_t dimensions, const uint32_t *sizes, nu_str items)
{
    nu__buf out = { 0 };

    number(&out, dimensions, 4);
    number(&out, 0, 4);
    number(&out, INT4, 4);
    for (uint32_t i = 0; i < dimensions; i++) {
        number(&out, sizes[i], 4);
        number(&out, 1, 4);
    }
    nu__buf_str_add(&out, items);
    return nu__buf_str(&out);
}

static nu_str row_with(nu_str array)
{
    nu__buf out = { 0 };

    number(&out, COLUMNS, 2);
    item(&out, BYTES("\0\0\0\7"));
    item(&out, BYTES("text"));
    item(&out, BYTES("12.50"));
    item(&out, BYTES("\0\2\x80\x12\x34\x56\x78\x9a"));
    item(&out, array);
    item(&out, BYTES("\2\0\0\0\4\0\0\0\1\0\0\0\4\0\0\0\5"));
    return nu__buf_str(&out);
}

static nu_str row(void)
{
    static const uint32_t sizes[] = { 2, 1 };

    return row_with(array_of(2, sizes, BYTES("\0\0\0\4\0\0\0\1\xff\xff\xff\xff")));
}

static void ready(nu__buf *turn)
{
    message(turn, 'Z', S("I"));
}

static nu_str prepared(int n_columns, uint16_t n_params)
{
    nu__buf turn = { 0 }, parameters = { 0 };

    message(&turn, '1', S(""));
    number(&parameters, n_params, 2);
    for (int i = 0; i < n_params; i++)
        number(&parameters, INT4, 4);
    message(&turn, 't', nu__buf_str(&parameters));
    message(&turn, 'T', description(n_columns));
    ready(&turn);
    return nu__buf_str(&turn);
}

static nu_str run(nu_str of_row, int n)
{
    nu__buf turn = { 0 };

    message(&turn, '2', S(""));
    for (int i = 0; i < n; i++)
        message(&turn, 'D', of_row);
    message(&turn, 'C', BYTES("SELECT 2\0"));
    ready(&turn);
    return nu__buf_str(&turn);
}

static nu_str run_two(void)
{
    nu__buf turn = { 0 };

    for (int i = 0; i < 2; i++) {
        message(&turn, '2', S(""));
        message(&turn, 'D', i ? BYTES("\0\1\0\0\0\4\0\0\0\x09") : row());
        message(&turn, 'C', BYTES("SELECT 1\0"));
    }
    ready(&turn);
    return nu__buf_str(&turn);
}

static nu_str error(const char *severity, const char *state, const char *text)
{
    nu__buf out = { 0 };
    const char *const fields[][2] = { { "V", severity }, { "C", state }, { "M", text } };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        nu__buf_str_add(&out, nu_s(fields[i][0]));
        nu__buf_str_add(&out, nu_s(fields[i][1]));
        nu__buf_char(&out, '\0');
    }
    nu__buf_char(&out, '\0');
    return nu__buf_str(&out);
}

static nu_str failed(nu_str body)
{
    nu__buf turn = { 0 };

    message(&turn, 'E', body);
    ready(&turn);
    return nu__buf_str(&turn);
}

static nu_str whole_script(void)
{
    nu__buf script = { 0 };

    scripted_turn(&script, prepared(COLUMNS, 1));
    scripted_turn(&script, run(row(), 2));
    scripted_turn(&script, run(row(), 3));
    scripted_turn(&script, prepared(1, 0));
    scripted_turn(&script, run_two());
    scripted_turn(&script, failed(error("ERROR", "42704", "no such setting")));
    return nu__buf_str(&script);
}

/* ---- as it should be ----------------------------------------------------------------------------
 */

static void answers_are_read_as_they_were_asked_for(void)
{
    postgresql_asked asked[POSTGRESQL_ASKED];

    postgresql_ask_all(whole_script(), asked);
    CHECK(!asked[0].failed && !asked[1].failed && !asked[2].failed && asked[3].failed);
    CHECK_INT(asked[0].rows, 2);
    CHECK_INT(asked[1].rows, 3);
    CHECK_INT(asked[2].rows, 2);
    CHECK_INT(asked[3].raised, NU_PROGRAMMING_ERROR);
}

/* ---- as it should not ---------------------------------------------------------------------------
 */

static void check_ends(nu_str script, size_t at)
{
    postgresql_asked asked[POSTGRESQL_ASKED];

    postgresql_ask_all(script, asked);
    for (int i = 0; i < POSTGRESQL_ASKED; i++)
        if (asked[i].failed && !nu_error_is_a(asked[i].raised, NU_DATABASE_ERROR))
            CHECK_INT(at, -1);
}

static void what_is_cut_off_anywhere_is_an_error_of_the_database(void)
{
    hostile_cuts(whole_script(), check_ends);
}

static void what_is_changed_anywhere_is_rows_or_an_error_of_the_database(void)
{
    static const uint8_t others[] = { 0x00, 'D', 'T', 0x7f, 0xff };

    hostile_changes(whole_script(), others, sizeof others, check_ends);
}

/* What the question of this number is told after those before it went well. */
static postgresql_asked answered(int question, nu_str turn)
{
    nu__buf script = { 0 };
    postgresql_asked asked[POSTGRESQL_ASKED];

    scripted_turn(&script, prepared(COLUMNS, 1));
    if (question)
        scripted_turn(&script, run(row(), 1));
    scripted_turn(&script, turn);
    postgresql_ask_all(nu__buf_str(&script), asked);
    return asked[question];
}

/* Six dimensions of which the last has nothing: no items, and places for all that could be. */
static void an_array_has_no_more_places_than_bytes(void)
{
    static const uint32_t none[] = { 60, 60, 60, 60, 60, 0 }, many[] = { 60, 60, 60, 60, 60, 1 };
    char items[256] = { 0 };
    nu_str bytes = { items, sizeof items };

    CHECK(answered(0, run(row_with(array_of(6, none, bytes)), 1)).failed);
    CHECK(answered(0, run(row_with(array_of(6, many, bytes)), 1)).failed);
    CHECK(!answered(0, run(row_with(array_of(0, NULL, BYTES(""))), 1)).failed);
}

/* The rows of a query go where they are wanted by the columns it was prepared with. */
static void rows_are_not_described_anew_behind_a_query(void)
{
    nu__buf turn = { 0 };
    postgresql_asked asked;

    message(&turn, '2', S(""));
    message(&turn, 'T', description(COLUMNS));
    message(&turn, 'D', row());
    message(&turn, 'C', BYTES("SELECT 1\0"));
    ready(&turn);
    asked = answered(1, nu__buf_str(&turn));
    CHECK(asked.failed && nu_error_is_a(asked.raised, NU_OPERATIONAL_ERROR));
}

/* Of a server's log in Latin-1, or broken on its way. */
static void an_error_is_told_in_utf8_whatever_its_bytes(void)
{
    postgresql_asked asked = answered(0, failed(error("ERROR", "42704", "no s\xfc")));

    CHECK(asked.failed && nu_error_is_a(asked.raised, NU_PROGRAMMING_ERROR));
    CHECK(strcmp(asked.message, "no s\xef\xbf\xbd") == 0);
}

HARNESS_IN_FIBER(answers_are_read_as_they_were_asked_for,
                 what_is_cut_off_anywhere_is_an_error_of_the_database,
                 what_is_changed_anywhere_is_rows_or_an_error_of_the_database,
                 an_error_is_told_in_utf8_whatever_its_bytes,
                 an_array_has_no_more_places_than_bytes, rows_are_not_described_anew_behind_a_query)
