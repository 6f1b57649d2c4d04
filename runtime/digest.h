// MD5 and SHA-256, of our own: two hundred lines, where a library would be one more to have wherever a built program runs.
#ifndef WEIR_RT_DIGEST_H
#define WEIR_RT_DIGEST_H

#include "weir_value.h"

void digest_md5(struct weir_str bytes, unsigned char out[16]);
void digest_sha256(struct weir_str bytes, unsigned char out[32]);

#endif
