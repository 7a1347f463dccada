/* Cells from what the server sends: the packets of prepared statements, and texts. */
#include "core/time.h"
#include "db/backends/mysql/mysql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A packet is a byte 0, a bitmap of NULLs that begins at its third bit, and the values one after
 * the other.
 */
enum { BINARY_CHARSET = 63, MOST_DAYS = 34 }; /* of a TIME: 838:59:59 */
#ifndef NOT_FIXED_DEC
#define NOT_FIXED_DEC 31 /* as the protocol has it */
#endif

typedef struct reader {
    const uint8_t *at, *end;
    bool broken; /* the packet ends too early */
} reader;

static const uint8_t *take(reader *reader, uint64_t n)
{
    const uint8_t *at = reader->at;

    if (n > (uint64_t)(reader->end - at)) {
        reader->broken = true;
        return NULL;
    }
    reader->at += n;
    return at;
}

/* Little-endian; 0 where the packet has ended. */
static uint64_t take_number(reader *reader, unsigned bytes)
{
    const uint8_t *at = take(reader, bytes);
    uint64_t number = 0;

    for (unsigned i = 0; at && i < bytes; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

static uint64_t take_length(reader *reader)
{
    uint64_t first = take_number(reader, 1);

    return first < 251    ? first
           : first == 252 ? take_number(reader, 2)
           : first == 253 ? take_number(reader, 3)
           : first == 254 ? take_number(reader, 8)
                          : 0;
}

/* A value that brings its length; nothing where the packet has ended. */
static reader take_part(reader *whole, uint64_t *len)
{
    const uint8_t *at;

    *len = take_length(whole);
    at = take(whole, *len);
    if (!at)
        *len = 0;
    return (reader){ at, at ? at + *len : NULL, false };
}

/* ---- values ------------------------------------------------------------------------------- */

static void read_int(nu__cell *cell, reader *reader, unsigned bytes, bool is_unsigned)
{
    uint64_t number = take_number(reader, bytes);
    unsigned unused = 64 - 8 * bytes;

    cell->kind = NU__CELL_INT;
    cell->i = is_unsigned || !unused ? (int64_t)number : (int64_t)(number << unused) >> unused;
}

/* A number of 64 bits without a sign may not be one with it: then it is told by its digits. */
static void read_large(nu__cell *cell, reader *reader, bool is_unsigned, char digits[24])
{
    read_int(cell, reader, 8, is_unsigned);
    if (!is_unsigned || cell->i >= 0)
        return;
    cell->kind = NU__CELL_DECIMAL;
    cell->len = (uint32_t)snprintf(digits, 24, "%llu", (unsigned long long)cell->i);
    cell->text = digits;
}

/* Django reads numbers as the server writes them: a float by its shortest text, 0.1 and not
   0.10000000149; a computed double with the decimals that the server thinks it has. */
static void read_float(nu__cell *cell, reader *reader)
{
    uint32_t bits = (uint32_t)take_number(reader, 4);
    char text[32];
    float number;

    memcpy(&number, &bits, sizeof number);
    cell->kind = NU__CELL_FLOAT;
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)number);
        cell->f = strtod(text, NULL);
        if ((float)cell->f == number)
            return;
    }
}

static void read_double(nu__cell *cell, reader *reader, unsigned decimals)
{
    uint64_t bits = take_number(reader, 8);
    char text[400];

    cell->kind = NU__CELL_FLOAT;
    memcpy(&cell->f, &bits, sizeof cell->f);
    if (decimals >= NOT_FIXED_DEC)
        return;
    snprintf(text, sizeof text, "%.*f", (int)decimals, cell->f);
    cell->f = strtod(text, NULL);
}

static int64_t take_clock(reader *reader, bool microseconds)
{
    int64_t us = (int64_t)take_number(reader, 1) * NU__US_HOUR;

    us += (int64_t)take_number(reader, 1) * NU__US_MINUTE;
    us += (int64_t)take_number(reader, 1) * NU__US_SECOND;
    return microseconds ? us + (int64_t)take_number(reader, 4) : us;
}

/* "0000-00-00" and "2024-00-00" are no dates: None, as Django's driver has them. */
static void read_date(nu__cell *cell, reader *whole, bool time)
{
    uint64_t len = 0;
    reader reader = take_part(whole, &len);
    int year = len >= 4 ? (int)take_number(&reader, 2) : 0;
    int month = len >= 4 ? (int)take_number(&reader, 1) : 0;
    int32_t ordinal = len >= 4 ? nu__ordinal_of(year, month, (int)take_number(&reader, 1)) : 0;

    cell->kind = !ordinal ? NU__CELL_NULL : time ? NU__CELL_NAIVE : NU__CELL_DATE;
    cell->i = ordinal;
    if (time && ordinal)
        cell->i = ordinal * NU__US_DAY + (len >= 7 ? take_clock(&reader, len >= 11) : 0);
}

