/* Bodies of text and files, as Python's email package and Django encode them. */
#include "mail/mail.h"

#include "core/text.h"
#include "mail/header.h"
#include "utils/base64.h"

#include <string.h>

enum { LONGEST = 998 /* bytes of a line, by RFC 5322 */, WIDTH = 76 };

const char *nu__text_encoding(nu_str text)
{
    nu_list *lines = nu__split_lines(text);

    for (size_t i = 0; i < nu_list_len(lines); i++)
        if (nu_at(lines, i).s.len > LONGEST)
            return "quoted-printable";
    return nu__is_ascii(text) ? "7bit" : "8bit";
}

/* ---- quoted-printable ------------------------------------------------------------------------ */

static nu_str escaped(nu_str text)
{
    static const char hex[] = "0123456789ABCDEF";
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if ((c >= ' ' && c <= '~' && c != '=') || c == '\t' || c == '\r' || c == '\n') {
            nu__buf_char(&out, (char)c);
        } else {
            nu__buf_char(&out, '=');
            nu__buf_char(&out, hex[c >> 4]);
            nu__buf_char(&out, hex[c & 15]);
        }
    }
    return nu__buf_str(&out);
}

/* A blank at the end of a line would be lost: it is escaped, on the next line where it has no
   room. `room`: bytes there are for it. */
static void blank_at_end(nu__buf *out, char blank, ptrdiff_t room)
{
    const char *code = blank == ' ' ? "=20" : "=09";

    if (room >= 3)
        nu__buf_str_add(out, nu_s(code));
    else if (room == 2)
        nu__buf_str_add(out, blank == ' ' ? S(" =\n") : S("\t=\n"));
    else
        nu__buf_fmt(out, "=\n{}", code);
}

static void wrapped_line(nu__buf *out, nu_str line)
{
    ptrdiff_t start = 0, last_start = (ptrdiff_t)line.len - 1 - WIDTH;

    while (start <= last_start) {
        ptrdiff_t stop = start + WIDTH - 1;

        if (line.ptr[stop - 2] == '=')
            stop -= 2; /* an escape is not parted */
        else if (line.ptr[stop - 1] == '=')
            stop -= 1;
        nu__buf_add(out, line.ptr + start, (size_t)(stop - start));
        nu__buf_lit(out, "=\n");
        start = stop;
    }
    if (line.len && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\t')) {
        nu__buf_add(out, line.ptr + start, line.len - 1 - (size_t)start);
        blank_at_end(out, line.ptr[line.len - 1], start - last_start);
    } else {
        nu__buf_add(out, line.ptr + start, line.len - (size_t)start);
    }
}

void nu__quoted_printable_to(nu__buf *out, nu_str text)
{
    nu_list *lines = nu__split_lines(escaped(text));
    char last = text.len ? text.ptr[text.len - 1] : 0;

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        if (i)
            nu__buf_char(out, '\n');
        wrapped_line(out, nu_at(lines, i).s);
    }
    if (last == '\n' || last == '\r')
        nu__buf_char(out, '\n');
}

/* ---- base64 ---------------------------------------------------------------------------------- */

void nu__base64_lines_to(nu__buf *out, nu_str bytes)
{
    enum { BYTES = WIDTH / 4 * 3 };

    for (size_t i = 0; i < bytes.len; i += BYTES) {
        size_t n = bytes.len - i < BYTES ? bytes.len - i : BYTES;

        nu__base64_encode_to(out, (nu_bytes){ (const uint8_t *)bytes.ptr + i, n }, NU__BASE64);
        nu__buf_char(out, '\n');
    }
}
