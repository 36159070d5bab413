#pragma once

#include "wire/messages-account.h"
#include "wire/messages-application.h"
#include "wire/messages-list.h"

/* clang-format off */
/*    name                 id                      method  path                                                   request            answer              who                owned        flags */
#define CH_ROUTES_APPLICATION(R) \
  R (application_new,     "application-new",       "POST", "/v1/applications",                                    ChApplicationNew,  ChApplication,      MEMBER_OR_ANY_HOLDER, NONE,        CHANGES) \
  R (application_list,    "application-list",      "GET",  "/v1/applications",                                    ChListQuery,       ChApplicationList,  MEMBER_OR_HOLDER,  NONE,        PLAIN) \
  R (application,         "application",           "GET",  "/v1/applications/{application}",                      ChNothing,         ChApplication,      INSTALLER_OR_ANY_HOLDER, APPLICATION, PLAIN) \
  R (application_answers, "application-answers",   "PUT",  "/v1/applications/{application}/answers",              ChAnswers,         ChApplication,      MEMBER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (application_submit,  "application-submit",    "POST", "/v1/applications/{application}/submit",               ChVersion,         ChApplication,      MEMBER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (application_flow,    "application-flow",      "PUT",  "/v1/applications/{application}/flow",                 ChFlowChange,      ChApplication,      MEMBER,            APPLICATION, CHANGES) \
  R (application_withdraw,"application-withdraw",  "POST", "/v1/applications/{application}/withdraw",             ChVersion,         ChApplication,      MEMBER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (application_discard, "application-discard",   "POST", "/v1/applications/{application}/discard",              ChVersion,         ChNothing,          MEMBER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (application_again,   "application-again",     "POST", "/v1/applications/{application}/again",                ChVersion,         ChApplication,      MEMBER,            APPLICATION, CHANGES) \
  R (application_code,    "application-code",      "POST", "/v1/applications/{application}/code",                 ChNothing,         ChSmsSent,          MEMBER_OR_HOLDER,  APPLICATION, CHANGES) \
  R (application_proof,   "application-proof",     "POST", "/v1/applications/{application}/proof",                ChHandlerProof,    ChApplication,      MEMBER_OR_HOLDER,  APPLICATION, CHANGES) \
  R (upload_new,          "upload-new",            "POST", "/v1/applications/{application}/uploads",              ChUploadNew,       ChUpload,           UPLOADER,          APPLICATION, CHANGES) \
  R (upload,              "upload",                "GET",  "/v1/uploads/{upload}",                                ChNothing,         ChUpload,           UPLOADER,          UPLOAD,      PLAIN) \
  R (upload_piece,        "upload-piece",          "PUT",  "/v1/uploads/{upload}/pieces",                         ChPiece,           ChUpload,           UPLOADER,          UPLOAD,      PLAIN) \
  R (upload_finish,       "upload-finish",         "POST", "/v1/uploads/{upload}/finish",                         ChNothing,         ChApplication,      UPLOADER,          UPLOAD,      CHANGES) \
  R (document,            "document",              "GET",  "/v1/applications/{application}/documents/{document}", ChNothing,         ChDocumentContent,  MEMBER_OR_REVIEWER, APPLICATION, PLAIN)
/* clang-format on */
