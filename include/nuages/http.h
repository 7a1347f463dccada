/**
 * @file
 * Requests, responses, cookies, uploads. Counterpart: django.http.
 *
 * A request belongs to the fiber that answers it, and so does everything that is read from it;
 * what must outlive the request is copied. A `const char *` parameter is a name, borrowed for the
 * call. Text that is not there comes back as the null nu_str, {NULL, 0}.
 */
#pragma once
#include <nuages/errors.h>

typedef enum {
    GET = 1,
    POST = 2,
    PUT = 4,
    PATCH = 8,
    DELETE = 16,
    HEAD = 32,
    OPTIONS = 64
} nu_method;
typedef nu_response *nu_view(nu_request *);

/* ---- the request -------------------------------------------------------------------------- */

nu_method nu_request_method(nu_request *req);
/** The decoded path, such as "/students/3/". Django: request.path */
nu_str nu_request_path(nu_request *req);
/** Path and query as a browser would ask for them again: percent-encoded. Django: get_full_path()
 */
nu_str nu_request_full_path(nu_request *req);
/** A header's value, by name without regard to case: "X-Requested-With". Always valid UTF-8: bytes
    that are none are read as Latin-1, as WSGI reads them. Allocates only for those. */
nu_str nu_request_header(nu_request *req, const char *name);
/** Whether the client's Accept header takes a media type: "application/json". Django: accepts() */
bool nu_request_accepts(nu_request *req, const char *media_type);
/** Of the types, which end with NULL, the one that the client likes best; null when it takes none.
   Django: get_preferred_type() */
nu_str nu_request_preferred_type(nu_request *req, const char *const *media_types);
/** The address of the peer: "127.0.0.1". A proxy's X-Forwarded-For is not looked at. */
nu_str nu_remote_addr(nu_request *req);
/** "https" over TLS, or where the setting SECURE_PROXY_SSL_HEADER says so; else "http". */
nu_str nu_request_scheme(nu_request *req);
bool nu_request_is_secure(nu_request *req);
/**
 * The host that the client asked for, as "example.com" or "example.com:8000".
 * @raises  DisallowedHost when ALLOWED_HOSTS does not have it; the top answers 400
 * Yields: never.   Django: HttpRequest.get_host()
 */
nu_str nu_request_host(nu_request *req);
/** `location` (NULL: the request's own path and query) with scheme and host. Raises DisallowedHost.
 */
nu_str nu_build_absolute_uri(nu_request *req, const char *location);

/** The last value of `name` in the query string; null when it has none. Django: request.GET.get()
 */
nu_str nu_query_param(nu_request *req, const char *name);
/** The same as an integer; `fallback` when there is none or it is not one. */
int64_t nu_query_int(nu_request *req, const char *name, int64_t fallback);
/**
 * The last value of a form field in the body, urlencoded or multipart; null when it has none.
 * @raises  BadRequest classes when the form is malformed or passes a limit
 * Yields: while the body arrives.   Django: request.POST.get()
 */
nu_str nu_post_param(nu_request *req, const char *name);
/**
 * The whole body as bytes.
 * @raises  RequestDataTooBig past DATA_UPLOAD_MAX_MEMORY_SIZE, UnreadablePostError when the client
 *          went away
 * Yields: while the body arrives.   Django: request.body
 */
nu_str nu_request_body(nu_request *req);
/** The body, a JSON object. Raises BadRequest when it is none. Yields: while the body arrives. */
nu_dict *nu_request_json(nu_request *req);
/** An uploaded file of a multipart form; NULL when there is none. Yields: while the body arrives.
 */
nu_file *nu_request_file(nu_request *req, const char *name);
/** A cookie's value; null when the client sent none. Django: request.COOKIES.get() */
nu_str nu_request_cookie(nu_request *req, const char *name);
/**
 * A cookie made by nu_set_signed_cookie().
 * @param max_age  seconds; 0: of any age
 * @raises  BadSignature, SignatureExpired; KeyError when there is no such cookie
 */
