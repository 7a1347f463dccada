#include "http/form_data.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "files/file.h"
#include "http/multipart.h"
#include "http/querydict.h"
#include "utils/base64.h"
#include "utils/http.h"
#include "utils/percent.h"

#include <string.h>

enum { WINDOW = 65536 + NU__MULTIPART_WINDOW };

/* One part, from its header to its end. */
typedef struct part {
    enum { SKIPPED, FIELD, UPLOAD } kind;
    bool base64;
    nu_str name;
    nu__buf content;          /* of a field */
    nu_file *file;            /* of an upload */
    nu__base64_reader reader; /* of an upload in base64 */
} part;

typedef struct form {
    nu_request *req;
    nu__multipart parser;
    char *window;
    size_t start, len; /* bytes of the window not used yet */
    bool end;
    nu_str memory; /* a body that has been read whole */
    size_t memory_at;
    size_t bytes, n_fields, n_files; /* what the limits count */
    nu_querydict *post, *files;
    part part;
} form;

/* ---- text ---------------------------------------------------------------------------------------
 */

static bool is_latin1(nu_str charset)
{
    static const char *const names[] = { "iso-8859-1", "latin-1", "latin1", "iso8859-1", "l1" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu__eq_ignore_ascii_case(charset, nu_s(names[i])))
            return true;
    return false;
}

static nu_str as_text(const form *f, nu_str bytes)
{
    if (!bytes.len)
        return S("");
    return is_latin1(f->req->charset) ? nu__latin1_to_utf8(bytes) : nu__utf8_replace(bytes);
}

/* ---- a part's header
 * ------------------------------------------------------------------------------ */

typedef struct part_header {
    nu_dict *disposition; /* NULL: none, hence a part that is passed over */
    nu_str type;
    nu_dict *type_params;
    bool base64;
} part_header;

static void read_header_line(part_header *header, nu_str line)
{
    nu_str main, value;
    nu_dict *params;
    ptrdiff_t colon;

    if (!line.len || !nu__utf8_valid(line) || !nu__parse_header_parameters(line, &main, &params))
        return;
    colon = nu__find(main, S(":"));
    if (colon < 0)
        return;
    value = nu_trim(nu__sub(main, (size_t)colon + 1, main.len));
    main = nu__sub(main, 0, (size_t)colon);
    if (nu_eq(main, "content-disposition")) {
        header->disposition = params ? params : nu_dict_new();
    } else if (nu_eq(main, "content-type")) {
        header->type = value;
        header->type_params = params;
    } else if (nu_eq(main, "content-transfer-encoding")) {
        header->base64 = nu_eq(value, "base64");
    }
}

static part_header read_header(nu_str text)
{
    part_header header = { .type = S("") };
    ptrdiff_t at;

    while ((at = nu__find(text, S("\r\n"))) >= 0) {
        read_header_line(&header, nu__sub(text, 0, (size_t)at));
        text = nu__sub(text, (size_t)at + 2, text.len);
    }
    read_header_line(&header, text);
    return header;
}

static nu_str param(const nu_dict *params, const char *name)
{
    nu_value value = params ? nu_item(params, name) : nu_null();

    return value.kind == NU_KIND_STR ? value.s : (nu_str){ 0 };
}

/* ---- limits
 * --------------------------------------------------------------------------------------- */

static void count_field(form *f)
{
    size_t limit = f->req->settings->data_upload_max_number_fields;

    /* two more, for what stands before the first boundary and behind the last */
    if (limit && ++f->n_fields > limit + 2)
        nu_raise(NU_TOO_MANY_FIELDS_SENT, "The number of GET/POST parameters exceeded "
                                          "settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.");
}

static void count_file(form *f)
{
    size_t limit = f->req->settings->data_upload_max_number_files;

    if (limit && ++f->n_files > limit)
        nu_raise(NU_TOO_MANY_FILES_SENT,
                 "The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.");
}

static void count_bytes(form *f, size_t n)
{
    size_t limit = f->req->settings->data_upload_max_memory_size;

    f->bytes += n;
    if (limit && f->bytes > limit)
        nu_raise(NU_REQUEST_DATA_TOO_BIG,
                 "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.");
}

/* ---- parts
 * ------------------------------------------------------------------------------------------ */

static bool goes_to_disk(const form *f)
{
    const nu_request *req = f->req;

    return req->content_length < 0 ||
           (size_t)req->content_length > req->settings->file_upload_max_memory_size;
}

static void begin_upload(form *f, const part_header *header, nu_str filename)
{
    nu_file *file;

    count_file(f);
    filename = nu__file_name_sanitize(as_text(f, filename));
    if (!filename.len)
        return;
    file = nu__file_new(filename, goes_to_disk(f), f->req->settings->file_upload_temp_dir);
    file->content_type = header->type;
    file->charset = param(header->type_params, "charset");
    file->content_type_extra = header->type_params;
    f->part.file = file;
    f->part.kind = UPLOAD;
}

