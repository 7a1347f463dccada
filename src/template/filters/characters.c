#include "template/filters/characters.h"

#include "core/context.h"
#include "core/text.h"
#include "template/context.h"
#include "utils/html.h"

enum { ASCII = 128, ROOM = 256 }; /* what writes entities asks for more room than it takes */

/* ---- writing --------------------------------------------------------------------------------- */

/* What a character is written as, worked out once for those of ASCII. */
typedef struct pieces {
    nu__put_character *put;
    bool escape;
    char last[NU__PIECE]; /* of a character beyond ASCII */
    char known[ASCII][NU__PIECE];
    uint8_t known_len[ASCII]; /* 0: not asked for yet */
} pieces;

static uint8_t make_piece(const pieces *pieces, nu_str character, char *to)
{
    char room[ROOM];
    nu__buf out = NU__BUF_OVER(room);

    pieces->put(&out, character, pieces->escape);
    memcpy(to, out.data, out.len < NU__PIECE ? out.len : NU__PIECE);
    return (uint8_t)out.len;
}

static nu_str piece_of(pieces *pieces, nu_str character)
{
    unsigned char c = (unsigned char)character.ptr[0];

    if (c >= ASCII)
        return (nu_str){ pieces->last, make_piece(pieces, character, pieces->last) };
    if (!pieces->known_len[c])
        pieces->known_len[c] = make_piece(pieces, character, pieces->known[c]);
    return (nu_str){ pieces->known[c], pieces->known_len[c] };
}

static nu_str next_character(const char **at, const char *end)
{
    const char *start = *at;

    if ((unsigned char)*start < ASCII)
        ++*at;
    else
        nu__utf8_next(at, end);
    return (nu_str){ start, (size_t)(*at - start) };
}

static size_t size_of_all(pieces *pieces, nu_str text, nu_str between)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    size_t size = 0;

    while (at < end)
        size += piece_of(pieces, next_character(&at, end)).len + between.len;
    return size;
}

void nu__write_characters(nu__buf *out, nu_str text, nu_str between, nu__put_character *put,
                          bool escape)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    pieces pieces;

    pieces.put = put;
    pieces.escape = escape;
    memset(pieces.known_len, 0, sizeof(pieces.known_len));
    nu__buf_reserve(out, size_of_all(&pieces, text, between) + ROOM);
    while (at < end) {
        nu_str piece = piece_of(&pieces, next_character(&at, end));

        nu__buf_add_short(out, piece.ptr, piece.len);
        if (at < end)
            nu__buf_add_short(out, between.ptr, between.len);
    }
}

void nu__put_plain(nu__buf *out, nu_str character, bool escape)
{
    if (escape)
        nu__escape_to(out, character);
    else
        nu__buf_str_add(out, character);
}

void nu__put_list_item(nu__buf *out, nu_str character, bool escape)
{
    nu__buf_lit(out, "\t<li>");
    nu__put_plain(out, character, escape);
    nu__buf_lit(out, "</li>");
}

/* ---- lists of them --------------------------------------------------------------------------- */

static void put_repr(nu__buf *out, nu_str character, bool escape)
{
    char room[ROOM];
    nu__buf text = NU__BUF_OVER(room);

    nu__buf_repr_str(&text, character);
    nu__put_plain(out, (nu_str){ text.data, text.len }, escape);
}

static void put_repr_of_escaped(nu__buf *out, nu_str character, bool escape)
{
    char room[ROOM];
    nu__buf text = NU__BUF_OVER(room);

    nu__escape_to(&text, character);
    put_repr(out, (nu_str){ text.data, text.len }, escape);
}

static void write_list(const nu__filter_call *call, nu_str text, nu__put_character *put, bool safe)
{
    nu__buf *out = call->context->out;

    nu__buf_char(out, '[');
    nu__write_characters(out, text, S(", "), put, call->autoescape && !safe);
    nu__buf_char(out, ']');
}

void nu__write_list_of_characters(const nu__filter_call *call, nu_str text)
{
    write_list(call, text, put_repr, false);
}

static bool is_text(const nu__filter_call *call)
{
    return call->value.kind == NU_KIND_STR || call->value.kind == NU_KIND_SAFE;
}

bool nu__write_make_list(const nu__filter_call *call)
{
    if (is_text(call))
        write_list(call, call->value.s, put_repr, false);
    return is_text(call);
}

bool nu__write_escapeseq(const nu__filter_call *call)
{
    if (is_text(call))
        write_list(call, call->value.s, put_repr_of_escaped, call->value.kind == NU_KIND_SAFE);
    return is_text(call);
}

bool nu__write_safeseq(const nu__filter_call *call)
{
    if (is_text(call))
        write_list(call, call->value.s, put_repr, call->value.kind == NU_KIND_SAFE);
    return is_text(call);
}

/* ---- sorting --------------------------------------------------------------------------------- */

enum { DIGITS = 3, BASE = 128 }; /* a code point has 21 bits */

/* One pass of a radix sort, by seven bits. */
static void sort_by_digit(const uint32_t *from, uint32_t *to, size_t n, unsigned digit)
{
    size_t places[BASE] = { 0 }, place = 0;
    unsigned shift = 7 * digit;

    for (size_t i = 0; i < n; i++)
        places[from[i] >> shift & (BASE - 1)]++;
    for (size_t i = 0; i < BASE; i++) {
        size_t count = places[i];

        places[i] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++)
        to[places[from[i] >> shift & (BASE - 1)]++] = from[i];
}

/* After an odd number of passes the last one's target. */
static const uint32_t *sorted_code_points(nu_str text, size_t n)
{
    uint32_t *from = nu_alloc_array(uint32_t, n), *to = nu_alloc_array(uint32_t, n), *other;
    const char *at = text.ptr, *end = nu__str_end(text);

    for (size_t i = 0; at < end; i++)
        from[i] = nu__utf8_next(&at, end);
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        sort_by_digit(from, to, n, digit);
        other = from;
        from = to;
        to = other;
    }
    return from;
}

nu_str nu__sorted_characters(nu_str text, bool reversed)
{
    size_t n = nu__utf8_count(text);
    nu__buf out = { 0 };
    nu__arena_mark mark;
    const uint32_t *sorted;

    nu__buf_reserve(&out, text.len * NU__UTF8_MAX);
    mark = nu__arena_mark_take(nu__here->arena);
    sorted = sorted_code_points(text, n);
    for (size_t i = 0; i < n; i++)
        nu__buf_utf8(&out, sorted[reversed ? n - 1 - i : i]);
    nu__arena_mark_release(nu__here->arena, mark);
    return nu__buf_take(&out);
}
