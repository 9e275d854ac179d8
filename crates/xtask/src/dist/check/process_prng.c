// Stands in for the one function of bcryptprimitives.dll that Rust's library calls, where Wine does not have it.
#include <stddef.h>

__declspec(dllimport) unsigned char SystemFunction036(void *buffer, unsigned long length);

__declspec(dllexport) int ProcessPrng(unsigned char *buffer, size_t length) {
    return SystemFunction036(buffer, (unsigned long)length);
}
