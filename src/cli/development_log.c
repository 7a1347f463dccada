#include "cli/development_log.h"

#include "cli/command.h"
#include "views/recorder.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *status_colour(int status)
{
    static const struct {
        int below;
        const char *colour;
    } colours[] = { { 200, "\033[1m" },  { 300, "" },           { 304, "\033[32m" },
                    { 305, "\033[36m" }, { 400, "\033[32m" },   { 404, "\033[31;1m" },
                    { 405, "\033[33m" }, { 500, "\033[31;1m" }, { 600, "\033[35;1m" } };

    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (status < colours[i].below)
            return colours[i].colour;
    return "";
}

void nu__log_development(const nu__http_entry *entry)
{
    const nu_request *req = entry->req;
    const nu__recorder *recorder = nu__recorder_of(req);
    bool colour = nu__colour(STDOUT_FILENO);
    char when[32], queries[32] = "";
    time_t now = time(NULL);
    struct tm local;

    strftime(when, sizeof when, "%d/%b/%Y %H:%M:%S", localtime_r(&now, &local));
    if (recorder)
        snprintf(queries, sizeof queries, ", %zu quer%s", recorder->n_queries,
                 recorder->n_queries == 1 ? "y" : "ies");
    printf("%s[%s] \"%.*s %s HTTP/1.%d\" %d %llu (%.1f ms%s)%s\n",
           colour ? status_colour(entry->status) : "", when, req ? (int)req->method_name.len : 1,
           req ? req->method_name.ptr : "-",
           req ? nu_request_full_path((nu_request *)(uintptr_t)req).ptr : "-",
           req && req->http_1_0 ? 0 : 1, entry->status, (unsigned long long)entry->bytes,
           entry->seconds * 1000, queries, colour ? "\033[0m" : "");
    fflush(stdout);
}
