// The types of the C library that weir_types.h is made of.
#ifndef WEIR_STD_H
#define WEIR_STD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#endif
