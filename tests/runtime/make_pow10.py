#!/usr/bin/env python3
"""Writes runtime/pow10_table.h: the powers of ten that reading and printing of floats multiply with.

Row q is 10^q as 128 bits with the top one set, rounded towards zero, but for -27 <= q < 0 away from it:
what Eisel-Lemire needs (Lemire, "Number parsing at a gigabyte per second", section 5).
"""

FIRST, LAST = -342, 324


def row(q):
    if q >= 0:
        power = 5**q
        shift = power.bit_length() - 128
        return power >> shift if shift > 0 else power << -shift
    power = 5**-q
    bits = power.bit_length() + 127
    value = (1 << bits) // power + (1 if q >= -27 else 0)
    assert value.bit_length() == 128 and value & (2**64 - 1) != 2**64 - 1
    return value


print(f"""// Made by tests/runtime/make_pow10.py, which says what it is.
enum {{ POW10_FIRST = {FIRST}, POW10_LAST = {LAST} }};

static const struct pow10_row {{
    uint64_t hi, lo;
}} pow10_rows[] = {{""")
rows = [f"{{0x{row(q) >> 64:016X}, 0x{row(q) & (2**64 - 1):016X}}}," for q in range(FIRST, LAST + 1)]
for i in range(0, len(rows), 2):
    print("    " + " ".join(rows[i:i + 2]))
print("};")
