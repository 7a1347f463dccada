#include "files/content_types.h"

#include "core/text.h"

#include <string.h>

/* Sorted by extension, for bsearch-like look-up. */
static const struct row {
    const char *extension, *type;
} types[] = {
    { "7z", "application/x-7z-compressed" },
    { "aac", "audio/aac" },
    { "apng", "image/apng" },
    { "avi", "video/x-msvideo" },
    { "avif", "image/avif" },
    { "bin", "application/octet-stream" },
    { "bmp", "image/bmp" },
    { "c", "text/plain" },
    { "css", "text/css" },
    { "csv", "text/csv" },
    { "doc", "application/msword" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "eot", "application/vnd.ms-fontobject" },
    { "epub", "application/epub+zip" },
    { "flac", "audio/flac" },
    { "gif", "image/gif" },
    { "h", "text/plain" },
    { "heic", "image/heic" },
    { "htm", "text/html" },
    { "html", "text/html" },
    { "ico", "image/vnd.microsoft.icon" },
    { "ics", "text/calendar" },
    { "jpeg", "image/jpeg" },
    { "jpg", "image/jpeg" },
    { "js", "text/javascript" },
    { "json", "application/json" },
    { "jsonld", "application/ld+json" },
    { "map", "application/json" },
    { "md", "text/markdown" },
    { "mid", "audio/midi" },
    { "mjs", "text/javascript" },
    { "mov", "video/quicktime" },
    { "mp3", "audio/mpeg" },
    { "mp4", "video/mp4" },
    { "mpeg", "video/mpeg" },
    { "odp", "application/vnd.oasis.opendocument.presentation" },
    { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { "odt", "application/vnd.oasis.opendocument.text" },
    { "oga", "audio/ogg" },
    { "ogg", "audio/ogg" },
    { "ogv", "video/ogg" },
    { "opus", "audio/opus" },
    { "otf", "font/otf" },
    { "pdf", "application/pdf" },
    { "png", "image/png" },
    { "ppt", "application/vnd.ms-powerpoint" },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    { "ps", "application/postscript" },
    { "py", "text/x-python" },
    { "rtf", "application/rtf" },
    { "sh", "application/x-sh" },
    { "svg", "image/svg+xml" },
    { "tar", "application/x-tar" },
    { "tif", "image/tiff" },
    { "tiff", "image/tiff" },
    { "toml", "application/toml" },
    { "ttc", "font/collection" },
    { "ttf", "font/ttf" },
    { "txt", "text/plain" },
    { "vtt", "text/vtt" },
    { "wasm", "application/wasm" },
    { "wav", "audio/x-wav" },
    { "weba", "audio/webm" },
    { "webm", "video/webm" },
    { "webmanifest", "application/manifest+json" },
    { "webp", "image/webp" },
    { "woff", "font/woff" },
    { "woff2", "font/woff2" },
    { "xhtml", "application/xhtml+xml" },
    { "xls", "application/vnd.ms-excel" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "xml", "text/xml" },
    { "yaml", "application/yaml" },
    { "yml", "application/yaml" },
    { "zip", "application/zip" },
};

static const struct row encodings[] = {
    { "br", "br" }, { "bz2", "bzip2" }, { "gz", "gzip" }, { "Z", "compress" }, { "xz", "xz" },
};

/* What follows the last dot of the last part; {NULL, 0} without one or when the name begins with
 * it. */
static nu_str extension_of(nu_str name)
{
    for (size_t at = name.len; at > 1 && name.ptr[at - 1] != '/'; at--)
        if (name.ptr[at - 1] == '.' && name.ptr[at - 2] != '/')
            return nu__sub(name, at, name.len);
    return (nu_str){ 0 };
}

static nu_str type_of(nu_str extension)
{
    size_t low = 0, high = sizeof types / sizeof *types;
    char lower[12];

    if (!extension.len || extension.len >= sizeof lower)
        return (nu_str){ 0 };
    for (size_t i = 0; i <= extension.len; i++) {
        char c = i < extension.len ? extension.ptr[i] : '\0';

        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(lower, types[middle].extension);

        if (order == 0)
            return nu_s(types[middle].type);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (nu_str){ 0 };
}

nu__content_type nu__content_type_of(nu_str name)
{
    nu_str extension = extension_of(name);
    nu__content_type found = { 0 };

    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (extension.len && nu_eq(extension, encodings[i].extension)) {
            found.encoding = nu_s(encodings[i].type);
            extension = extension_of(nu__sub(name, 0, name.len - extension.len - 1));
            break;
        }
    found.type = type_of(extension);
    return found;
}

bool nu__content_type_is_text(nu_str type)
{
    static const char *const texts[] = { "application/json",      "application/xml",
                                         "image/svg+xml",         "application/manifest+json",
                                         "application/xhtml+xml", "application/ld+json",
                                         "application/wasm" };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (nu_eq(type, texts[i]))
            return true;
    return nu_starts_with(type, S("text/"));
}
