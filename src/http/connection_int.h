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
 * `in` are the bytes read and not used yet: in the worker's shared buffer while they are first
 * looked at, else in `own`. `output` of the worker gathers the responses of a turn:
 *
 *     [a's responses][b's responses]…[those of output_of, still growing]
 *      departures[0]  departures[1]   output_at            output_len
 */
#pragma once
#include "http/connection.h"
#include "http/h1_chunked.h"
#include "http/h1_parse.h"
#include "http/h1_write.h"
#include "loop/fiber.h"
#include "loop/loop.h"
#include "loop/moderation.h"
#include "loop/ring.h"
#include "loop/timer.h"

#include <sys/uio.h>

enum {
    NU__HTTP_TOGETHER = 64, /* connections read from, or written to, by one call */
    NU__HTTP_SLICE = 4160,  /* bytes read of each of them */
    NU__HTTP_SHARED = NU__HTTP_TOGETHER * NU__HTTP_SLICE, /* bytes read at once */
    NU__HTTP_OUTPUT = 65536,                              /* responses gathered for one call */
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

/* A copy of bytes that the kernel had no room for. */
typedef struct nu__connection_write {
    struct nu__connection_write *next;
    size_t len, written;
    char bytes[];
} nu__connection_write;

typedef struct nu__http_connection {
    int fd;
    nu__timer timer;
    nu__http *http;
    struct nu__http_connection *previous, *next; /* all of the worker */
    struct nu__http_connection *next_resumed;    /* those with input to go on with at turn's end */
    struct nu__http_connection *next_to_read;
    struct nu__http_connection *next_closed;

    const char *in;
    size_t in_len;
    nu__own_input *own;

    nu__phase phase;
    bool reading; /* wants bytes */
    bool in_callback;
    bool readable;   /* the kernel has some, or did when last asked */
    bool hung_up;    /* the client has sent its last */
    bool cut;        /* and takes no more either: a socket of TCP does not tell of that at once */
    bool to_read;    /* in the list of those that are read from next */
    bool departing;  /* has responses among the departures */
    bool awaits_end; /* in the list of those let go at the turn's end */
    bool let_go;     /* closed, and the turn in which that was is over */
    bool eof;        /* the client sends no more */
    bool dead;       /* nor takes any */
    bool close;      /* after the response under way */
    bool resumed;    /* in the list of those that go on at the turn's end */

    /* the request under way */
    nu__fiber *fiber; /* NULL: its fiber has ended */
    nu_method method;
    bool http_1_0, head_sent, expect_continue, chunked, body_ended, wait_late;
    nu__chunked decoder;
    uint64_t body_left, body_read; /* body_left: of Content-Length */
    uint64_t discarded, started;   /* started: ns, when somebody logs */
    uint64_t asked;                /* see nu__request_came() */
    uint64_t body_waited;          /* ms spent waiting for the client */
    uint64_t sent;                 /* bytes of the response's body */

    bool waits_for_body, waits_for_write;
    char *direct; /* where the next bytes of the body go, past all buffers */
    size_t direct_size, direct_got;

    /* what the kernel has no room for yet: copies, then memory of the fiber that waits */
    nu__connection_write *writes, **writes_end;
    struct iovec *pieces;
    unsigned n_pieces;
    bool write_done;
    uint32_t queued_writes; /* of copies */
    size_t unwritten;       /* bytes of both */
    size_t write_queue;     /* as the time-out last saw it */

    uint16_t local_port;
    uint8_t remote_len;
    char remote_addr[46];
} nu__http_connection;

/* Responses that leave with others. */
typedef struct nu__departure {
    nu__http_connection *c;
    size_t at, len;
} nu__departure;

struct nu__http {
    nu__http_options options;
    uint64_t head_ms, body_ms, idle_ms, write_ms;
    nu__http_connection *connections, *spare, *resumed;
    size_t n_connections, n_spare;
    uint64_t requests;
    bool draining, stopped;
    struct nu__http_listener *listeners;
    nu__turn_end turn; /* what is left for its end */
    uv_poll_t poll;    /* of `epoll` */
    int epoll;         /* all connections, edge-triggered */
    bool poll_closed;
    nu__ring *ring; /* NULL: none, each call alone */
    nu__http_connection *to_read, **to_read_end, *closed;
    uint64_t date_due; /* loop's ms from which `date` is old */
    char date[NU__H1_DATE_LEN];
    nu__http_connection *output_of;
    size_t output_at, output_len;
    nu__departure departures[NU__HTTP_TOGETHER];
    size_t n_departures;
    uint64_t first_departure; /* ns: when it was gathered */
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
/* A closed connection is done with when this turn ends: until then its bytes may be in the output,
   those too that a fiber wrote after it was closed. */
void nu__http_let_go(nu__http_connection *c);
/* Frees it when neither this turn nor its fiber has it. */
void nu__http_release(nu__http_connection *c);
/* The client closed or broke the connection. One that closes may still wait for the answers to what
   it has sent, or be gone: nobody can tell, so a GET that takes long is cancelled in the end. */
void nu__http_gone(nu__http_connection *c, bool broken);
/* How long that is, from now on; for a client that has not closed: nothing. */
void nu__http_await_half_closed(nu__http_connection *c);
/* (Re)start the connection's timer for its phase. */
void nu__http_set_timeout(nu__http_connection *c, uint64_t ms);

/* `n` bytes have come: behind those of `own`, else in the shared buffer. */
void nu__http_take(nu__http_connection *c, char *bytes, size_t n);
/* Where the next bytes go; NULL: into the shared buffer. */
char *nu__http_input_room(nu__http_connection *c, size_t *size);
/* All that was queued has been written. */
void nu__http_written(nu__http_connection *c);

/* ---- driver.c, listener.c -----------------------------------------------------------------------
 */

/* Frees a driver that was stopped, once nothing is left of it. */
void nu__http_maybe_free(nu__http *http);
void nu__http_close_listeners(nu__http *http);

/* ---- wire.c ------------------------------------------------------------------------------------
 */

/* false, with errno: the kernel has no more descriptors. */
bool nu__wire_start(nu__http *http);
bool nu__wire_open(nu__http_connection *c); /* its descriptor; false: errno */
void nu__wire_close(nu__http_connection *c);
/* Read from it in this turn or the next, if there is something to read. */
void nu__wire_read(nu__http_connection *c);
void nu__wire_read_all(nu__http *http);
/* Tell of the connection's room once more, however it stands: after a write that fell short. */
void nu__wire_watch(nu__http_connection *c);

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
/* The connection's output is ready to leave, with that of others at the turn's end at the latest.
 */
void nu__http_flush(nu__http_connection *c);
/* Write what is ready; what the kernel does not take is copied and written later. */
void nu__http_depart(nu__http *http);
/* Write the output and then `pieces`, from a fiber, waiting until all is taken. false: the
   connection is dead. Raises NU_CANCELLED, with nothing of the fiber's memory in use any more. */
bool nu__http_send(nu__http_connection *c, const nu_str *pieces, unsigned n);

/* ---- unwritten.c --------------------------------------------------------------------------------
 */

/* What the kernel takes of the pieces at once. -1: the connection is broken. */
ssize_t nu__http_send_now(nu__http_connection *c, struct iovec *pieces, unsigned n);
/* Take `n` bytes off the front. */
void nu__http_pass(struct iovec **pieces, unsigned *n_pieces, size_t n);
/* A copy of the bytes is written when the kernel has room. */
void nu__http_write_later(nu__http_connection *c, const char *bytes, size_t len);
/* The same of memory that stays until `write_done`, of which the fiber is woken. */
void nu__http_write_pieces(nu__http_connection *c, struct iovec *pieces, unsigned n);
/* The kernel has room again. */
void nu__http_write_on(nu__http_connection *c);
/* Forget what is not written; a fiber that waits for it is woken. */
void nu__http_drop_writes(nu__http_connection *c);
/* The client takes no more: closed at once unless a fiber is at work, which finds it dead. */
void nu__http_broken(nu__http_connection *c);

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
