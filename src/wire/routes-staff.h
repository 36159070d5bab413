#pragma once

#include "wire/messages-account.h"
#include "wire/messages-application.h"
#include "wire/messages-list.h"
#include "wire/messages-order.h"

/* clang-format off */
/*    name               id                   method  path                                       request        answer             who       owned        flags */
#define CH_ROUTES_STAFF(R) \
  R (staff_login,       "staff-login",        "POST", "/v1/staff/sessions",                      ChStaffLogin,  ChSession,         ANYBODY,  NONE,        PLAIN) \
  R (staff_list,        "staff-list",         "GET",  "/v1/staff/applications",                  ChListQuery,   ChApplicationList, REVIEWER, NONE,        PLAIN) \
  R (staff_application, "staff-application",  "GET",  "/v1/staff/applications/{application}",    ChNothing,     ChApplication,     REVIEWER, APPLICATION, PLAIN) \
  R (staff_review,      "staff-review",       "POST", "/v1/staff/applications/{application}/review", ChReview,  ChApplication,     REVIEWER, APPLICATION, CHANGES) \
  R (refund_list,       "refund-list",        "GET",  "/v1/staff/refunds",                       ChListQuery,   ChRefundList,      MONEY,    NONE,        PLAIN) \
  R (refund_approve,    "refund-approve",     "POST", "/v1/staff/refunds/{refund}/approve",      ChNothing,     ChRefund,          MONEY,    NONE,        CHANGES) \
  R (refund_retry,      "refund-retry",       "POST", "/v1/staff/refunds/{refund}/retry",        ChNothing,     ChRefund,          MONEY,    NONE,        CHANGES) \
  R (refund_by_hand,    "refund-by-hand",     "POST", "/v1/staff/refunds/{refund}/by-hand",      ChRefundNote,  ChRefund,          MONEY,    NONE,        CHANGES)
/* clang-format on */
