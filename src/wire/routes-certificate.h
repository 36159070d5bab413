#pragma once

#include "wire/messages-application.h"
#include "wire/messages-certificate.h"
#include "wire/messages-list.h"

/* clang-format off */
/*    name              id                 method  path                                          request       answer             who      owned        flags */
#define CH_ROUTES_CERTIFICATE(R) \
  R (issue,            "issue",            "POST", "/v1/applications/{application}/certificate", ChCsrMessage, ChCertificate,     INSTALLER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (installed,        "installed",        "POST", "/v1/applications/{application}/installed",   ChPossession, ChApplication,     INSTALLER_OR_ANY_HOLDER, APPLICATION, CHANGES) \
  R (certificate_list, "certificate-list", "GET",  "/v1/certificates",                           ChListQuery,  ChCertificateList, MEMBER_OR_ANY_HOLDER, NONE,        PLAIN) \
  R (certificate,      "certificate",      "GET",  "/v1/certificates/{certificate}",             ChNothing,    ChCertificate,     INSTALLER_OR_ANY_HOLDER, CERTIFICATE, PLAIN) \
  R (ca_certificate,   "ca-certificate",   "GET",  "/ca/{file}",                                 ChNothing,    ChNothing,         ANYBODY, NONE,        RAW) \
  R (crl,              "crl",              "GET",  "/crl/{file}",                                ChNothing,    ChNothing,         ANYBODY, NONE,        RAW) \
  R (ocsp,             "ocsp",             "POST", "/ocsp",                                      ChNothing,    ChNothing,         ANYBODY, NONE,        RAW) \
  R (ocsp_get,         "ocsp-get",         "GET",  "/ocsp/{request}",                            ChNothing,    ChNothing,         ANYBODY, NONE,        RAW)
/* clang-format on */