nu_str nu_request_signed_cookie(nu_request *req, const char *name, const char *salt,
                                int64_t max_age);

/* What the URL pattern captured. Raise KeyError for a name that the route lacks, TypeError for one
   of another kind. */
nu_str nu_path_str(nu_request *req, const char *name);
nu_id nu_path_id(nu_request *req, const char *name);
nu_uuid nu_path_uuid(nu_request *req, const char *name);

/** Attach a value: nu_request_value() and templates (request.name) read it. The name is copied. */
void nu_request_set(nu_request *req, const char *name, nu_value value);
nu_value nu_request_value(nu_request *req, const char *name);

/* ---- query strings and forms -------------------------------------------------------------- */

/* Names with any number of values each, in order. Django: QueryDict. */
typedef struct nu_querydict nu_querydict;

nu_querydict *nu_request_get(nu_request *req);  /* request.GET */
nu_querydict *nu_request_post(nu_request *req); /* request.POST; may yield, raises as above */
/** Parse "a=1&b=2&b=3". Raises TooManyFieldsSent past `max_fields` (0: no limit). */
nu_querydict *nu_querydict_parse(nu_str query_string, size_t max_fields);
nu_querydict *nu_querydict_new(void);
nu_querydict *nu_querydict_copy(const nu_querydict *dict);
/** The last value, {NULL, 0} without one. */
nu_str nu_querydict_get(const nu_querydict *dict, nu_str name);
bool nu_querydict_has(const nu_querydict *dict, nu_str name);
/** Every value of a name, in order: a list of STR values; empty without one. Django: getlist() */
nu_list *nu_querydict_list(const nu_querydict *dict, nu_str name);
void nu_querydict_set(nu_querydict *dict, nu_str name, nu_str value); /* texts are borrowed */
void nu_querydict_append(nu_querydict *dict, nu_str name, nu_str value);
bool nu_querydict_remove(nu_querydict *dict, nu_str name);
size_t nu_querydict_len(const nu_querydict *dict);
nu_str nu_querydict_key(const nu_querydict *dict, size_t index);
/** As a query string. `safe`: bytes that stay as they are besides letters, digits and "_.-~". */
nu_str nu_querydict_urlencode(const nu_querydict *dict, const char *safe);
/** For template contexts: `{{ params.q }}`, `{% querystring %}`. */
nu_value nu_querydict_value(const nu_querydict *dict);

/* ---- uploaded files ------------------------------------------------------------------------- */

/** The client's name for it without any folder. */
nu_str nu_file_name(const nu_file *file);
int64_t nu_file_size(const nu_file *file);
nu_str nu_file_content_type(const nu_file *file); /* the client's claim */
/** Up to `size` bytes from `offset`; the number read, 0 at the end. Yields: when it is on disk. */
size_t nu_file_read(nu_file *file, int64_t offset, void *into, size_t size);
/** The content in memory. Raises MemoryError past the arena's cap. Yields: when it is on disk. */
nu_str nu_file_content(nu_file *file);
/** SHA-256 as 64 hex digits. Yields: when it is on disk. */
nu_str nu_file_sha256(nu_file *file);

/**
 * Keep an uploaded file below MEDIA_ROOT, in `upload_to` ("photos/"); a name that is taken gets
 * seven random letters.
 * @return  the name for a FileField's member
 * @raises  OSError; ImproperlyConfigured without MEDIA_ROOT; SuspiciousFileOperation
 * Yields.   Django: FileSystemStorage.save()
 */
nu_file_ref nu_store(nu_file *file, const char *upload_to);

/* ---- the response ------------------------------------------------------------------------- */

typedef struct {
    NU_NAMED_ONLY;
    int status;               /* 0: 200 */
    const char *content_type; /* NULL: "text/html; charset=utf-8" */
    nu_str body;              /* borrowed until the request's end */
} nu_http;
nu_response *nu_http_response_(const nu_http *options);
/** A response: nu_http_response(.status = 201, .body = text). Django: HttpResponse */
#define nu_http_response(...) nu_http_response_(&(const nu_http){ __VA_ARGS__ })