/* Times of MySQL may be negative, or of many hours: those are durations. */
static void read_time(nu__cell *cell, reader *whole)
{
    uint64_t len = 0;
    reader reader = take_part(whole, &len);
    bool negative = len >= 8 && take_number(&reader, 1);
    int64_t days = len >= 8 ? (int64_t)take_number(&reader, 4) : 0;
    int64_t us = 0;

    whole->broken |= days > MOST_DAYS;
    if (len >= 8 && days <= MOST_DAYS)
        us = days * NU__US_DAY + take_clock(&reader, len >= 12);
    cell->kind = negative || us >= NU__US_DAY ? NU__CELL_DURATION : NU__CELL_TIME;
    cell->i = negative ? -us : us;
}

static nu__cell_kind kind_of_bytes(const MYSQL_FIELD *field)
{
    switch (field->type) {
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return NU__CELL_DECIMAL;
    case MYSQL_TYPE_JSON:
        return NU__CELL_TEXT;
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY:
        return NU__CELL_BLOB;
    default:
        return field->charsetnr == BINARY_CHARSET ? NU__CELL_BLOB : NU__CELL_TEXT;
    }
}

static void read_bytes(nu__cell *cell, reader *reader, const MYSQL_FIELD *field)
{
    uint64_t len = take_length(reader);
    const uint8_t *at = take(reader, len);

    cell->kind = kind_of_bytes(field);
    cell->len = (uint32_t)len;
    cell->blob = at;
}

static void read_value(nu__cell *cell, reader *reader, const MYSQL_FIELD *field, char digits[24])
{
    bool is_unsigned = field->flags & UNSIGNED_FLAG;

    switch (field->type) {
    case MYSQL_TYPE_TINY:
        read_int(cell, reader, 1, is_unsigned);
        break;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        read_int(cell, reader, 2, is_unsigned);
        break;
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_INT24:
        read_int(cell, reader, 4, is_unsigned);
        break;
    case MYSQL_TYPE_LONGLONG:
        read_large(cell, reader, is_unsigned, digits);
        break;
    case MYSQL_TYPE_FLOAT:
        read_float(cell, reader);
        break;
    case MYSQL_TYPE_DOUBLE:
        read_double(cell, reader, field->decimals);
        break;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
        read_date(cell, reader, false);
        break;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        read_date(cell, reader, true);
        break;
    case MYSQL_TYPE_TIME:
        read_time(cell, reader);
        break;
    default:
        read_bytes(cell, reader, field);
    }
}

bool nu__mysql_read_row(const nu__mysql_rows *rows, const uint8_t *packet, size_t len)
{
    const uint8_t *nulls = packet + 1;
    reader reader = { nulls, packet + len, false };

    take(&reader, (rows->n + 9) / 8);
    for (uint32_t i = 0; i < rows->n && !reader.broken; i++)
        if (nulls[(i + 2) / 8] & 1 << (i + 2) % 8)
            rows->cells[i].kind = NU__CELL_NULL;
        else
            read_value(&rows->cells[i], &reader, &rows->fields[i], rows->digits[i]);
    return !reader.broken;
}

/* ---- as text ------------------------------------------------------------------------------ */

void nu__mysql_read_text(nu__cell *cell, const MYSQL_FIELD *field, const char *text, size_t len)
{
    nu__iso_datetime moment;
    nu_date date;

    cell->kind = kind_of_bytes(field);
    cell->len = (uint32_t)len;
    cell->text = text;
    if (IS_NUM(field->type) && cell->kind != NU__CELL_DECIMAL) {
        bool fraction = field->type == MYSQL_TYPE_FLOAT || field->type == MYSQL_TYPE_DOUBLE;

        cell->kind = fraction ? NU__CELL_FLOAT : NU__CELL_INT;
        if (fraction)
            cell->f = strtod(text, NULL);
        else
            cell->i = strtoll(text, NULL, 10);
    } else if (field->type == MYSQL_TYPE_DATE && nu__date_from_iso((nu_str){ text, len }, &date)) {
        cell->kind = NU__CELL_DATE;
        cell->i = date.ordinal;
    } else if ((field->type == MYSQL_TYPE_DATETIME || field->type == MYSQL_TYPE_TIMESTAMP) &&
               nu__datetime_from_iso((nu_str){ text, len }, &moment)) {
        cell->kind = NU__CELL_NAIVE;
        cell->i = moment.wall_us;
    }
}
