/* Does one piece of work on inputs of two or three sizes, each in a function of its own call, so
   that valgrind can count the instructions; see test_linear.py.

       linear                 all cases: a line "name size" for each call of linear_run()
       linear json-list       one of them
       linear templates       those about templates */
#include "linear.h"

#include "core/arena.h"
#include "core/context.h"
#include "core/json.h"
#include "core/text.h"
#include "http/cookies.h"
#include "http/form_data.h"
#include "http/h1_chunked.h"
#include "http/h1_parse.h"
#include "http/querydict.h"
#include "http/url_join.h"
#include "utils/dateparse.h"
#include "utils/html.h"
#include "utils/http.h"
#include "utils/numberformat.h"
#include "utils/signing.h"
#include "utils/text.h"
#include "utils/url.h"

#include <nuages/decimal.h>
#include <stdio.h>

/* ---- inputs -----------------------------------------------------------------------------------
 */

/* `head`, `piece` as often as fits into the size, `tail`. */
typedef struct shape {
    const char *head, *piece, *tail;
} shape;

static nu_str make(const shape *shape, size_t size)
{
    size_t piece_len = strlen(shape->piece);
    nu__buf out = { 0 };

    nu__buf_str_add(&out, nu_s(shape->head ? shape->head : ""));
    while (out.len + piece_len <= size)
        nu__buf_add(&out, shape->piece, piece_len);
    nu__buf_str_add(&out, nu_s(shape->tail ? shape->tail : ""));
    return nu__buf_str(&out);
}

/* Each piece numbered, so that no two are equal: `format` has one "{}". */
static nu_str make_numbered(const char *head, const char *before, const char *after,
                            const char *tail, size_t size)
{
    nu__buf out = { 0 };

    nu__buf_str_add(&out, nu_s(head));
    for (int64_t i = 0; out.len < size; i++) {
        nu__buf_str_add(&out, nu_s(before));
        nu__buf_int(&out, i);
        nu__buf_str_add(&out, nu_s(after));
    }
    nu__buf_str_add(&out, nu_s(tail));
    return nu__buf_str(&out);
}

/* ---- work -------------------------------------------------------------------------------------
 */

static void json(nu_str text)
{
    nu__json_error error;
    nu_value value;

    if (nu__json_try_read(text, &value, &error))
        nu_to_json_(value);
}

static void query_string(nu_str text)
{
    nu_querydict_urlencode(nu_querydict_parse(text, 0), "");
}

static void cookies(nu_str text)
{
    nu__cookies_parse(text);
}

static void set_cookie(nu_str text)
{
    nu_response *response = nu__response_new(200, S("text/plain"), S(""));

    nu_set_cookie(response, "name", text);
    nu__cookies_write(response);
}

static void head(nu_str text)
{
    nu__h1_head *head = nu_alloc(nu__h1_head);

    nu__h1_begin(head);
    nu__h1_parse(head, text.ptr, text.len);
}

static void chunked(nu_str text)
{
    nu__chunked body = { 0 };
    nu__chunked_result result;
    const char *data;
    size_t used, len;

    do {
        result = nu__chunked_next(&body, text.ptr, text.len, &used, &data, &len);
        text = nu__sub(text, used, text.len);
    } while (result == NU__CHUNKED_DATA);
}

static size_t read_rest(void *self, char *into, size_t size)
{
    nu_str *left = self;
    size_t n = left->len < size ? left->len : size;

    n = n < 1400 ? n : 1400; /* as packets come */
    if (n)
        memcpy(into, left->ptr, n);
    *left = nu__sub(*left, n, left->len);
    return n;
}

static void multipart(nu_str text)
{
    static const nu__http_settings unlimited = { .file_upload_max_memory_size = 1 << 30 };
    nu_request *req = nu__request_new(&unlimited);
    nu_str *left = nu_alloc(nu_str);

    *left = text;
    req->content_length = (int64_t)text.len;
    req->source = (nu__body_source){ .read = read_rest, .self = left };
    nu__headers_set(&req->headers, S("Content-Type"), S("multipart/form-data; boundary=b"));
    (void)!nu_catch(NU_MULTI_PART_PARSER_ERROR, nu__form_data_read(req));
}

