/**
 * @file
 * A connection that many fibers use at once: their statements go out one behind the other.
 *
 *   nu__mysql (handle)   Connector/C made the connection and set its session; from then on the
 *     line               socket is the line's, until the connection is closed
 *       out, in          bytes to send, flushed once a turn of the loop; bytes that came
 *       requests         what was asked and not answered yet, oldest first
 *       cache            the statements that are prepared there
 *
 *   fiber:    builds a packet, waits; reads columns and rows from the answer's packets
 *   callback: cuts what comes into packets, keeps them in the request, wakes its fiber at the end
 *
 * The server answers in the order of the questions, and each answer tells its own end, so one that
 * fails takes none with it. Only what reads and leaves nothing behind is asked here (sharing.c).
 */
#pragma once
#include "db/backends/mysql/mysql.h"
#include "loop/wait.h"

typedef struct nu__mysql_layout nu__mysql_layout;
typedef struct nu__mysql_request nu__mysql_request;

/* ---- what is prepared ----------------------------------------------------------------------- */

/* The columns of an answer, as the server last told them. */
struct nu__mysql_layout {
    uint32_t references;
    uint32_t n;
    MYSQL_FIELD *fields; /* name, type, flags, charset and decimals only */
    nu__columns *columns;
    nu__cell *cells; /* room for a row; behind it, digits */
    char (*digits)[24];
    uint8_t *told; /* the packets that told them, to know them again */
    size_t told_len;
};

typedef struct nu__mysql_shape {
    nu__cached_statement entry;
    nu__wait_queue waiting; /* fibers, until it is prepared */
    bool prepared;
    uint32_t id; /* at the server */
    uint16_t n_params;
    uint16_t slow; /* the next so many runs take a connection of their own */
    nu__mysql_layout *layout;
} nu__mysql_shape;

/* ---- requests ------------------------------------------------------------------------------- */

typedef enum nu__mysql_part {
    NU__MYSQL_FIRST, /* the packet that tells what follows, or all */
    NU__MYSQL_DEFINITIONS,
    NU__MYSQL_ROWS,
} nu__mysql_part;

struct nu__mysql_request {
    nu__mysql_request *next;
    nu__fiber *fiber; /* that waits for it; NULL: none */
    bool preparing;
    bool done;
    bool discarded; /* nobody wants the answer */
    bool lost;      /* the connection broke */
    bool oom;
    bool continued; /* the next packet goes on with the last one */
    nu__mysql_part part;
    uint8_t n_packets;        /* that came, as the server counts them */
    uint32_t left;            /* packets of definitions to come */
    uint8_t *bytes;           /* the answer's packets, each behind its length as a uint32_t */
    size_t len, size, last;   /* `last`: where the last one's length stands */
    size_t at;                /* rows before it are read */
    nu__mysql_layout *layout; /* a reference */
};

typedef struct nu__mysql_packet {
    const uint8_t *at;
    uint32_t len;
} nu__mysql_packet;

/* ---- the line ------------------------------------------------------------------------------- */

struct nu__mysql_line {
    nu__mysql *handle;
    uint8_t *out, *in;
    size_t out_at, out_len, out_size, in_at, in_len, in_size;
    nu__mysql_request *first, **last;
    uint32_t n_pending;
    uint64_t asked_ms; /* when the first of the pending began to be waited for, in the loop's ms */
    bool wants_write;
    nu__turn_end flush;
    nu__statement_cache cache;
};

/* line.c: from now on the handle is a line. false: out of memory, or it can't be polled. */
bool nu__mysql_line_begin(nu__mysql *handle);
/* Frees what belongs to it; nobody waits any more. */
void nu__mysql_line_end(nu__mysql *handle);
/* Room for so many bytes more of questions; NULL: out of memory. They count once queued. */
uint8_t *nu__mysql_line_room(nu__mysql_line *line, size_t len);
/* What was written into the room is asked; it goes out at the end of the turn. NULL: out of memory,
   and nothing is asked. */
nu__mysql_request *nu__mysql_line_ask(nu__mysql_line *line, size_t len);
/* Send what goes, read what is there. */
void nu__mysql_line_pump(nu__mysql_line *line, bool readable);
/* The connection is of no more use: all who wait are told. */
void nu__mysql_line_lose(nu__mysql_line *line);
/* Wait for the answer. A fiber that is cancelled leaves it to be thrown away; one that nobody else
   waits behind is ended at the server, and the connection with it. Raises NU_CANCELLED. */
void nu__mysql_line_wait(nu__mysql_line *line, nu__mysql_request *request);
void nu__mysql_request_free(nu__mysql_request *request);

/* answers.c: take what came into the requests. false: it is nothing that a server says. */
bool nu__mysql_answers(nu__mysql_line *line);
/* The packet at `at` of an answer; a null one behind the last. */
nu__mysql_packet nu__mysql_packet_at(const nu__mysql_request *request, size_t at);
/* A number with its length before it: of `packet` from *at on, which moves behind it. false: it has
   ended. */
bool nu__mysql_take_number(nu__mysql_packet packet, size_t *at, uint64_t *number);

/* layouts.c: the columns that `n` packets tell. NULL: *taken says why. */
nu__mysql_layout *nu__mysql_layout_read(const nu__mysql_request *request, size_t at, size_t end,
                                        uint32_t n, nu__mysql_taken *taken);
nu__mysql_layout *nu__mysql_layout_ref(nu__mysql_layout *layout);
void nu__mysql_layout_unref(nu__mysql_layout *layout); /* NULL is ignored */

/* sharing.c: may the statement run on a line? For the driver. */
bool nu__mysql_shares(const nu__database *database, nu_str sql);
bool nu__mysql_shareable(nu__handle *handle, nu_str sql, nu_values params);
/* Of a line: how many wait there. */
uint32_t nu__mysql_line_load(const nu__mysql_line *line);

/* asking.c: run it and take its rows. Raises, Yields. */
void nu__mysql_ask(nu__mysql *handle, nu__result *result, nu_str sql, nu_values params);
/* More rows of an answer, which `result` owns. */
void nu__mysql_ask_more(nu__result *result);
nu__mysql_shape *nu__mysql_shape_find(nu__mysql_line *line, nu_str sql);
/* No question is on its way any more. */
void nu__mysql_shapes_clear(nu__mysql_line *line);