static void begin_part(form *f, nu_str text)
{
    part_header header = read_header(nu_copy(text)); /* the window moves on */
    nu_str name, filename;

    f->part = (part){ .kind = SKIPPED };
    if (!header.disposition) {
        count_field(f);
        return;
    }
    filename = param(header.disposition, "filename");
    if (!filename.len)
        count_field(f);
    name = param(header.disposition, "name");
    if (!name.ptr)
        return;
    f->part.name = as_text(f, nu_trim(name));
    f->part.base64 = header.base64;
    if (filename.len) {
        begin_upload(f, &header, filename);
    } else {
        count_bytes(f, nu__utf8_count(f->part.name) + 2);
        f->part.kind = FIELD;
    }
}

/* The same bytes whatever the pieces are that the text comes in. */
static void write_base64(form *f, nu_str text)
{
    uint8_t *bytes = nu__alloc_raw(text.len + 1);
    size_t n = nu__base64_read(&f->part.reader, text, bytes);

    nu__file_write(f->part.file, (const char *)bytes, n);
}

/* A large upload must not grow the arena by all that is decoded on the way. */
static void write_base64_to_disk(form *f, nu_str text)
{
    nu_scratch_scope();
    write_base64(f, text);
}

static void add_content(form *f, nu_str text)
{
    switch (f->part.kind) {
    case FIELD:
        count_bytes(f, text.len);
        nu__buf_str_add(&f->part.content, text);
        break;
    case UPLOAD:
        if (!f->part.base64)
            nu__file_write(f->part.file, text.ptr, text.len);
        else if (f->part.file->fd < 0)
            write_base64(f, text);
        else
            write_base64_to_disk(f, text);
        break;
    default:
        break;
    }
}

static void end_part(form *f)
{
    part *p = &f->part;
    nu_str value = nu__buf_str(&p->content);
    nu_bytes bytes;

    if (p->kind == FIELD) {
        if (p->base64 && nu__base64_decode(value, NU__BASE64, &bytes))
            value = (nu_str){ (const char *)bytes.ptr, bytes.len };
        nu_querydict_append(f->post, p->name, as_text(f, value));
    } else if (p->kind == UPLOAD) {
        if (!nu__base64_is_whole(&p->reader))
            nu_raise(NU_MULTI_PART_PARSER_ERROR, "Could not decode base64 data.");
        nu__querydict_add(f->files, p->name, nu__file_value(p->file));
    }
    p->kind = SKIPPED;
}

/* ---- the body
 * --------------------------------------------------------------------------------------- */

static size_t read_some(form *f, char *into, size_t size)
{
    size_t left = f->memory.len - f->memory_at;

    if (!f->memory.ptr)
        return nu__request_read(f->req, into, size);
    size = size < left ? size : left;
    if (size)
        memcpy(into, f->memory.ptr + f->memory_at, size);
    f->memory_at += size;
    return size;
}

static void fill(form *f)
{
    size_t got;

    memmove(f->window, f->window + f->start, f->len);
    f->start = 0;
    got = read_some(f, f->window + f->len, WINDOW - f->len);
    f->len += got;
    f->end = got == 0;
}

static void read_parts(form *f)
{
    nu__multipart_event event = NU__MULTIPART_MORE;
    nu_str text;
    size_t used;

    while (event != NU__MULTIPART_END) {
        event = nu__multipart_next(&f->parser, f->window + f->start, f->len, f->end, &used, &text);
        if (event == NU__MULTIPART_MORE)
            fill(f);
        else if (event == NU__MULTIPART_HEADER)
            begin_part(f, text);
        else if (event == NU__MULTIPART_RAW)
            count_field(f);
        else if (event == NU__MULTIPART_DATA)
            add_content(f, text);
        else if (event == NU__MULTIPART_PART_END)
            end_part(f);
        else if (event == NU__MULTIPART_BAD)
            nu_raise(NU_MULTI_PART_PARSER_ERROR, "Request max total header size exceeded.");
        f->start += used;
        f->len -= used;
    }
    while (read_some(f, f->window, WINDOW))
        ;
}

static void start(form *f)
{
    nu_str type = nu__headers_get(&f->req->headers, S("Content-Type")), main;
    nu_dict *params;

    if (!nu__is_ascii(type))
        nu_raise(NU_MULTI_PART_PARSER_ERROR, "Invalid non-ASCII Content-Type in multipart: {}",
                 nu__utf8_replace(type));
    if (!nu__parse_header_parameters(type, &main, &params))
        params = NULL;
    if (!nu__multipart_init(&f->parser, param(params, "boundary")))
        nu_raise(NU_MULTI_PART_PARSER_ERROR, "Invalid boundary in multipart: {}",
                 param(params, "boundary"));
    f->window = nu__alloc_raw(WINDOW);
    f->memory = f->req->body;
    f->post = nu_querydict_new();
    f->files = nu_querydict_new();
}

void nu__form_data_read(nu_request *req)
{
    form f = { .req = req };

    if (!req->content_length)
        return;
    start(&f);
    read_parts(&f);
    req->post = f.post;
    req->files = f.files;
}