static void header_params(nu_str text)
{
    nu_dict *params;
    nu_str type;

    nu__parse_header_parameters(text, &type, &params);
}

static void etags(nu_str text)
{
    nu__parse_etags(text);
}

static void request_target(nu_str text)
{
    nu__request_set_target(nu__request_new(NULL), text);
}

static void escape(nu_str text)
{
    nu__escape(text);
    nu__escapejs(text);
}

static void unescape(nu_str text)
{
    nu__html_unescape(text);
}

static void urlize(nu_str text)
{
    nu__urlize_text(text, &(nu__urlize){ .autoescape = true, .nofollow = true });
}

static void strip_tags(nu_str text)
{
    (void)!nu_catch(NU_SUSPICIOUS_OPERATION, nu__strip_tags(text));
    nu__strip_spaces_between_tags(text);
}

static void linebreaks(nu_str text)
{
    nu__linebreaks(text, true);
    nu__linebreaksbr(text, true);
}

static void truncate_plain(nu_str text)
{
    nu__truncate_chars(text, INT64_MAX, (nu_str){ 0 });
    nu__truncate_chars(text, 30, (nu_str){ 0 });
    nu__truncate_words(text, INT64_MAX, (nu_str){ 0 });
}

static void truncate_html(nu_str text)
{
    nu__truncate_html_chars(text, INT64_MAX, (nu_str){ 0 });
    nu__truncate_html_words(text, INT64_MAX, (nu_str){ 0 });
    nu__truncate_html_chars(text, (int64_t)text.len / 2, (nu_str){ 0 });
}

static void slugify(nu_str text)
{
    nu_slugify(text);
    nu__slugify_unicode(text);
}

static void wrap(nu_str text)
{
    nu__wrap(text, 20);
}

static void split(nu_str text)
{
    nu__smart_split(text);
    nu__split_space(text);
}

static void cases(nu_str text)
{
    nu_lower(text);
    nu_upper(text);
    nu__title(text);
}

static void normalize(nu_str text)
{
    nu__normalize_c(text);
}

static void url(nu_str text)
{
    static const nu_str hosts[] = { { "example.com", 11 } };

    nu__smart_urlquote(text);
    nu__iri_to_uri(text);
    nu__uri_to_iri(text);
    nu__url_has_allowed_host_and_scheme(text, hosts, 1, false);
    nu__url_join(S("https://example.com"), S("/a/b"), text);
}

static void number(nu_str text)
{
    nu_decimal decimal;

    nu_decimal_try_parse(text, &decimal);
    nu__floatformat(nu_v_str(text), nu_v_int(2));
    nu__number_format(nu_v_str(text), 2, &nu__locale_en, true);
}

static void duration(nu_str text)
{
    nu_timedelta delta;
    nu_datetime instant;

    nu__parse_duration(text, &delta);
    nu__parse_datetime(text, &instant);
}

static void unsign(nu_str text)
{
    static const nu__signer signer = { .key = { "key", 3 } };

    (void)!nu_catch(NU_BAD_SIGNATURE, nu__signing_loads(&signer, text, NU__NO_MAX_AGE));
}

/* ---- cases ------------------------------------------------------------------------------------
 */

enum { SMALL = 20000 };

typedef struct work {
    const char *name;
    void (*run)(nu_str text);
    shape shape;
    size_t size; /* of the first of three sizes; 0: SMALL */
} work;

