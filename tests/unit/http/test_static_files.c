/* Files of a folder as responses. */
#include "core/buf.h"
#include "harness.h"
#include "http/client_request.h"
#include "http/static_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/nuages-static-XXXXXX";

static void remove_all(void *arg)
{
    (void)arg;
    for (const char *const *name = (const char *const[]){ "a.css", "big.bin", "a.svg.gz", NULL };
         *name; name++)
        unlink(nu_fmt("{}/www/{}", root, *name).ptr);
    unlink(nu_fmt("{}/secret", root).ptr);
    unlink(nu_fmt("{}/www/out", root).ptr);
    unlink(nu_fmt("{}/www/pipe", root).ptr);
    rmdir(nu_fmt("{}/www/dir", root).ptr);
    rmdir(nu_fmt("{}/www", root).ptr);
    rmdir(root);
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
}

static void write_file(const char *name, const char *text, size_t times)
{
    FILE *file = fopen(nu_fmt("{}/{}", root, name).ptr, "w");

    while (times--)
        fputs(text, file);
    fclose(file);
}

static const char *folder(void)
{
    CHECK(mkdtemp(root) != NULL);
    mkdir(nu_fmt("{}/www", root).ptr, 0755);
    mkdir(nu_fmt("{}/www/dir", root).ptr, 0755);
    CHECK(mkfifo(nu_fmt("{}/www/pipe", root).ptr, 0600) == 0);
    write_file("secret", "no", 1);
    write_file("www/a.css", "body {}", 1);
    write_file("www/a.svg.gz", "x", 1);
    write_file("www/big.bin", "0123456789abcdef", 10000);
    nu_on_fiber_end(remove_all, NULL);
    return nu_fmt("{}/www", root).ptr;
}

static const char *served_folder;
static const char *served_path;

static nu_response *view(nu_request *req)
{
    return nu__static_serve(req, nu_s(served_path), served_folder);
}

static nu_response *get(const char *path, const char *name, const char *value)
{
    nu__header header = { nu_s(name ? name : "X"), nu_s(value ? value : "") };

    served_path = path;
    return nu__client_run(
        view, nu__client_request(&(nu__client_options){ .headers = &header, .n_headers = 1 }));
}

static void a_file_has_its_type_and_time(void)
{
    nu_response *response;

    served_folder = folder();
    response = get("a.css", NULL, NULL);
    CHECK_STR(nu_body(response), "body {}");
    CHECK_STR(nu_response_header(response, "Content-Type"), "text/css");
    CHECK(nu_response_header(response, "Last-Modified").ptr != NULL);
    CHECK_STR(nu_response_header(response, "Content-Disposition"), "inline; filename=\"a.css\"");
    response = get("a.svg.gz", NULL, NULL);
    CHECK_STR(nu_response_header(response, "Content-Type"), "image/svg+xml");
    CHECK_STR(nu_response_header(response, "Content-Encoding"), "gzip");
}

static void large_files_and_ranges_are_read_whole(void)
{
    nu_response *response;

    served_folder = folder();
    CHECK_INT(nu_body(get("big.bin", NULL, NULL)).len, 160000);
    response = get("big.bin", "Range", "bytes=16-31");
    CHECK_INT(nu_status(response), 206);
    CHECK_STR(nu_body(response), "0123456789abcdef");
    CHECK_STR(nu_response_header(response, "Content-Range"), "bytes 16-31/160000");
    CHECK_INT(nu_status(get("big.bin", "Range", "bytes=160000-")), 416);
    response = get("big.bin", "Range", "bytes=159999-99999999999999999999");
    CHECK_STR(nu_response_header(response, "Content-Range"), "bytes 159999-159999/160000");
    response = get("big.bin", "Range", "bytes=-99999999999999999999");
    CHECK_STR(nu_response_header(response, "Content-Range"), "bytes 0-159999/160000");
    CHECK_INT(nu_status(get("big.bin", "Range", "bytes=99999999999999999999-")), 416);
}

static void a_range_of_another_version_is_the_whole_file(void)
{
    nu__header headers[] = { { S("Range"), S("bytes=0-1") },
                             { S("If-Range"), S("Mon, 01 Jan 2007 01:54:21 GMT") } };
    nu_response *response;

    served_folder = folder();
    served_path = "a.css";
    response = nu__client_run(
        view, nu__client_request(&(nu__client_options){ .headers = headers, .n_headers = 2 }));
    CHECK_INT(nu_status(response), 200);
    headers[1].value = nu_response_header(response, "Last-Modified");
    response = nu__client_run(
        view, nu__client_request(&(nu__client_options){ .headers = headers, .n_headers = 2 }));
    CHECK_INT(nu_status(response), 206);
}

static void an_unchanged_file_is_not_sent_again(void)
{
    nu_str time;

    served_folder = folder();
    time = nu_response_header(get("a.css", NULL, NULL), "Last-Modified");
    CHECK_INT(nu_status(get("a.css", "If-Modified-Since", time.ptr)), 304);
    CHECK_INT(nu_status(get("big.bin", "If-Modified-Since", time.ptr)), 304);
}

static void nothing_outside_of_the_folder_is_served(void)
{
    served_folder = folder();
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "outside", get("../secret", NULL, NULL));
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "outside", get("dir/../../secret", NULL, NULL));
    CHECK_RAISES(NU_HTTP404, "does not exist", get("/etc/passwd", NULL, NULL));
    CHECK_RAISES(NU_HTTP404, "does not exist", get("missing", NULL, NULL));
    CHECK_RAISES(NU_HTTP404, "indexes are not allowed", get("dir", NULL, NULL));
    CHECK_RAISES(NU_HTTP404, "indexes are not allowed", get("", NULL, NULL));
    CHECK_RAISES(NU_HTTP404, "does not exist", get("pipe", NULL, NULL));
}

static nu_response *embedded(nu_request *req)
{
    return nu__static_bytes(req, S("css/site.css"), (nu_bytes){ (const uint8_t *)"p {}", 4 },
                            1167616461);
}

static void files_of_the_executable_are_like_others(void)
{
    nu__header header = { S("If-Modified-Since"), S("Mon, 01 Jan 2007 01:54:21 GMT") };
    nu_response *response =
        nu__client_run(embedded, nu__client_request(&(nu__client_options){ 0 }));

    CHECK_STR(nu_body(response), "p {}");
    CHECK_STR(nu_response_header(response, "Content-Type"), "text/css");
    CHECK_STR(nu_response_header(response, "Content-Disposition"), "inline; filename=\"site.css\"");
    response = nu__client_run(
        embedded, nu__client_request(&(nu__client_options){ .headers = &header, .n_headers = 1 }));
    CHECK_INT(nu_status(response), 304);
}

HARNESS(a_file_has_its_type_and_time, large_files_and_ranges_are_read_whole,
        a_range_of_another_version_is_the_whole_file, an_unchanged_file_is_not_sent_again,
        nothing_outside_of_the_folder_is_served, files_of_the_executable_are_like_others)
