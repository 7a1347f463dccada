#include "files/images/images.h"

#include "files/images/reader.h"

/* A format by its first bytes. Those that people upload are looked into; of the others the first
   bytes are all that is known. */
typedef struct format {
    uint8_t at, len;
    const char *bytes;
    bool (*valid)(nu__image_reader *r);
} format;

static const format formats[] = {
    { 0, 8, "\x89PNG\r\n\x1a\n", nu__png_valid },
    { 0, 3, "\xff\xd8\xff", nu__jpeg_valid },
    { 0, 6, "GIF87a", nu__gif_valid },
    { 0, 6, "GIF89a", nu__gif_valid },
    { 8, 4, "WEBP", nu__webp_valid },
    { 0, 2, "BM", nu__bmp_valid },
    { 0, 4, "II*\0", nu__tiff_valid },
    { 0, 4, "MM\0*", nu__tiff_valid },
    { 0, 4, "8BPS", NULL },                 /* Photoshop */
    { 0, 4, "\0\0\1\0", NULL },             /* icons of Windows */
    { 0, 4, "\0\0\2\0", NULL },             /* cursors of Windows */
    { 0, 4, "icns", NULL },                 /* icons of macOS */
    { 0, 4, "\xff\x4f\xff\x51", NULL },     /* JPEG 2000, the bare stream */
    { 0, 8, "\0\0\0\x0cjP  ", NULL },       /* JPEG 2000 in its box */
    { 0, 4, "DDS ", NULL },                 /* DirectDraw surfaces */
    { 0, 4, "%!PS", NULL },                 /* PostScript */
    { 0, 4, "\xc5\xd0\xd3\xc6", NULL },     /* PostScript with a preview */
    { 0, 6, "SIMPLE", NULL },               /* FITS */
    { 0, 4, "GRIB", NULL },                 /* weather */
    { 0, 4, "BUFR", NULL },                 /* weather */
    { 0, 8, "\x89HDF\r\n\x1a\n", NULL },    /* HDF5 */
    { 0, 4, "\x59\xa6\x6a\x95", NULL },     /* Sun raster */
    { 0, 2, "\x01\xda", NULL },             /* SGI */
    { 0, 6, "\xd7\xcd\xc6\x9a\0\0", NULL }, /* Windows metafiles */
    { 0, 9, "/* XPM */", NULL },            /* pixel maps of X11 */
    { 0, 4, "BLP1", NULL },                 /* Blizzard textures */
    { 0, 4, "BLP2", NULL },                 /* Blizzard textures */
    { 0, 4, "FTEX", NULL },                 /* Independence War textures */
    { 0, 4, "\0\0\1\xb3", NULL },           /* MPEG */
    { 0, 4, "\x80\xe8\0\0", NULL },         /* PIXAR */
    { 0, 4, "\xb1\x68\xde\x3a", NULL },     /* DCX */
};

static const char *const extensions[] = {
    "bmp",  "dib", "gif",  "tif",  "tiff", "jfif", "jpe",  "jpg", "jpeg", "pbm", "pgm",
    "ppm",  "pnm", "png",  "apng", "blp",  "bufr", "cur",  "pcx", "dcx",  "dds", "ps",
    "eps",  "fit", "fits", "fli",  "flc",  "ftc",  "ftu",  "gbr", "grib", "h5",  "hdf",
    "jp2",  "j2k", "jpc",  "jpf",  "jpx",  "j2c",  "icns", "ico", "im",   "iim", "mpg",
    "mpeg", "mpo", "msp",  "palm", "pcd",  "pdf",  "pxr",  "psd", "bw",   "rgb", "rgba",
    "sgi",  "ras", "tga",  "icb",  "vda",  "vst",  "webp", "wmf", "emf",  "xbm", "xpm",
};
enum { EXTENSIONS = sizeof extensions / sizeof *extensions };

bool nu__image_valid(nu_file *file)
{
    uint8_t head[16] = { 0 };
    size_t n = nu_file_read(file, 0, head, sizeof head);

    for (const format *f = formats; f < formats + sizeof formats / sizeof *formats; f++) {
        nu__image_reader reader = { file, 0 };

        if (n >= (size_t)f->at + f->len && !memcmp(head + f->at, f->bytes, f->len))
            return !f->valid || f->valid(&reader);
    }
    return false;
}

bool nu__image_extension_valid(nu_str name, nu_str *extension)
{
    size_t dot = name.len;

    while (dot && name.ptr[dot - 1] != '.')
        dot--;
    /* a name that only begins or ends with its dot has no extension */
    *extension = dot > 1 ? nu_lower((nu_str){ name.ptr + dot, name.len - dot }) : S("");
    for (size_t i = 0; i < EXTENSIONS; i++)
        if (nu_eq(*extension, extensions[i]))
            return true;
    return false;
}

nu_str nu__image_extensions(void)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < EXTENSIONS; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "", extensions[i]);
    return nu__buf_str(&out);
}
