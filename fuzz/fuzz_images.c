/* A picture or none: nothing that is read may lead past the file, nor ask for long. */
#include "files/images/images.h"
#include "target.h"

FUZZ_TARGET(images)
{
    nu_file *file = nu__file_new(S("picture.png"), false, NULL);
    bool valid;

    nu__file_write(file, input.ptr, input.len);
    valid = nu__image_valid(file);
    FUZZ_CHECK(nu__image_valid(file) == valid);
    FUZZ_CHECK(!valid || input.len >= 4);
}
