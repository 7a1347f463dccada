#include "core/arena.h"
#include "core/buf.h"
#include "files/file.h"

#include <openssl/evp.h>

enum { PIECE = 65536 };

static void add_pieces(EVP_MD_CTX *hash, nu_file *file)
{
    char *piece = nu__alloc_raw(PIECE);
    int64_t offset = 0;
    size_t n;

    while ((n = nu_file_read(file, offset, piece, PIECE)) > 0) {
        EVP_DigestUpdate(hash, piece, n);
        offset += (int64_t)n;
    }
}

static void free_hash(void *hash)
{
    EVP_MD_CTX_free(hash);
}

nu_str nu_file_sha256(nu_file *file)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len;
    char *hex = nu__alloc_raw(65);

    if (!hash)
        nu_raise(NU_MEMORY_ERROR, "no memory for a hash");
    nu_defer(free_hash, hash);
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    add_pieces(hash, file);
    EVP_DigestFinal_ex(hash, digest, &len);
    *nu__put_hex(hex, digest, 32) = '\0';
    return (nu_str){ hex, 64 };
}
