/* Which line of the site asked for a query: of the stack that was noted with it, the innermost
   frame that is not the library's. A line is looked up once a request, when the toolbar is written.
 */
#include "core/context.h"
#include "core/unwind.h"
#include "views/backtrace.h"
#include "views/recorder.h"

typedef struct place {
    uintptr_t address;
    nu__frame_info frame;
} place;

enum { MOST_PLACES = 1024 }; /* past that they are looked up each time */

struct nu__query_places {
    place items[MOST_PLACES];
    size_t n;
};

void nu__query_place_note(nu__recorded_query *query)
{
    nu__unwound frames[NU__MOST_QUERY_FRAMES];

    query->n_frames = (uint32_t)nu__unwind(frames, NU__MOST_QUERY_FRAMES);
    query->frames = nu_alloc_array(uintptr_t, query->n_frames + 1);
    for (uint32_t i = 0; i < query->n_frames; i++)
        query->frames[i] = frames[i].pc;
    query->file = nu__here->file;
    query->line = nu__here->line;
}

static nu__frame_info frame_at(nu__query_places *places, uintptr_t address)
{
    void *pointer = (void *)address;
    nu__frame_info frame;

    for (size_t i = 0; i < places->n; i++)
        if (places->items[i].address == address)
            return places->items[i].frame;
    frame = nu__frames_of(&pointer, 1)[0];
    if (places->n < MOST_PLACES)
        places->items[places->n++] = (place){ address, frame };
    return frame;
}

nu_str nu__query_place(nu__recorder *recorder, const nu__recorded_query *query)
{
    bool known = false;

    if (!recorder->places)
        recorder->places = nu_alloc(nu__query_places);
    for (uint32_t i = 0; i < query->n_frames; i++) {
        nu__frame_info frame = frame_at(recorder->places, query->frames[i]);

        known |= frame.file.ptr != NULL;
        if (!frame.own && frame.file.ptr)
            return nu_fmt("{}:{}", frame.file, (int64_t)frame.line);
    }
    /* Built without libdw: the last line that named itself. */
    return known || !query->file ? (nu_str){ 0 }
                                 : nu_fmt("{}:{}", query->file, (int64_t)query->line);
}
