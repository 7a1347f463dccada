/**
 * @file
 * What a request and a response are made of; every package behind http/ reads these structs.
 *
 *   bytes -> nu__h1_parse -> nu_request -> handler -> nu_response -> one write
 *
 * Both live in the arena of the fiber that answers the request and go with it. A request's texts
 * are slices of one copy of its head, so that nothing of it depends on the connection's buffers;
 * decoded and parsed forms (GET, POST, COOKIES, FILES) are made at the first look.
 *
 * A response is plain data until the driver writes it. Date, Content-Length, Transfer-Encoding and
 * Connection belong to the driver and are not among the response's headers.
 *
 * Counterpart: django.http.request, django.http.response.
 */
#pragma once
#include <nuages/http.h>

#include "core/object.h"

/* ---- headers ------------------------------------------------------------------------------ */

typedef struct nu__header {
    nu_str name;
    nu_str value;
} nu__header;

/* In order of appearance; names keep their spelling and compare without regard to case. */
typedef struct nu__headers {
    nu__header *items;
    uint32_t len, cap; /* cap 0: `items` is borrowed and is copied before the first change */
} nu__headers;

/* The value of the first header of that name; {NULL, 0} when there is none. Never allocates. */
nu_str nu__headers_get(const nu__headers *headers, nu_str name);
/* The same bytes where they are UTF-8, else read as Latin-1. */
nu_str nu__header_text(nu_str value);
/* Replace what has that name, or append. Name and value are borrowed and unchecked. */
void nu__headers_set(nu__headers *headers, nu_str name, nu_str value);
void nu__headers_add(nu__headers *headers, nu_str name, nu_str value); /* append, always */
bool nu__headers_remove(nu__headers *headers, nu_str name);            /* all of that name */

/* ---- settings ------------------------------------------------------------------------------- */

/* The settings that http/ obeys, made once from nu_settings at start-up; Django's names. */
typedef struct nu__http_settings {
    const char *const *allowed_hosts; /* ends with NULL */
    bool debug;                       /* with no allowed_hosts: localhost and its like */
    bool use_x_forwarded_host, use_x_forwarded_port;
    const char *secure_proxy_header, *secure_proxy_value; /* "X-Forwarded-Proto", "https" */
    size_t data_upload_max_memory_size; /* body without files, bytes; 0: no limit */
    size_t data_upload_max_number_fields, data_upload_max_number_files; /* 0: no limit */
    size_t file_upload_max_memory_size;                                 /* past it, to disk */
    const char *file_upload_temp_dir; /* NULL: TMPDIR, else /tmp */
    size_t max_body;                  /* body with files, bytes; 0: no limit */
    nu_str default_content_type;      /* "text/html; charset=utf-8" */
} nu__http_settings;

/* Django's defaults. */
extern const nu__http_settings nu__http_default_settings;

/* ---- request ----------------------------------------------------------------------------------
 */

/* Where the body comes from: the connection, or memory for requests made in process. */
typedef struct nu__body_source {
    /* Up to `size` bytes into `into`; 0 at the end. May yield. Raises UnreadablePostError when the
       client is gone or too slow, RequestDataTooBig past the limit. */
    size_t (*read)(void *self, char *into, size_t size);
    void *self;
} nu__body_source;

/* One captured part of the path, converted: `pk` of "students/<int:pk>/". urls/ fills them. */
typedef struct nu__path_value {
    nu_str name;
    nu_value value;
} nu__path_value;

/* One pointer a request for each package that keeps state with it; the package alone uses it. */
typedef enum nu__request_local {
    NU__REQUEST_URLS,     /* urls: the resolver match */
    NU__REQUEST_VIEW,     /* views: the configuration of a generic view */
    NU__REQUEST_CSRF,     /* csrf */
    NU__REQUEST_MESSAGES, /* messages: the storage */
    NU__REQUEST_SESSION,  /* sessions */
    NU__REQUEST_USER,     /* auth */
    NU__REQUEST_FORMS,    /* forms */
    NU__REQUEST_HANDLER,  /* handlers: what middleware hooked in */
    NU__REQUEST_PAGE,     /* views: what is rendered while it is sent */
    NU__REQUEST_TEMPLATE, /* template: what the test client asks about the rendering */
    NU__REQUEST_DEBUG,    /* views: what the request did, under DEBUG */
    NU__REQUEST_LOCAL_COUNT
} nu__request_local;

struct nu_request {
    nu_object object; /* templates read request.path, request.GET, … */
    const nu__http_settings *settings;

