"""Pictures of every format that people upload, written into the folder that is given; runs under the
Python of the originals, which has the library that they ask."""
import io
import pathlib
import sys

from PIL import Image

KINDS = {
    "png": [("PNG", mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16")],
    "gif": [("GIF", mode, {}) for mode in ("1", "P", "RGBA")] + [("GIF", "P", {"save_all": True})],
    "jpg": [("JPEG", "L", {}), ("JPEG", "RGB", {"progressive": True}), ("JPEG", "CMYK", {})],
    "webp": [("WEBP", "RGB", {}), ("WEBP", "RGBA", {}), ("WEBP", "RGB", {"lossless": True}),
             ("WEBP", "RGB", {"save_all": True})],
    "bmp": [("BMP", mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA")],
    "tif": [("TIFF", mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK")]
           + [("TIFF", "RGB", {"compression": "tiff_lzw"})],
}


def picture(file_format, mode, options):
    """The bytes of a small gradient; with save_all of a film of two."""
    first = Image.linear_gradient("L").resize((16, 12)).convert("RGB").convert(mode)
    film = {"append_images": [first.rotate(90)]} if options.get("save_all") else {}
    out = io.BytesIO()
    first.save(out, file_format, **options, **film)
    return out.getvalue()


if __name__ == "__main__":
    for ending, kinds in KINDS.items():
        for number, kind in enumerate(kinds):
            pathlib.Path(sys.argv[1], f"picture{number}.{ending}").write_bytes(picture(*kind))
