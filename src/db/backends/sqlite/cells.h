/**
 * @file
 * A value of SQLite's as a cell. Inline: reading is all calls, and there are millions.
 *
 * The handle is the caller's alone while its statement runs, so a value may be looked at without
 * the lock that each sqlite3_column_*() takes.
 */
#pragma once
#include "core/scan.h"
#include "core/text.h"
#include "db/connection.h"
#include <sqlite3.h>
#include <string.h>

/* UTF-8 text as its bytes: asked for as text, SQLite would copy it to put a NUL behind. */
static inline const char *nu__sqlite_bytes_of(sqlite3_value *value, bool convert, uint32_t *len)
{
    const void *bytes = convert ? sqlite3_value_text(value) : sqlite3_value_blob(value);

    *len = (uint32_t)sqlite3_value_bytes(value);
    return bytes;
}

static inline uint64_t nu__sqlite_word(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* Every eight bytes of the text or'ed, the last of which may have been seen. */
static inline uint64_t nu__sqlite_words(const char *text, uint32_t len)
{
    uint64_t all = 0;

    if (len >= sizeof all) {
        all = nu__sqlite_word(text + len - sizeof all);
        for (uint32_t i = 0; i < len - sizeof all; i += (uint32_t)sizeof all)
            all |= nu__sqlite_word(text + i);
    } else {
        for (uint32_t i = 0; i < len; i++)
            all |= (unsigned char)text[i];
    }
    return all;
}

#ifdef NU__BLOCK
static inline bool nu__sqlite_is_ascii(const char *text, uint32_t len)
{
    nu__block all;

    if (len < NU__BLOCK)
        return !(nu__sqlite_words(text, len) & 0x8080808080808080);
    all = nu__block_load(text + len - NU__BLOCK);
    for (uint32_t i = 0; i < len - NU__BLOCK; i += NU__BLOCK)
        all = nu__block_or(all, nu__block_load(text + i));
    return !nu__block_bits(all);
}
#else
static inline bool nu__sqlite_is_ascii(const char *text, uint32_t len)
{
    return !(nu__sqlite_words(text, len) & 0x8080808080808080);
}
#endif

/* SQLite keeps any bytes as text. Nearly all are ASCII. */
static inline bool nu__sqlite_is_utf8(const char *text, uint32_t len)
{
    return nu__sqlite_is_ascii(text, len) || nu__utf8_valid((nu_str){ text, len });
}

/* Texts and blobs are borrowed: until SQLite goes on. *broken is set where a text is not UTF-8. */
static inline void nu__sqlite_borrow(nu__cell *cell, sqlite3_value *value, bool utf16, bool *broken)
{
    int type = sqlite3_value_type(value);

    if (type == SQLITE_INTEGER) {
        cell->kind = NU__CELL_INT;
        cell->i = sqlite3_value_int64(value);
    } else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        cell->kind = type == SQLITE_TEXT ? NU__CELL_TEXT : NU__CELL_BLOB;
        cell->text = nu__sqlite_bytes_of(value, utf16 && type == SQLITE_TEXT, &cell->len);
        *broken |= type == SQLITE_TEXT && !nu__sqlite_is_utf8(cell->text, cell->len);
    } else if (type == SQLITE_FLOAT) {
        cell->kind = NU__CELL_FLOAT;
        cell->f = sqlite3_value_double(value);
    } else {
        cell->kind = NU__CELL_NULL;
    }
}

/* A cell that keeps its text, below *top; false: there is no room for it above `floor`. */
static inline bool nu__sqlite_store(nu__cell *cell, const char *floor, char **top,
                                    sqlite3_value *value, bool utf16, bool *broken)
{
    const char *bytes;

    nu__sqlite_borrow(cell, value, utf16, broken);
    if (cell->kind != NU__CELL_TEXT && cell->kind != NU__CELL_BLOB)
        return true;
    bytes = cell->text;
    if ((size_t)(*top - floor) < (size_t)cell->len + 1)
        return false;
    *top -= (size_t)cell->len + 1;
    if (cell->len)
        memcpy(*top, bytes, cell->len);
    (*top)[cell->len] = '\0';
    cell->text = *top;
    return true;
}
