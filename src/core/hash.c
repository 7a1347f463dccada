#include "core/list.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

typedef struct sip {
    uint64_t v0, v1, v2, v3;
} sip;

static uint64_t key[2];

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void sip_round(sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static void take(sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

/* Children inherit it. Where the kernel gives no random bytes, the clock and the process id are
   still more than a client knows. */
static void make_key(void)
{
    if (getrandom(key, sizeof(key), GRND_NONBLOCK) != sizeof(key)) {
        struct timespec now;

        clock_gettime(CLOCK_REALTIME, &now);
        key[0] = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec;
        key[1] = (uint64_t)getpid() << 32 ^ (uint64_t)(uintptr_t)&now;
    }
    key[0] |= 1; /* made */
}

uint64_t nu__hash(const void *bytes, size_t len)
{
    const uint8_t *at = bytes, *end = len ? at + len : at;
    uint64_t word;
    sip s;

    if (!key[0])
        make_key();
    s = (sip){ key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
               key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573 };
    for (; end - at >= 8; at += 8) {
        memcpy(&word, at, 8);
        take(&s, word);
    }
    word = (uint64_t)len << 56;
    for (int shift = 0; at < end; at++, shift += 8)
        word |= (uint64_t)*at << shift;
    take(&s, word);
    s.v2 ^= 0xFF;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
