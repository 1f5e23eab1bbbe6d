#include "include/limpet.h"

int limpet_abi_version(void) { return LIMPET_ABI_VERSION; }
