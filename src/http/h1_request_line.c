/* The request line: method, target, version. */
#include "http/h1_parse_int.h"
#include "http/h1_scan.h"

#include <string.h>
#include <strings.h>

static const struct method {
    const char *name;
    uint8_t len;
    nu_method method;
} methods[] = {
    { "GET", 3, GET },     { "POST", 4, POST },     { "HEAD", 4, HEAD },       { "PUT", 3, PUT },
    { "PATCH", 5, PATCH }, { "DELETE", 6, DELETE }, { "OPTIONS", 7, OPTIONS },
};

static nu__h1_result read_method(nu__h1_head *head, const char *line, const char *p)
{
    head->method_len = (uint16_t)(p - line);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (head->method_len == methods[i].len &&
            memcmp(line, methods[i].name, methods[i].len) == 0)
            head->method = methods[i].method;
    return head->method ? NU__H1_OK : nu__h1_bad(head, 501, "the method is not known");
}

/* Of "http://host/path?q" the target is "/path?q" ("/" when there is none), the authority host. */
static bool absolute_form(nu__h1_head *head, const char *data, const char *target, const char *end)
{
    const char *authority = end, *path;

    if (end - target > 7 && strncasecmp(target, "http://", 7) == 0)
        authority = target + 7;
    else if (end - target > 8 && strncasecmp(target, "https://", 8) == 0)
        authority = target + 8;
    path = memchr(authority, '/', (size_t)(end - authority));
    if (!path || path == authority)
        return false;
    head->authority = (uint16_t)(authority - data);
    head->authority_len = (uint16_t)(path - authority);
    head->target = (uint16_t)(path - data);
    head->target_len = (uint16_t)(end - path);
    return true;
}

static nu__h1_result read_target(nu__h1_head *head, const char *data, const char *p,
                                 const char *end)
{
    head->target = (uint16_t)(p - data);
    head->target_len = (uint16_t)(end - p);
    if (p < end && (*p == '/' || (end - p == 1 && *p == '*' && head->method == OPTIONS)))
        return NU__H1_OK;
    if (absolute_form(head, data, p, end))
        return NU__H1_OK;
    return nu__h1_bad(head, 400, "the request target is no path");
}

/* "HTTP/1.1" stands at p, whole. */
static nu__h1_result read_version(nu__h1_head *head, const char *p)
{
    if (memcmp(p, "HTTP/1.", 7) == 0 && (p[7] == '1' || p[7] == '0')) {
        head->http_1_0 = p[7] == '0';
        return NU__H1_OK;
    }
    if (memcmp(p, "HTTP/", 5) == 0 && p[5] >= '0' && p[5] <= '9' && p[6] == '.' && p[7] >= '0' &&
        p[7] <= '9')
        return nu__h1_bad(head, 505, "the protocol version is not 1.0 or 1.1");
    return nu__h1_bad(head, 400, "the request line does not end in HTTP/1.1");
}

nu__h1_result nu__h1_read_request_line(nu__h1_head *head, const char *data, size_t len)
{
    const char *line = data + head->start, *end = data + len, *p, *target, *next;
    nu__h1_result result;

    p = nu__h1_token_end(line, end);
    if (p == end)
        return nu__h1_unfinished(head, line, end, 414);
    if (*p != ' ' || p == line)
        return nu__h1_bad(head, 400, "the request does not begin with a method");
    if ((result = read_method(head, line, p)) != NU__H1_OK)
        return result;
    target = p + 1;
    p = nu__h1_target_end(target, end);
    if (p == end)
        return nu__h1_unfinished(head, line, end, 414);
    if (p - line > NU__H1_MAX_LINE)
        return nu__h1_bad(head, 414, "the request target is too long");
    if (*p != ' ')
        return nu__h1_bad(head, 400, "the request target holds a character it may not");
    if (end - p < 11) /* " HTTP/1.1\r\n" */
        return memchr(p, '\n', (size_t)(end - p))
                   ? nu__h1_bad(head, 400, "the request line is cut short")
                   : NU__H1_MORE;
    if ((result = read_target(head, data, target, p)) != NU__H1_OK ||
        (result = read_version(head, p + 1)) != NU__H1_OK ||
        (result = nu__h1_line_end(head, line, p + 9, end, 414, &next)) != NU__H1_OK)
        return result;
    head->pos = (uint32_t)(next - data);
    head->line_read = true;
    return NU__H1_OK;
}
