/* What the kernel alone costs: a bare epoll loop that parses nothing. Each request, told by its
   blank line only, is answered with the same bytes; those that were read together, with one write.
   No server on this machine that makes a call for each receive and each send can be below it.

       epoll_floor PORT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, MAX_REQUESTS = 64 };

/* As long as what the measured site answers to /plaintext. */
#define ANSWER                                                                                     \
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"       \
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"                          \
    "Cross-Origin-Opener-Policy: same-origin\r\nX-Frame-Options: DENY\r\n"                         \
    "Content-Length: 13\r\n\r\nHello, World!"

enum { ANSWER_LEN = sizeof(ANSWER) - 1 };

static int listen_on(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0) {
        perror("epoll_floor");
        exit(1);
    }
    return fd;
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_one(int epoll, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;

    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, fd);
}

static size_t count_requests(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    size_t n = 0;

    while (n < MAX_REQUESTS && (bytes = memmem(bytes, (size_t)(end - bytes), "\r\n\r\n", 4))) {
        bytes += 4;
        n++;
    }
    return n;
}

static void answer(int fd, const char *answers)
{
    static char in[65536];
    ssize_t len = recv(fd, in, sizeof in, 0);
    size_t n;

    if (len <= 0) {
        close(fd);
        return;
    }
    n = count_requests(in, (size_t)len);
    if (n && send(fd, answers, n * ANSWER_LEN, MSG_NOSIGNAL) < 0)
        close(fd);
}

int main(int argc, char **argv)
{
    static char answers[MAX_REQUESTS * ANSWER_LEN];
    int listener = listen_on(argc > 1 ? atoi(argv[1]) : 8000), epoll = epoll_create1(0);
    struct epoll_event events[MAX_EVENTS];

    for (size_t i = 0; i < MAX_REQUESTS; i++)
        memcpy(answers + i * ANSWER_LEN, ANSWER, ANSWER_LEN);
    watch(epoll, listener);
    for (;;) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, -1);

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                accept_one(epoll, listener);
            else
                answer(events[i].data.fd, answers);
        }
    }
}
