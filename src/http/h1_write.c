#include "http/h1_write.h"

#include "core/text.h"
#include "http/h1_scan.h"
#include "utils/http.h"

#include <string.h>

static char *put(char *out, const char *bytes, size_t len)
{
    memcpy(out, bytes, len);
    return out + len;
}
#define PUT(out, lit) put((out), "" lit, sizeof(lit) - 1)

char *nu__h1_write_uint(char *out, uint64_t number)
{
    char digits[20];
    char *p = digits + sizeof digits;

    do
        *--p = (char)('0' + number % 10);
    while (number /= 10);
    return put(out, p, (size_t)(digits + sizeof digits - p));
}

char *nu__h1_write_chunk_size(char *out, uint64_t size)
{
    int shift = 60;

    while (shift && !(size >> shift & 15))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[size >> shift & 15];
    return PUT(out, "\r\n");
}

void nu__h1_write_date(char *out, int64_t unix_seconds)
{
    char date[NU__HTTP_DATE_LEN + 1];

    nu__http_date(date, unix_seconds);
    out = PUT(out, "Date: ");
    out = put(out, date, NU__HTTP_DATE_LEN);
    PUT(out, "\r\n");
}

/* ---- the head -----------------------------------------------------------------------------------
 */

/* Names that the driver decides; told apart by length and first letter before they are compared. */
static bool is_drivers_own(nu_str name)
{
    switch (name.len) {
    case 4:
        return nu__eq_ignore_ascii_case(name, S("Date"));
    case 10:
        return nu__eq_ignore_ascii_case(name, S("Connection"));
    case 14:
        return nu__eq_ignore_ascii_case(name, S("Content-Length"));
    case 17:
        return nu__eq_ignore_ascii_case(name, S("Transfer-Encoding"));
    default:
        return false;
    }
}

static bool is_clean(nu_str value)
{
    return !value.len || nu__h1_value_end(value.ptr, nu__str_end(value)) == nu__str_end(value);
}

static nu_str reason_of(const nu_response *response)
{
    return response->reason.ptr ? response->reason : nu__status_reason(response->status);
}

size_t nu__h1_head_size(const nu__h1_answer *answer)
{
    const nu__headers *headers = &answer->response->headers;
    size_t size = 160 + NU__H1_OVERRUN + answer->set_cookies.len;

    if (answer->response->status != 200 || answer->response->reason.ptr)
        size += reason_of(answer->response).len;
    for (uint32_t i = 0; i < headers->len; i++)
        size += headers->items[i].name.len + headers->items[i].value.len + 4;
    return size;
}

static char *write_status_line(char *out, const nu_response *response)
{
    nu_str reason;

    if (response->status == 200 && !response->reason.ptr)
        return PUT(out, "HTTP/1.1 200 OK\r\n");
    reason = reason_of(response);
    out = PUT(out, "HTTP/1.1 ");
    out = nu__h1_write_uint(out, (unsigned)response->status);
    *out++ = ' ';
    out = put(out, reason.ptr, is_clean(reason) ? reason.len : 0);
    return PUT(out, "\r\n");
}

/* The line is begun anew by the next one where the value is not clean. */
static char *write_header(char *out, const nu__header *header)
{
    char *p = out;

    nu__h1_copy_value(p, header->name.ptr, header->name.len);
    p = PUT(p + header->name.len, ": ");
    if (!nu__h1_copy_value(p, header->value.ptr, header->value.len))
        return out;
    return PUT(p + header->value.len, "\r\n");
}

static char *write_headers(char *out, const nu__headers *headers)
{
    for (uint32_t i = 0; i < headers->len; i++)
        if (!is_drivers_own(headers->items[i].name))
            out = write_header(out, &headers->items[i]);
    return out;
}

char *nu__h1_write_head(char *out, const nu__h1_answer *answer)
{
    out = write_status_line(out, answer->response);
    out = put(out, answer->date, NU__H1_DATE_LEN);
    out = write_headers(out, &answer->response->headers);
    if (answer->content_length >= 0) {
        out = PUT(out, "Content-Length: ");
        out = nu__h1_write_uint(out, (uint64_t)answer->content_length);
        out = PUT(out, "\r\n");
    }
    if (answer->chunked)
        out = PUT(out, "Transfer-Encoding: chunked\r\n");
    if (answer->close)
        out = PUT(out, "Connection: close\r\n");
    else if (answer->keep_alive)
        out = PUT(out, "Connection: keep-alive\r\n");
    if (answer->set_cookies.len)
        out = put(out, answer->set_cookies.ptr, answer->set_cookies.len);
    return PUT(out, "\r\n");
}
