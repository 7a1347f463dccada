/**
 * @file
 * Whether an uploaded file is a picture: what Pillow's open() and verify() look at, without
 * decoding a pixel. Counterpart: forms.ImageField.to_python().
 */
#pragma once
#include "files/file.h"

/* Whether the content is a picture of a known format, whole as far as its headers and checksums
   tell. May yield. Raises OSError when a file on disk cannot be read. */
bool nu__image_valid(nu_file *file);

/* Whether the name ends as that of a picture; `extension` gets what it ends with, in lower case.
   Counterpart: validate_image_file_extension. */
bool nu__image_extension_valid(nu_str name, nu_str *extension);
/* The extensions that are allowed, with ", " between. */
nu_str nu__image_extensions(void);
