#include "server/scoreboard.h"

#include <string.h>
#include <sys/mman.h>

bool nu__scoreboard_open(nu__scoreboard *board, uint32_t len)
{
    void *memory = mmap(NULL, len * sizeof(nu__score), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    *board = (nu__scoreboard){ memory, len };
    return true;
}

void nu__scoreboard_close(nu__scoreboard *board)
{
    if (board->rows)
        munmap(board->rows, board->len * sizeof(nu__score));
    *board = (nu__scoreboard){ 0 };
}

nu__score *nu__score_take(nu__scoreboard *board)
{
    for (uint32_t i = 0; i < board->len; i++) {
        nu__score *score = &board->rows[i];

        if (score->taken)
            continue;
        memset(score, 0, sizeof(*score));
        score->taken = true;
        return score;
    }
    return NULL;
}

void nu__score_give(nu__score *score)
{
    score->ready = score->taken = false;
}

uint32_t nu__scoreboard_average(const nu__scoreboard *board)
{
    uint64_t sum = 0;
    uint32_t n = 0;

    for (uint32_t i = 0; i < board->len; i++)
        if (board->rows[i].ready) {
            sum += board->rows[i].connections;
            n++;
        }
    return n ? (uint32_t)((sum + n - 1) / n) : 0;
}