/** Any value as JSON: a dict, a list, a query of values(): nu_json_response(200, V(dict)).
    Raises TypeError for a value that JSON has no form for. Yields for a query.
    Django: JsonResponse(data, safe=False) */
nu_response *nu_json_response(int status, nu_value value);
/** A JSON object: nu_json(200, ("key", value), …). Django: JsonResponse */
#define nu_json(status, ...) nu_json_response((status), V(NU_DICT(__VA_ARGS__)))
/** 405 with the Allow header. `methods`: GET | POST. */
nu_response *nu_not_allowed(nu_request *req, int methods);

int nu_status(const nu_response *response);
/** The body; of a file or a stream, the null text. */
nu_str nu_body(const nu_response *response);
void nu_set_body(nu_response *response, nu_str body); /* borrowed until the request's end */
void nu_set_status(nu_response *response, int status);
/**
 * Set a header, replacing one of the same name. Both texts are borrowed.
 * @raises  BadHeaderError, a ValueError, for a line break in the value or a name that is no token
 */
#define nu_set_header(r, n, v) nu_set_header_((r), (n), NU_STR(v))
void nu_set_header_(nu_response *response, const char *name, nu_str value);
nu_str nu_response_header(const nu_response *response, const char *name);
void nu_delete_header(nu_response *response, const char *name);
/** Add names to Vary, keeping what is there: nu_patch_vary(r, "Cookie, Accept-Language"). */
void nu_patch_vary(nu_response *response, const char *names);

typedef struct {
    NU_NAMED_ONLY;
    int64_t max_age;    /* seconds; 0: until the browser closes. Sets Expires too */
    const char *path;   /* NULL: "/" */
    const char *domain; /* NULL: this host alone */
    bool secure, httponly;
    const char *samesite; /* "Lax", "Strict" or "None" */
} nu_cookie_options;
/** Set a cookie; all texts are copied. Raises ValueError for a SameSite that is none of the three,
   CookieError for a name that is none. Django: set_cookie() */
#define nu_set_cookie(r, n, v, ...)                                                                \
    nu_set_cookie_((r), (n), NU_STR(v), &(const nu_cookie_options){ __VA_ARGS__ })
void nu_set_cookie_(nu_response *response, const char *name, nu_str value,
                    const nu_cookie_options *options);
/** The same with a signature that nu_request_signed_cookie() checks. */
#define nu_set_signed_cookie(r, n, v, salt, ...)                                                   \
    nu_set_signed_cookie_((r), (n), NU_STR(v), (salt), &(const nu_cookie_options){ __VA_ARGS__ })
void nu_set_signed_cookie_(nu_response *response, const char *name, nu_str value, const char *salt,
                           const nu_cookie_options *options);
/** Tell the browser to forget it; path, domain and samesite as when it was set. */
#define nu_delete_cookie(r, n, ...)                                                                \
    nu_delete_cookie_((r), (n), &(const nu_cookie_options){ __VA_ARGS__ })
void nu_delete_cookie_(nu_response *response, const char *name, const nu_cookie_options *options);

/* A response body that is written piece by piece while the fiber lives. */
typedef struct nu_stream nu_stream;
/**
 * A response whose body `body` writes after the headers have gone out, in the request's fiber.
 * An error raised in it cuts the connection, since the status has been sent.
 * Django: StreamingHttpResponse
 */
nu_response *nu_stream_response(nu_request *req, const char *content_type,
                                void (*body)(nu_request *, nu_stream *));
/** Send a piece. Yields: while the client is slower. Raises Cancelled when it went away. */
void nu_stream_write(nu_stream *stream, nu_str piece);
/**
 * A file of the disk, sent by the kernel; its content type goes by its name.
 * @raises  Http404 when it cannot be opened or is no plain file
 * Yields: while it is opened.   Django: FileResponse
 */
nu_response *nu_file_response(nu_request *req, const char *file);
