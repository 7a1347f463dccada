/* What the client sends: JSON, bytes, pairs, or a multipart form as a browser writes it. */
#include "test/client_body.h"

#include "utils/url.h"

#include <nuages/json.h>

#define BOUNDARY "BoUnDaRyStRiNg"

static void add_part(nu__buf *out, const char *name, nu_value value)
{
    nu__buf_fmt(out, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", name);
    nu__buf_value(out, value);
    nu__buf_lit(out, "\r\n");
}

static void add_pair(nu__buf *out, const char *name, nu_value value)
{
    nu__buf text = { 0 };

    nu__buf_value(&text, value);
    nu__urlencode_pair(out, nu_s(name), nu__buf_str(&text));
}

/* Each name with its value, or with each of a list's. */
static void add_fields(nu__buf *out, const nu_var *data,
                       void (*add)(nu__buf *, const char *, nu_value))
{
    for (; data && data->key; data++)
        if (data->value.kind == NU_KIND_LIST)
            for (size_t i = 0; i < nu_list_len(data->value.list); i++)
                add(out, data->key, nu_at(data->value.list, i));
        else
            add(out, data->key, data->value);
}

void nu__client_add_pairs(nu__buf *out, const nu_var *data)
{
    add_fields(out, data, add_pair);
}

static nu_str multipart_body(const nu_client_send *send)
{
    nu__buf out = { 0 };

    add_fields(&out, send->data, add_part);
    for (size_t i = 0; i < 8 && send->files[i].field; i++) {
        const nu_client_file *file = &send->files[i];

        nu__buf_fmt(&out,
                    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"{}\"; "
                    "filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                    file->field, file->name ? file->name : file->field,
                    file->content_type ? file->content_type : "application/octet-stream");
        nu__buf_str_add(&out, file->content);
        nu__buf_lit(&out, "\r\n");
    }
    nu__buf_lit(&out, "--" BOUNDARY "--\r\n");
    return nu__buf_str(&out);
}

void nu__client_set_body(nu__client_options *options, const nu_client_send *send)
{
    nu__buf pairs = { 0 };

    options->content_type = send->content_type;
    if (send->json) {
        options->body = nu_to_json_(nu_v_dict(send->json));
        options->content_type = "application/json";
    } else if (send->body.ptr) {
        options->body = send->body;
        options->content_type =
            send->content_type ? send->content_type : "application/octet-stream";
    } else if (send->content_type && send->data) {
        nu__client_add_pairs(&pairs, send->data);
        options->body = nu__buf_str(&pairs);
    } else if (send->data || send->files[0].field || options->method == POST) {
        options->body = multipart_body(send);
        options->content_type = "multipart/form-data; boundary=" BOUNDARY;
    }
}
