#include "scripted_server.h"

#include "core/buf.h"
#include "loop/fiber.h"

#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE = 16 }; /* turns of the loop */

bool scripted_server_open(scripted_server *server, nu_str script)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    *server = (scripted_server){ ends[0], ends[1], 0, script };
    return true;
}

void scripted_server_close(scripted_server *server)
{
    close(server->client);
    close(server->own);
}

static nu_str next_turn(scripted_server *server)
{
    const uint8_t *at = (const uint8_t *)server->script.ptr;
    size_t left = server->script.len - 2, len = at[0] | (size_t)at[1] << 8;
    nu_str turn = { server->script.ptr + 2, len < left ? len : left };

    server->script = nu__sub(server->script, 2 + turn.len, server->script.len);
    return turn;
}

static bool was_asked(const scripted_server *server)
{
    char ignored[4096];
    bool asked = false;

    while (recv(server->own, ignored, sizeof ignored, MSG_DONTWAIT) > 0)
        asked = true;
    return asked;
}

static void say(scripted_server *server, nu_str turn)
{
    if (turn.len && send(server->own, turn.ptr, turn.len, MSG_NOSIGNAL) < 0)
        shutdown(server->own, SHUT_RDWR);
}

/* A client that has not asked again waits for more than the script has. */
static void step(scripted_server *server)
{
    bool asked = was_asked(server);

    server->quiet = asked ? 0 : server->quiet + 1;
    if (asked && server->script.len >= 2)
        say(server, next_turn(server));
    else if (asked || server->quiet == PATIENCE)
        shutdown(server->own, SHUT_RDWR);
}

typedef struct playing {
    void (*client)(void *arg);
    void *arg;
    bool ended;
} playing;

static void play(void *arg)
{
    playing *playing = arg;

    playing->client(playing->arg);
    playing->ended = true;
}

void scripted_server_run(scripted_server *server, void (*client)(void *arg), void *arg)
{
    playing playing = { client, arg, false };

    nu__fiber_spawn("client", play, &playing);
    while (!playing.ended) {
        step(server);
        nu__fiber_yield();
    }
}

void scripted_turn(nu__buf *script, nu_str bytes)
{
    nu__buf_char(script, (char)(bytes.len & 0xff));
    nu__buf_char(script, (char)(bytes.len >> 8));
    nu__buf_str_add(script, bytes);
}
