#include "http/multipart.h"

#include <string.h>

bool nu__multipart_init(nu__multipart *parser, nu_str boundary)
{
    if (!boundary.len || boundary.len > NU__MULTIPART_MAX_BOUNDARY ||
        boundary.ptr[boundary.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < boundary.len; i++)
        if (boundary.ptr[i] < ' ' || boundary.ptr[i] > '~')
            return false;
    memset(parser, 0, sizeof *parser);
    memcpy(parser->delimiter, "--", 2);
    memcpy(parser->delimiter + 2, boundary.ptr, boundary.len);
    parser->delimiter_len = boundary.len + 2;
    return true;
}

static const char *find(const char *in, size_t len, const char *what, size_t what_len)
{
    return len ? memmem(in, len, what, what_len) : NULL;
}

/* Without the line end before a delimiter. */
static size_t content_length(const char *window, size_t len)
{
    if (len && window[len - 1] == '\n')
        len--;
    if (len && window[len - 1] == '\r')
        len--;
    return len;
}

/* How many bytes at the window's end may be a line end and the beginning of a delimiter. */
static size_t held_back(const nu__multipart *parser, bool end)
{
    return end ? 0 : parser->delimiter_len + 1;
}

static nu__multipart_event finish_part(nu__multipart *parser, bool at_delimiter, size_t *used)
{
    *used = at_delimiter ? parser->delimiter_len : 0;
    parser->state = at_delimiter ? NU__PART_START : NU__PARTS_DONE;
    return NU__MULTIPART_PART_END;
}

/* Content up to the delimiter, or as far as none can begin. */
static nu__multipart_event next_data(nu__multipart *parser, const char *window, size_t len,
                                     bool end, size_t *used, nu_str *text)
{
    const char *delimiter = find(window, len, parser->delimiter, parser->delimiter_len);
    size_t held = held_back(parser, end), n;

    if (delimiter) {
        n = content_length(window, (size_t)(delimiter - window));
        *used = (size_t)(delimiter - window);
        parser->state = NU__PART_AFTER;
    } else {
        n = len > held ? len - held : 0;
        *used = n;
        if (end)
            parser->state = NU__PART_AFTER;
        else if (!n)
            return NU__MULTIPART_MORE;
    }
    *text = (nu_str){ window, n };
    return NU__MULTIPART_DATA;
}

/* The header ends at an empty line, and the content behind it has begun: a delimiter right there
   would have taken that line. */
static nu__multipart_event take_header(nu__multipart *parser, const char *window,
                                       const char *header_end, size_t *used, nu_str *text)
{
    *text = (nu_str){ window, (size_t)(header_end - window) };
    *used = text->len + 4;
    parser->state = NU__PART_DATA;
    return NU__MULTIPART_HEADER;
}

static nu__multipart_event start_part(nu__multipart *parser, const char *window, size_t len,
                                      bool end, size_t *used, nu_str *text)
{
    const char *delimiter = find(window, len, parser->delimiter, parser->delimiter_len);
    size_t part = len, search;
    const char *header_end;

    if (delimiter)
        part = content_length(window, (size_t)(delimiter - window));
    else if (!end && len < NU__MULTIPART_MAX_HEADER + parser->delimiter_len + 2)
        return NU__MULTIPART_MORE;
    if (!delimiter && !len) {
        parser->state = NU__PARTS_DONE;
        return NU__MULTIPART_END;
    }
    search = part < NU__MULTIPART_MAX_HEADER ? part : NU__MULTIPART_MAX_HEADER;
    header_end = find(window, search, "\r\n\r\n", 4);
    if (header_end)
        return take_header(parser, window, header_end, used, text);
    if (part >= NU__MULTIPART_MAX_HEADER)
        return NU__MULTIPART_BAD;
    parser->state = NU__PART_RAW;
    return NU__MULTIPART_RAW;
}

static nu__multipart_event end_part(nu__multipart *parser, const char *window, size_t len,
                                    size_t *used)
{
    bool at = len >= parser->delimiter_len &&
              memcmp(window, parser->delimiter, parser->delimiter_len) == 0;

    return finish_part(parser, at, used);
}

nu__multipart_event nu__multipart_next(nu__multipart *parser, const char *window, size_t len,
                                       bool end, size_t *used, nu_str *text)
{
    *used = 0;
    switch (parser->state) {
    case NU__PART_START:
        return start_part(parser, window, len, end, used, text);
    case NU__PART_RAW:
    case NU__PART_DATA:
        return next_data(parser, window, len, end, used, text);
    case NU__PART_AFTER:
        return end_part(parser, window, len, used);
    default:
        return NU__MULTIPART_END;
    }
}