    nu_method method;
    nu_str method_name;
    nu_str path;         /* decoded: "/students/é/"; with the script prefix */
    nu_str path_info;    /* decoded; what URLs match on */
    nu_str raw_path;     /* as received, still percent-encoded */
    nu_str query_string; /* as received, without the "?" */
    nu__headers headers;
    bool http_1_0;
    bool tls; /* the connection itself is encrypted */
    nu_str remote_addr;
    uint16_t server_port;
    nu_str server_name;

    int64_t content_length; /* 0: no body; -1: chunked, unknown before its end */
    nu__body_source source;
    bool body_started; /* some of the body has been read as a stream */
    nu_str body;       /* whole, after nu_request_body(); {NULL, 0} before */
    nu_str media_type; /* "text/html" of Content-Type, lower case; see nu__request_content_type */
    nu_str charset;    /* its charset parameter; NULL: utf-8 */
    bool content_type_parsed;

    nu_querydict *get, *post, *files; /* made at the first look */
    nu_dict *cookies;
    nu_dict *values; /* nu_request_set(): request.user, request.session, … */
    nu_str host;     /* get_host(), once it has been validated */

    const nu__path_value *path_values;
    size_t n_path_values;
    void *locals[NU__REQUEST_LOCAL_COUNT];
};

extern const nu_class nu__request_class;

/* A zeroed request with type and settings (NULL: the defaults) set. */
nu_request *nu__request_new(const nu__http_settings *settings);
/* Split a request-target ("/a%20b?x=1") and decode its path as Django does: percent-decoding, then
   UTF-8; a sequence that is not UTF-8 is percent-encoded again, so that no two targets meet. */
void nu__request_set_target(nu_request *req, nu_str target);
/* The request that the running fiber answers; NULL in commands and tasks. */
nu_request *nu__request_current(void);

/* Values for templates, tests and middleware. */
static inline nu_value nu__request_object(const nu_request *req)
{
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &req->object };
}

/* What templates read of a request beyond http/: request.user, request.resolver_match. handlers/
   sets it; NULL: nothing. false: there is no such attribute. */
extern bool (*nu__request_attribute)(nu_request *req, nu_str name, nu_value *out);

/* Parse Content-Type into media_type and charset. */
void nu__request_content_type(nu_request *req);
/* Read up to `size` bytes of the body as a stream; 0 at its end. Once begun, nu_request_body() and
   POST raise RawPostDataException's counterpart, RuntimeError. */
size_t nu__request_read(nu_request *req, char *into, size_t size);

/* ---- response ---------------------------------------------------------------------------------
 */

typedef enum nu__body_kind {
    NU__BODY_TEXT,   /* `body` */
    NU__BODY_FILE,   /* `fd`, `offset`, `length`: sent by sendfile; closed with the fiber */
    NU__BODY_STREAM, /* `stream` is called, and writes chunks */
} nu__body_kind;

/* One Set-Cookie, written in order of the names' first appearance, as Django's SimpleCookie. */
typedef struct nu__cookie {
    nu_str name;
    nu_str value; /* as given, before quoting */
    nu_str path, domain, samesite, expires;
    int64_t max_age;
    bool has_max_age, secure, httponly;
} nu__cookie;

struct nu_response {
    nu_object object;
    int status;
    nu_str reason; /* NULL: the standard phrase */
    nu__headers headers;
    nu__header inline_headers[8];
    nu__cookie *cookies;
    uint32_t n_cookies, cookies_cap;

    nu__body_kind kind;
    nu_str body; /* borrowed: the fiber's arena, or memory that outlives it */
    int fd;
    int64_t offset, length;
    void (*stream)(nu_request *req, nu_stream *stream);

    bool close;     /* the connection ends after this response */
    bool csrf_done; /* bits of the middleware, one each */
    bool xframe_exempt;
    bool logged;               /* its line is in the log */
    const char *own_style;     /* of a page of Nuages' own, which a site's policy has to admit */
    const char *template_name; /* the template it was rendered from, for tests and debug pages */
    nu_dict *context;          /* and its context; NULL when it was not rendered */
};

extern const nu_class nu__response_class;

/* A response with a body of one piece. The content type is borrowed; {NULL, 0}: none is sent. */
nu_response *nu__response_new(int status, nu_str content_type, nu_str body);
/* "Not Found" of 404; "Unknown Status Code" of what has no phrase. */
nu_str nu__status_reason(int status);
/* Whether a response of that status never has a body: 1xx, 204, 304. */
static inline bool nu__status_bodyless(int status)
{
    return status < 200 || status == 204 || status == 304;
}