static const work works[] = {
    { "json-list", json, { "[", "123,", "1]" } },
    { "json-lists", json, { "[", "[1,[2]],", "1]" } },
    { "json-floats", json, { "[", "1.25e-3,", "1]" } },
    { "json-strings", json, { "[", "\"ab\\u00e9\\n\",", "1]" } },
    { "json-one-key", json, { "{", "\"a\":1,", "\"a\":1}" } },
    { "json-digits", json, { "[", "1", "]" } },
    { "json-fraction", json, { "[0.", "3", "]" } },
    { "json-spaces", json, { "[", " \n", "x" } },
    { "json-backslashes", json, { "[\"", "\\\\", "" } },
    { "json-quotes", json, { "", "\"", "" } },
    { "json-open", json, { "", "[", "" } },
    { "query-pairs", query_string, { NULL, "a=1&b=2&", NULL } },
    { "query-ampersands", query_string, { NULL, "&", NULL } },
    { "query-percents", query_string, { NULL, "%", NULL } },
    { "query-escapes", query_string, { "a=", "%c3%a9+", NULL } },
    { "query-broken", query_string, { "a=", "%ff%e2%82", NULL } },
    { "query-equals", query_string, { NULL, "=", NULL } },
    { "cookies-pairs", cookies, { NULL, "a=1; ", NULL } },
    { "cookies-semicolons", cookies, { NULL, "; ", NULL } },
    { "cookies-quoted", cookies, { "a=\"", "\\054\\\"", "\"" } },
    { "cookies-backslashes", cookies, { "a=\"", "\\", "\"" } },
    { "cookies-spaces", cookies, { "a=", " ", "b" } },
    { "set-cookie", set_cookie, { NULL, "\"; \n", NULL } },
    { "head-one-field", head, { "GET / HTTP/1.1\r\nHost: a\r\nX: ", "x", "\r\n\r\n" }, 2000 },
    { "head-fields", head, { "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", "\r\n" }, 140 },
    { "head-underscores",
      head,
      { "GET / HTTP/1.1\r\nHost: a\r\n", "X_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: y\r\n",
        "\r\n" },
      1250 },
    { "head-target", head, { "GET /", "x", " HTTP/1.1\r\nHost: a\r\n\r\n" }, 2000 },
    { "target-percents", request_target, { "/", "%", NULL } },
    { "target-broken", request_target, { "/", "%ff", NULL } },
    { "chunked", chunked, { NULL, "1\r\nx\r\n", "0\r\n\r\n" } },
    { "multipart-fields",
      multipart,
      { NULL, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n", "--b--" } },
    { "multipart-files",
      multipart,
      { NULL, "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n1\r\n", "--b--" } },
    { "multipart-one-field",
      multipart,
      { "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", "content ", "\r\n--b--" } },
    { "multipart-almost",
      multipart,
      { "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", "\r\n--", "\r\n--b--" } },
    { "multipart-line-ends",
      multipart,
      { "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", "\r\n", "\r\n--b--" } },
    { "multipart-boundaries", multipart, { NULL, "--b", NULL } },
    { "multipart-preamble", multipart, { NULL, "x", NULL } },
    { "multipart-base64",
      multipart,
      { "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n",
        "aGVs(\n", "\r\n--b--" } },
    { "header-params", header_params, { "x", ";a=b", NULL } },
    { "header-pieces", header_params, { "x", ";a*1=b", NULL } },
    { "header-quotes", header_params, { "x;a=\"", "\\\"", NULL } },
    { "header-semicolons", header_params, { "x", ";", NULL } },
    { "header-stars", header_params, { "x;a", "*", "=b" } },
    { "etags", etags, { NULL, "\"a\", ", NULL } },
    { "etags-open", etags, { NULL, "\"a", NULL } },
    { "etags-weak", etags, { NULL, "W/", NULL } },
    { "escape", escape, { NULL, "a<b>&\"'", NULL } },
    { "unescape-ampersands", unescape, { NULL, "&", NULL } },
    { "unescape-names", unescape, { NULL, "&notit;&amp", NULL } },
    { "unescape-long-name", unescape, { "&", "a", ";" } },
    { "unescape-digits", unescape, { "&#", "1", ";" } },
    { "urlize-words", urlize, { NULL, "see www.example.com/a?b, ", NULL } },
    { "urlize-mails", urlize, { NULL, "a@b.example ", NULL } },
    { "urlize-ats", urlize, { NULL, "a@b.", NULL } },
    { "urlize-open", urlize, { "www.a.com", "(", NULL } },
    { "urlize-closed", urlize, { "www.a.com", ")", NULL } },
    { "urlize-brackets", urlize, { "www.a.com", ")]", NULL } },
    { "urlize-brackets-points", urlize, { "www.a.com", ").", NULL } },
    { "urlize-pairs", urlize, { "((((www.a.com", "()", NULL } },
    { "urlize-semicolons", urlize, { "www.a.com", ";", NULL } },
    { "urlize-references", urlize, { "www.a.com", "&lt;", NULL } },
    { "urlize-references-points", urlize, { "www.a.com", "&;:", NULL } },
    { "urlize-colons", urlize, { "www.a.com", ":;", NULL } },
    { "urlize-points", urlize, { NULL, ".", NULL } },
    { "urlize-one-word", urlize, { "http://", "a", ".com" } },
    { "urlize-domains", urlize, { NULL, ".com", NULL } },
    { "urlize-query", urlize, { "http://a.com/?", "a=%26&", NULL } },
    { "strip-tags", strip_tags, { NULL, "<p>a</p> ", NULL } },
    { "strip-open", strip_tags, { NULL, "<", NULL } },
    { "strip-tag-open", strip_tags, { NULL, "<a ", NULL } },
    { "strip-one-tag", strip_tags, { "<a ", "b", "" } },
    { "strip-attributes", strip_tags, { "<a ", "b='c' ", ">" } },
    { "strip-quotes", strip_tags, { "<a b='", "\"x", ">" } },
    { "strip-end-tags", strip_tags, { NULL, "</a", ">" } },
    { "strip-comments", strip_tags, { NULL, "<!--", ">" } },
    { "strip-comment-ends", strip_tags, { "<!--", "--!", ">" } },
    { "strip-declarations", strip_tags, { NULL, "<!", ">" } },
    { "strip-cdata", strip_tags, { NULL, "<![CDATA[", ">" } },
    { "strip-instructions", strip_tags, { NULL, "<?", ">" } },
    { "strip-references", strip_tags, { "<a>", "&#x", NULL } },
    { "strip-names", strip_tags, { "<a>", "&am", NULL } },
    { "strip-nested", strip_tags, { NULL, "<<a>", ">" } },
    { "strip-script", strip_tags, { "<script>", "</scrip", ">" } },
    { "strip-scripts", strip_tags, { NULL, "<script>", NULL } },
    { "linebreaks", linebreaks, { NULL, "a\r\n\r\n\n", NULL } },
    { "truncate-words", truncate_plain, { NULL, "word ", NULL } },
    { "truncate-wide", truncate_plain, { NULL, "e\u0301\u20ac", NULL } },
    { "truncate-marks", truncate_plain, { "e", "\u0301\u0323", NULL } },
    { "truncate-html", truncate_html, { NULL, "<p>a <b>c</b></p> ", NULL } },
    { "truncate-html-open", truncate_html, { NULL, "<p>", NULL } },
    { "truncate-html-ends", truncate_html, { NULL, "</p>", NULL } },
    { "truncate-html-tag-open", truncate_html, { NULL, "<p ", NULL } },
    { "truncate-html-less", truncate_html, { NULL, "<", NULL } },
    { "truncate-html-references", truncate_html, { NULL, "&amp;&x", NULL } },
    { "truncate-html-comments", truncate_html, { NULL, "<!--", NULL } },
    { "slugify", slugify, { NULL, "A - b_\u00e9 ", NULL } },
    { "slugify-dashes", slugify, { NULL, "-", NULL } },
    { "wrap", wrap, { NULL, "word and ", NULL } },
    { "wrap-one-word", wrap, { NULL, "a", NULL } },
    { "wrap-spaces", wrap, { NULL, " ", NULL } },
    { "split-quotes", split, { NULL, "\"", NULL } },
    { "split-escapes", split, { "\"", "\\\"", NULL } },
    { "split-strings", split, { NULL, "a=\"b c\" ", NULL } },
    { "cases", cases, { NULL, "ab \u00df\u03a3 ", NULL } },
    { "cases-sigma", cases, { "a", "\u03a3", NULL } },
    { "cases-ignorable", cases, { "a", "\u03a3.", NULL } },
    { "normalize-marks", normalize, { "e", "\u0301\u0323", NULL } },
    { "url-dots", url, { "http://a", "/..", NULL } },
    { "url-relative", url, { NULL, "../", NULL } },
    { "url-percents", url, { "/", "%", NULL } },
    { "url-escapes", url, { "/", "%c3%a9", NULL } },
    { "url-query", url, { "/?", "a=b&", NULL } },
    { "url-slashes", url, { NULL, "/", NULL } },
    { "url-ats", url, { "//", "@", NULL } },
    { "number-digits", number, { NULL, "1", NULL } },
    { "number-zeros", number, { "0.", "0", "1" } },
    { "number-exponent", number, { "1e", "9", NULL } },
    { "duration-digits", duration, { "P", "1", "D" } },
    { "duration-spaces", duration, { "1", " ", "days" } },
    { "unsign", unsign, { NULL, "a:", NULL } },
    { "unsign-nothing", unsign, { NULL, "a", NULL } },
};

/* The same names are found by their hash: no name is met twice. */
static nu_str numbered(const char *name, size_t size)
{
    if (strcmp(name, "json-keys") == 0)
        return make_numbered("{", "\"key", "\":1,", "\"\":1}", size);
    if (strcmp(name, "query-names") == 0)
        return make_numbered("", "name", "=1&", "", size);
    if (strcmp(name, "cookies-names") == 0)
        return make_numbered("", "name", "=1; ", "", size);
    return make_numbered("", "--b\r\nContent-Disposition: form-data; name=n", "\r\n\r\n1\r\n",
                         "--b--", size);
}

static const work numbered_works[] = {
    { "json-keys", json, { 0 }, 0 },
    { "query-names", query_string, { 0 }, 0 },
    { "cookies-names", cookies, { 0 }, 0 },
    { "multipart-names", multipart, { 0 }, 0 },
};

/* ---- running ----------------------------------------------------------------------------------
 */

void linear_run(void (*run)(nu_str text), nu_str text)
{
    run(text);
    __asm__ volatile("" ::: "memory");
}

static void run_sizes(const work *work, bool is_numbered)
{
    size_t size = work->size ? work->size : SMALL;

    for (int i = 0; i < 3; i++, size *= 2) {
        nu_scratch_scope();
        nu_str text = is_numbered ? numbered(work->name, size) : make(&work->shape, size);

        linear_run(work->run, text);
        printf("%s %zu\n", work->name, text.len);
    }
}

static void run_all(void *word)
{
    for (size_t i = 0; i < sizeof works / sizeof *works; i++)
        if (!word || strcmp(works[i].name, word) == 0)
            run_sizes(&works[i], false);
    for (size_t i = 0; i < sizeof numbered_works / sizeof *numbered_works; i++)
        if (!word || strcmp(numbered_works[i].name, word) == 0)
            run_sizes(&numbered_works[i], true);
    if (!word || strcmp(word, "templates") == 0)
        linear_templates();
    if (word && strcmp(word, "large") == 0)
        linear_large();
}

int main(int argc, char **argv)
{
    nu__context context;
    const nu_error *error;

    nu__context_init(&context, "linear");
    nu__here = &context;
    error = nu__guard(run_all, argc > 1 ? argv[1] : NULL);
    if (error)
        printf("%s: %.*s\n", nu_error_class_name(error->klass), (int)error->message.len,
               error->message.ptr);
    nu__context_release(&context);
    return error != NULL;
}
