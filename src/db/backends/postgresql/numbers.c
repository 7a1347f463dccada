/* Numbers that are no plain bits: numeric, and floats as short as they can be told. */
#include "db/backends/postgresql/cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A float of 4 bytes is the shortest decimal that makes it, as its text says: 0.1, and not the
   0.10000000149011612 that its bits are as a double. */
double nu__pg_float4(const uint8_t *data)
{
    uint32_t bits = nu__pg_get32(data);
    char text[32];
    float number;

    memcpy(&number, &bits, sizeof number);
    for (int digits = 6; digits < 9 && isfinite(number); digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)number);
        if (strtof(text, NULL) == number)
            return strtod(text, NULL);
    }
    if (!isfinite(number))
        return (double)number;
    snprintf(text, sizeof text, "%.9g", (double)number);
    return strtod(text, NULL);
}

/* ---- numeric ------------------------------------------------------------------------------ */

/* PostgreSQL's numeric: groups of four digits, the first of them of the weight given, and how many
   places are shown. */
typedef struct numeric {
    const uint8_t *groups;
    int32_t n, weight, sign, scale;
} numeric;

static uint16_t group_of(const numeric *number, int32_t i)
{
    return i >= 0 && i < number->n ? nu__pg_get16(number->groups + 2 * i) : 0;
}

static char *put_whole(char *at, const numeric *number)
{
    bool begun = false;

    for (int32_t i = 0; i <= number->weight; i++)
        for (uint16_t power = 1000; power; power /= 10) {
            uint16_t digit = group_of(number, i) / power % 10;

            begun |= digit != 0;
            if (begun)
                *at++ = (char)('0' + digit);
        }
    if (!begun)
        *at++ = '0';
    return at;
}

static char *put_places(char *at, const numeric *number)
{
    static const uint16_t powers[] = { 1000, 100, 10, 1 };

    if (number->scale)
        *at++ = '.';
    for (int32_t i = 0; i < number->scale; i++)
        *at++ = (char)('0' + group_of(number, number->weight + 1 + i / 4) / powers[i % 4] % 10);
    return at;
}

static const char *numeric_word(int32_t sign)
{
    switch (sign) {
    case 0xc000:
        return "NaN";
    case 0xd000:
        return "Infinity";
    case 0xf000:
        return "-Infinity";
    default:
        return NULL;
    }
}

bool nu__pg_cell_numeric(nu__cell *cell, const uint8_t *data, uint32_t len, nu__pg_room *room)
{
    numeric number;
    const char *word;
    char *text, *at;

    if (len < 8)
        return false;
    number = (numeric){ data + 8, nu__pg_get16(data), (int16_t)nu__pg_get16(data + 2),
                        nu__pg_get16(data + 4), nu__pg_get16(data + 6) };
    if (len != 8 + 2 * (uint32_t)number.n)
        return false;
    word = numeric_word(number.sign);
    if (word)
        return nu__pg_cell_bytes(cell, NU__CELL_DECIMAL, (const uint8_t *)word,
                                 (uint32_t)strlen(word), room);
    text = at = nu__pg_take_room(
        room, (size_t)(number.weight > 0 ? number.weight : 0) * 4 + (size_t)number.scale + 16,
        false);
    cell->kind = NU__CELL_DECIMAL;
    cell->text = text;
    if (!text)
        return true;
    if (number.sign)
        *at++ = '-';
    at = put_places(put_whole(at, &number), &number);
    *at = '\0';
    cell->len = (uint32_t)(at - text);
    return true;
}
