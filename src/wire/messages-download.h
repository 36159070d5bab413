#pragma once

#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What can be downloaded from a CA, in the order people look for it. A list tells which certificates were
 * revoked before their end. */
/* clang-format off */
#define CH_DOWNLOAD_KINDS(X) \
  X (ROOT,      "root",      N_("Root certificate")) \
  X (ISSUING,   "issuing",   N_("Certificate of the issuing CA")) \
  X (LIST,      "list",      N_("List of revoked certificates")) \
  X (ROOT_LIST, "root-list", N_("List of revoked CAs")) \
  X (FILE,      "file",      N_("File"))
/* clang-format on */

#define X(code, id, title) CH_DOWNLOAD_##code,
typedef enum
{
  CH_DOWNLOAD_KINDS (X) CH_N_DOWNLOAD_KINDS
} ChDownloadKind;
#undef X
extern const ChWireEnum ChDownloadKind_enum;
const char *ch_download_kind_get_title (ChDownloadKind kind);

/* Below /ca, /crl or /files, by its kind. name, note: of a file; subject: whose certificate it is, or who
 * signed the list; issuer: file of the certificate that signed; sha256: not of a list, for that may be
 * another one the next moment; made, next, revoked: of a list */
#define CH_DOWNLOAD_FIELDS(F, S)                                                                             \
  F (S, file, STRING, "file", REQUIRED, 64, _)                                                               \
  F (S, kind, ENUM, "kind", REQUIRED, 0, ChDownloadKind)                                                     \
  F (S, algorithm, STRING, "algorithm", OPTIONAL, 16, _)                                                     \
  F (S, name, OBJECT, "name", OPTIONAL, 0, ChText)                                                           \
  F (S, note, OBJECT, "note", OPTIONAL, 0, ChText)                                                           \
  F (S, subject, STRING, "subject", OPTIONAL, 256, _)                                                        \
  F (S, issuer, STRING, "issuer", OPTIONAL, 64, _)                                                           \
  F (S, size, INT, "size", REQUIRED, 67108864, _)                                                            \
  F (S, sha256, STRING, "sha256", OPTIONAL, 64, _)                                                           \
  F (S, made, TIME, "made", OPTIONAL, 0, _)                                                                  \
  F (S, next, TIME, "next", OPTIONAL, 0, _)                                                                  \
  F (S, revoked, INT, "revoked", OPTIONAL, 10000000, _)
CH_WIRE_DECLARE (ChDownload, ch_download, CH_DOWNLOAD_FIELDS)

#define CH_DOWNLOAD_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 100, ChDownload)
CH_WIRE_DECLARE (ChDownloadList, ch_download_list, CH_DOWNLOAD_LIST_FIELDS)

G_END_DECLS
