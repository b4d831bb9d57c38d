/* All that an actor needs. */
#ifndef SOUK_H
#define SOUK_H

#include "../db/database.h"
#include "../db/documents.h"
#include "actor.h"
#include "call.h"
#include "saga.h"

#endif
