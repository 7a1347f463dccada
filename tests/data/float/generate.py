#!/usr/bin/env python3
"""Write cases.txt: doubles by their bits, and repr() of each.

    tests/data/float/generate.py > tests/data/float/cases.txt
"""
import random
import struct

random.seed(7)


def bits_of(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def row(bits):
    print(f"{bits:016x}\t{struct.unpack('<d', struct.pack('<Q', bits))[0]!r}")


for exponent in list(range(0, 2047, 31)) + [1, 2, 1022, 1023, 1024, 2046]:
    for fraction in (0, 1, (1 << 52) - 1):
        row(exponent << 52 | fraction)
for _ in range(150):
    row(random.getrandbits(64) & ~(1 << 62))
for _ in range(100):
    row(bits_of(round(random.uniform(-1e6, 1e6), random.randint(0, 8))))
for number in (0.1, 0.2, 0.3, 1e15, 1e16, 1e17, 123456789012345680.0, 9007199254740993.0, 0.0001, 0.00001, 5e-324,
               2.2250738585072014e-308, 1.7976931348623157e308, 1e22, 1e23, 2**-44, float("inf"), float("-inf"), -0.0):
    row(bits_of(number))
