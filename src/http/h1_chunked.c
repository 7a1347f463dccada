#include "http/h1_chunked.h"

#include "http/h1_scan.h"

enum state {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF,
    END,
    BAD,
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum state in_size(nu__chunked *body, char c)
{
    int digit = hex_digit(c);

    if (digit >= 0) {
        if (++body->digits > 15)
            return BAD;
        body->left = body->left * 16 + (unsigned)digit;
        return SIZE;
    }
    if (body->digits == 0)
        return BAD;
    return c == '\r' ? SIZE_LF : c == ';' ? EXTENSION : BAD;
}

static enum state in_extension(nu__chunked *body, char c)
{
    if (c == '\r')
        return SIZE_LF;
    if (++body->extensions > NU__CHUNKED_MAX_EXTENSIONS)
        return BAD;
    return ((uint8_t)c >= 0x20 || c == '\t') && c != 0x7f ? EXTENSION : BAD;
}

static enum state after_size(nu__chunked *body, char c)
{
    body->digits = 0;
    if (c != '\n')
        return BAD;
    return body->left ? DATA : TRAILER_START;
}

static enum state in_trailers(nu__chunked *body, char c)
{
    if (++body->trailers > NU__CHUNKED_MAX_TRAILERS)
        return BAD;
    switch ((enum state)body->state) {
    case TRAILER_START:
        return c == '\r' ? LAST_LF : nu__h1_token[(uint8_t)c] ? TRAILER_NAME : BAD;
    case TRAILER_NAME:
        return c == ':' ? TRAILER_VALUE : nu__h1_token[(uint8_t)c] ? TRAILER_NAME : BAD;
    case TRAILER_VALUE:
        if (c == '\r')
            return TRAILER_LF;
        return ((uint8_t)c >= 0x20 || c == '\t') && c != 0x7f ? TRAILER_VALUE : BAD;
    default:
        return c == '\n' ? TRAILER_START : BAD;
    }
}

static enum state step(nu__chunked *body, char c)
{
    switch ((enum state)body->state) {
    case SIZE:
        return in_size(body, c);
    case EXTENSION:
        return in_extension(body, c);
    case SIZE_LF:
        return after_size(body, c);
    case DATA_CR:
        return c == '\r' ? DATA_LF : BAD;
    case DATA_LF:
        return c == '\n' ? SIZE : BAD;
    case LAST_LF:
        return c == '\n' ? END : BAD;
    default:
        return in_trailers(body, c);
    }
}

static void take_data(nu__chunked *body, size_t available, size_t *data_len)
{
    *data_len = body->left < available ? (size_t)body->left : available;
    body->left -= *data_len;
    if (body->left == 0)
        body->state = DATA_CR;
}

nu__chunked_result nu__chunked_next(nu__chunked *body, const char *input, size_t len, size_t *used,
                                    const char **data, size_t *data_len)
{
    size_t at = 0;

    while (at < len && body->state < END) {
        if (body->state == DATA) {
            take_data(body, len - at, data_len);
            *data = input + at;
            *used = at + *data_len;
            return NU__CHUNKED_DATA;
        }
        body->state = step(body, input[at++]);
    }
    *used = at;
    if (body->state < END)
        return NU__CHUNKED_MORE;
    return body->state == END ? NU__CHUNKED_END : NU__CHUNKED_BAD;
}
