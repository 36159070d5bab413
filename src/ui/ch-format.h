#pragma once

#include "front/ch-format.h"
