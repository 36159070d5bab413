#include "config.h"

#include "wire/messages-holder.h"

CH_WIRE_DEFINE (ChHolderLogin, ch_holder_login, CH_HOLDER_LOGIN_FIELDS, "holder-login")
CH_WIRE_DEFINE (ChHolder, ch_holder, CH_HOLDER_FIELDS, "holder")
