/**
 * @file
 * A connection's state, for the files of the driver.
 *
 *              first byte           head read                     answered
 *     IDLE ---------------> HEAD ---------------> ANSWERING --+---------------> IDLE
 *       |                     | 4xx                           | body left over
 *       |                     v                               +---------------> DISCARDING -> IDLE
 *       +--------------> LINGERING <--------------------------+
 *                             |                                 close
 *                             v
 *                          CLOSED, freed when handle and fiber have let go
 *
 * `in` are the bytes read and not used yet: in the worker's shared buffer while its read callback
 * runs, else in `own`. `output` of the worker gathers the responses of one connection, `output_of`,
 * within one callback or run of a fiber.
 */
#pragma once
#include "http/connection.h"
#include "http/h1_chunked.h"
#include "http/h1_parse.h"
#include "http/h1_write.h"
#include "loop/fiber.h"
#include "loop/loop.h"
#include "loop/timer.h"

enum {
    NU__HTTP_SHARED = 65536,   /* bytes read at once */
    NU__HTTP_OUTPUT = 65536,   /* responses gathered for one write */
    NU__HTTP_BUFFERED = 65536, /* read ahead of a handler; then the client waits */
    NU__HTTP_COPIED = 4096, /* a body up to this joins the output, a larger one is sent in place */
    NU__HTTP_DISCARD = 262144, /* of a body that nobody read, before the connection is closed */
    NU__HTTP_BODY_RATE = 500,  /* bytes a second that a body must keep up */
};

typedef enum nu__phase {
    NU__IDLE,
    NU__HEAD,
    NU__ANSWERING,
    NU__DISCARDING,
    NU__LINGERING, /* the response is out: read and drop until the client closes */
    NU__CLOSED,
} nu__phase;

/* Bytes kept over turns of the loop, and how far the parser came in them. */
typedef struct nu__own_input {
    nu__h1_head head;
    size_t cap;
    char bytes[];
} nu__own_input;

typedef struct nu__connection_write {
    uv_write_t request;
    struct nu__http_connection *connection;
    char bytes[];
} nu__connection_write;

typedef struct nu__http_connection {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    };
    int fd; /* of the handle, which closes it */
    nu__timer timer;
    nu__http *http;
    struct nu__http_connection *previous, *next; /* all of the worker */
    struct nu__http_connection *next_resumed;    /* those with input to go on with at turn's end */

    const char *in;
    size_t in_len;
    nu__own_input *own;

    nu__phase phase;
    bool reading, in_callback, handle_closed;
    bool eof;     /* the client sends no more */
    bool dead;    /* nor takes any */
    bool close;   /* after the response under way */
    bool resumed; /* in the list of those that go on at the turn's end */

    /* the request under way */
    nu__fiber *fiber; /* NULL: its fiber has ended */
    nu_method method;
    bool http_1_0, head_sent, expect_continue, chunked, body_ended, wait_late;
    nu__chunked decoder;
    uint64_t body_left, body_read; /* body_left: of Content-Length */
    uint64_t discarded, started;   /* started: ns, when somebody logs */
    uint64_t body_waited;          /* ms spent waiting for the client */
    uint64_t sent;                 /* bytes of the response's body */

    bool waits_for_body, waits_for_write;
    char *direct; /* where the next bytes of the body go, past all buffers */
    size_t direct_size, direct_got;

    uv_write_t write; /* of the fiber's own memory */
    uv_shutdown_t shutdown;
    bool write_done;
    uint32_t queued_writes; /* of copies */
    size_t write_queue;     /* as the time-out last saw it */

    uint16_t local_port;
    uint8_t remote_len;
    char remote_addr[46];
} nu__http_connection;

struct nu__http {
    nu__http_options options;
    uint64_t head_ms, body_ms, idle_ms, write_ms;
    nu__http_connection *connections, *spare, *resumed;
    size_t n_connections, n_spare;
    uint64_t requests;
    bool draining, stopped;
    struct nu__http_listener *listeners;
    nu__turn_end resume;
    uint64_t date_due; /* loop's ms from which `date` is old */
    char date[NU__H1_DATE_LEN];
    nu__http_connection *output_of;
    size_t output_len;
    nu__h1_head head;
    char *shared, *output;
};

/* ---- connection.c -------------------------------------------------------------------------------
 */

/* Answer the requests that are in `in`, until one waits; then write. In a callback of the loop. */
void nu__http_serve(nu__http_connection *c);
/* `n` bytes of `in` are done with. */
void nu__http_consume(nu__http_connection *c, size_t n);
/* Move what is left of `in` out of the shared buffer. */
void nu__http_keep_input(nu__http_connection *c);
/* Read, unless enough is buffered. */
void nu__http_read_on(nu__http_connection *c);
/* The connection is between two requests: go on with what has been read, or wait. */
void nu__http_next(nu__http_connection *c);
/* After what is queued has been written: no more is sent; drop what comes until the client closes.
 */
void nu__http_linger(nu__http_connection *c);
void nu__http_close(nu__http_connection *c);
/* Frees it when neither handle nor fiber has it. */
void nu__http_release(nu__http_connection *c);
/* The client closed or broke the connection. */
void nu__http_gone(nu__http_connection *c, bool broken);
/* (Re)start the connection's timer for its phase. */
void nu__http_set_timeout(nu__http_connection *c, uint64_t ms);

/* ---- exchange.c -------------------------------------------------------------------------------
 */

/* Answer the request whose head begins at `in`. It has been consumed when this returns. */
void nu__http_exchange(nu__http_connection *c, const nu__h1_head *head);
/* A short error page of the driver's own, then close. */
void nu__http_refuse(nu__http_connection *c, int status);
/* Drop the rest of a body; true when it has ended. */
bool nu__http_discard(nu__http_connection *c);

/* ---- body_source.c ----------------------------------------------------------------------------
 */

nu__body_source nu__http_body_source(nu__http_connection *c);
/* Whether bytes of the request's body are still to come or unread. */
bool nu__http_body_unread(const nu__http_connection *c);

/* ---- output.c -----------------------------------------------------------------------------------
 */

/* Room for `size` bytes in the output, which is written first when it is too full; NULL: no room.
 */
char *nu__http_room(nu__http_connection *c, size_t size);
/* Write the output; what the kernel does not take is copied and written later. */
void nu__http_flush(nu__http_connection *c);
/* Write the output and then `pieces`, from a fiber, waiting until all is taken. false: the
   connection is dead. Raises NU_CANCELLED, with nothing of the fiber's memory in use any more. */
bool nu__http_send(nu__http_connection *c, const nu_str *pieces, unsigned n);

/* ---- response_write.c ---------------------------------------------------------------------------
 */

/* The head goes to the output; one that is larger is returned, to be sent in place. */
nu_str nu__http_put_head(nu__http_connection *c, const nu__h1_answer *answer);
void nu__http_send_text(nu__http_connection *c, const nu__h1_answer *answer, nu_str body);
/* The file's bytes, piece by piece; raises OSError when they are fewer than was said. */
void nu__http_send_file(nu__http_connection *c, const nu__h1_answer *answer);
/* Send the response, from the request's fiber. */
void nu__http_respond(nu__http_connection *c, nu_request *req, nu_response *response);
/* The Date header's line of this second. */
const char *nu__http_date_line(nu__http *http);
