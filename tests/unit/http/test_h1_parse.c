/* Runs the cases of tests/data/http/requests.txt: each whole, and byte by byte at moving places. */
#include "core/buf.h"
#include "core/text.h"
#include "harness.h"
#include "http/h1_parse.h"
#include "unit/http/data_dir.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct reader {
    const char *p, *end;
} reader;

static void expand(nu__buf *out, reader *in, char stop);

/* {100*text}: the text, so many times. */
static void expand_repeated(nu__buf *out, reader *in)
{
    nu__buf once = { 0 };
    long n = strtol(in->p, (char **)(uintptr_t)&in->p, 10);

    in->p++; /* the star */
    expand(&once, in, '}');
    for (long i = 0; i < n; i++)
        nu__buf_add(out, once.data, once.len);
}

static void expand_escape(nu__buf *out, reader *in)
{
    static const char names[] = "rnt0\\", bytes[] = "\r\n\t\0\\";
    char c = *in->p++;

    if (c == 'x') {
        char hex[3] = { in->p[0], in->p[1], 0 };

        nu__buf_char(out, (char)strtol(hex, NULL, 16));
        in->p += 2;
    } else {
        nu__buf_char(out, bytes[strchr(names, c) - names]);
    }
}

static void expand(nu__buf *out, reader *in, char stop)
{
    while (in->p < in->end && *in->p != stop) {
        char c = *in->p++;

        if (c == '\\')
            expand_escape(out, in);
        else if (c == '{' && isdigit((unsigned char)*in->p))
            expand_repeated(out, in);
        else if (c != '\n')
            nu__buf_char(out, c);
    }
    in->p += in->p < in->end;
}

static nu_str expanded(nu_str text)
{
    nu__buf out = { 0 };
    reader in = { text.ptr, text.ptr + text.len };

    expand(&out, &in, '\0');
    return nu__buf_str(&out);
}

/* ---- what the parser says, as the file writes it ------------------------------------------------
 */

static nu_str outcome(nu__h1_result result, const nu__h1_head *head, nu_str data, nu_str want)
{
    nu__buf out = { 0 };

    if (result == NU__H1_MORE)
        return S("more");
    if (result == NU__H1_BAD)
        return nu_fmt("bad {}", head->status);
    nu__buf_add(&out, "ok ", 3);
    nu__buf_add(&out, data.ptr + head->start, head->method_len);
    nu__buf_char(&out, ' ');
    nu__buf_add(&out, data.ptr + head->target, head->target_len);
    if (head->chunked)
        nu__buf_lit(&out, " body=chunked");
    else if (head->content_length < 0)
        nu__buf_lit(&out, " body=none");
    else
        nu__buf_fmt(&out, " body={}", head->content_length);
    nu__buf_fmt(&out, " {}", head->keep_alive ? "keep" : "close");
    if (nu__find(want, S(" fields=")) >= 0)
        nu__buf_fmt(&out, " fields={}", (int)head->n_fields);
    if (nu__find(want, S(" rest=")) >= 0)
        nu__buf_fmt(&out, " rest={}", (int64_t)(data.len - head->len));
    return nu__buf_str(&out);
}

/* Ends the bytes where a page of the sanitizer begins: reading past them shows. */
static nu__h1_result parse_copy(nu__h1_head *head, nu_str data, size_t len)
{
    char *copy = malloc(len ? len : 1);
    nu__h1_result result;

    memcpy(copy, data.ptr, len);
    result = nu__h1_parse(head, copy, len);
    free(copy);
    return result;
}

static nu_str parsed_whole(nu_str data, nu_str want)
{
    nu__h1_head head;

    nu__h1_begin(&head);
    return outcome(parse_copy(&head, data, data.len), &head, data, want);
}

static nu_str parsed_by_bytes(nu_str data, nu_str want)
{
    nu__h1_result result = NU__H1_MORE;
    nu__h1_head head;

    nu__h1_begin(&head);
    for (size_t len = 0; len <= data.len && result == NU__H1_MORE; len++)
        result = parse_copy(&head, data, len);
    return outcome(result, &head, data, want);
}

static void run_case(nu_str name, nu_str bytes, nu_str want)
{
    nu_str data = expanded(bytes), wanted = expanded(want);
    bool whole = CHECK_STR(parsed_whole(data, want), wanted);
    bool by_bytes = CHECK_STR(parsed_by_bytes(data, want), wanted);

    if (!whole || !by_bytes)
        printf("      in the case “%.*s”\n", (int)name.len, name.ptr);
}

static nu_str read_file(const char *path)
{
    nu__buf out = { 0 };
    FILE *file = fopen(path, "r");
    char bytes[4096];
    size_t n;

    CHECK(file != NULL);
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        nu__buf_add(&out, bytes, n);
    if (file)
        fclose(file);
    return nu__buf_str(&out);
}

static void heads_of_the_corpus_are_read_as_it_says(void)
{
    nu_str file = read_file(TEST_DATA "/http/requests.txt");
    int cases = 0;

    for (ptrdiff_t at; (at = nu__find(file, S("\n== "))) >= 0; cases++) {
        nu_scratch_scope();
        nu_str rest = nu__sub(file, (size_t)at + 4, file.len), body;
        ptrdiff_t line = nu__find(rest, S("\n")), arrow = nu__find(rest, S("\n-> ")), end;

        if (!CHECK(arrow >= line))
            return;
        file = nu__sub(rest, (size_t)arrow + 4, rest.len);
        end = nu__find(file, S("\n"));
        body = nu__sub(rest, (size_t)line, (size_t)arrow);
        run_case(nu__sub(rest, 0, (size_t)line), body, nu__sub(file, 0, (size_t)end));
    }
    CHECK(cases > 100);
}

static void fields_are_found_at_their_offsets(void)
{
    nu_str data = S("GET /x HTTP/1.1\r\nHost:  a.b \r\nAccept: */*\r\n\r\n");
    nu__h1_head head;

    nu__h1_begin(&head);
    CHECK_INT(nu__h1_parse(&head, data.ptr, data.len), NU__H1_OK);
    CHECK_INT(head.method, GET);
    CHECK_INT(head.host, 0);
    CHECK_STR(nu__sub(data, head.fields[0].name, head.fields[0].name + 4), "Host");
    CHECK_INT(head.fields[0].value_len, 3);
    CHECK_STR(nu__sub(data, head.fields[0].value, head.fields[0].value + 3), "a.b");
    CHECK_STR(nu__sub(data, head.fields[1].value, head.fields[1].value + 3), "*/*");
    CHECK_INT(head.len, data.len);
}

static void an_expectation_counts_from_http_1_1_on(void)
{
    nu_str new = S("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
    nu_str old = S("POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
    nu__h1_head head;

    nu__h1_begin(&head);
    CHECK_INT(nu__h1_parse(&head, new.ptr, new.len), NU__H1_OK);
    CHECK(head.expect_continue);
    nu__h1_begin(&head);
    CHECK_INT(nu__h1_parse(&head, old.ptr, old.len), NU__H1_OK);
    CHECK(!head.expect_continue && head.http_1_0);
}

HARNESS(heads_of_the_corpus_are_read_as_it_says, fields_are_found_at_their_offsets,
        an_expectation_counts_from_http_1_1_on)
