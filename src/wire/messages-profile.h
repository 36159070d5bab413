#pragma once

#include "wire/ch-axes.h"

G_BEGIN_DECLS

/* What a CA is: served by its server, adapted to by the program. Files: data/profiles/ID.json */

#define CH_TEXT_FIELDS(F, S)                                                                                 \
  F (S, zh, STRING, "zh", REQUIRED, 16384, _)                                                                \
  F (S, en, STRING, "en", REQUIRED, 16384, _)
CH_WIRE_DECLARE (ChText, ch_text, CH_TEXT_FIELDS)

/* An address under which the CA answers */
#define CH_ENTRY_FIELDS(F, S)                                                                                \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, url, STRING, "url", REQUIRED, 256, _)
CH_WIRE_DECLARE (ChEntry, ch_entry, CH_ENTRY_FIELDS)

/* How long a certificate lives and what it costs. renew-fen: what it costs to renew one for so long; the same
 * when it is not said */
#define CH_TERM_FIELDS(F, S)                                                                                 \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, months, INT, "months", REQUIRED, 120, _)                                                             \
  F (S, fen, INT, "fen", REQUIRED, 100000000, _)                                                             \
  F (S, renew_fen, INT, "renew-fen", OPTIONAL, 100000000, _)
CH_WIRE_DECLARE (ChTerm, ch_term, CH_TERM_FIELDS)

/* A project decides medium and settlement; nobody asks the user for them */
#define CH_PROJECT_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, note, OBJECT, "note", OPTIONAL, 0, ChText)                                                           \
  F (S, medium, ENUM, "medium", REQUIRED, 0, ChMedium)                                                       \
  F (S, settlement, ENUM, "settlement", REQUIRED, 0, ChSettlement)                                           \
  F (S, subjects, STRINGS, "subjects", REQUIRED, 3, _)                                                       \
  F (S, terms, LIST, "terms", REQUIRED, 10, ChTerm)
CH_WIRE_DECLARE (ChProject, ch_project, CH_PROJECT_FIELDS)

/* A document asked for; its id is also the id of the document field */
#define CH_DOCUMENT_RULE_FIELDS(F, S)                                                                        \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, note, OBJECT, "note", REQUIRED, 0, ChText)                                                           \
  F (S, formats, STRINGS, "formats", REQUIRED, 10, _)                                                        \
  F (S, max_bytes, INT, "max-bytes", REQUIRED, 33554432, _)                                                  \
  F (S, required, BOOL, "required", REQUIRED, 0, _)                                                          \
  F (S, businesses, STRINGS, "businesses", REQUIRED, 9, _)                                                   \
  F (S, subjects, STRINGS, "subjects", REQUIRED, 3, _)
CH_WIRE_DECLARE (ChDocumentRule, ch_document_rule, CH_DOCUMENT_RULE_FIELDS)

/* An agreement; where = "register", "login" or "apply" */
#define CH_CONSENT_TEXT_FIELDS(F, S)                                                                         \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, version, STRING, "version", REQUIRED, 32, _)                                                         \
  F (S, title, OBJECT, "title", REQUIRED, 0, ChText)                                                         \
  F (S, text, OBJECT, "text", REQUIRED, 0, ChText)                                                           \
  F (S, where, STRINGS, "where", REQUIRED, 4, _)
CH_WIRE_DECLARE (ChConsentText, ch_consent_text, CH_CONSENT_TEXT_FIELDS)

/* One row of the subject, in DER order: type is an attribute’s short name (C, ST, L, O, OU, CN); the value’s
 * {field-id} is replaced by the answer, {serial-time} by i + yyyymmddhhmmssSSS of the application. With
 * subjects, only in certificates of these. */
#define CH_SUBJECT_ROW_FIELDS(F, S)                                                                          \
  F (S, type, STRING, "type", REQUIRED, 16, _)                                                               \
  F (S, value, STRING, "value", REQUIRED, 256, _)                                                            \
  F (S, subjects, STRINGS, "subjects", OPTIONAL, 3, _)
CH_WIRE_DECLARE (ChSubjectRow, ch_subject_row, CH_SUBJECT_ROW_FIELDS)

/* A non-critical extension with a UTF8String: {trust-id} is the holder’s number at this CA */
#define CH_EXTENSION_ROW_FIELDS(F, S)                                                                        \
  F (S, oid, STRING, "oid", REQUIRED, 64, _)                                                                 \
  F (S, value, STRING, "value", REQUIRED, 256, _)                                                            \
  F (S, subjects, STRINGS, "subjects", OPTIONAL, 3, _)
CH_WIRE_DECLARE (ChExtensionRow, ch_extension_row, CH_EXTENSION_ROW_FIELDS)

/* What certificates look like. sm2-id: the distinguishing id SM2 signatures of holders are made with */
#define CH_ISSUE_RULE_FIELDS(F, S)                                                                           \
  F (S, organisation, STRING, "organisation", REQUIRED, 64, _)                                               \
  F (S, keys, STRINGS, "keys", REQUIRED, 4, _)                                                               \
  F (S, subject, LIST, "subject", REQUIRED, 24, ChSubjectRow)                                                \
  F (S, extensions, LIST, "extensions", OPTIONAL, 12, ChExtensionRow)                                        \
  F (S, trust_prefix, STRING, "trust-prefix", OPTIONAL, 16, _)                                               \
  F (S, sm2_id, STRING, "sm2-id", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChIssueRule, ch_issue_rule, CH_ISSUE_RULE_FIELDS)

/* Limits and times; seconds unless the name says otherwise. download-code: a day when it is not said.
 * grace-days: how long after its end a certificate may still be renewed; 0 when it is not said */
#define CH_LIMITS_FIELDS(F, S)                                                                               \
  F (S, sms_valid, INT, "sms-valid", REQUIRED, 3600, _)                                                      \
  F (S, sms_again, INT, "sms-again", REQUIRED, 3600, _)                                                      \
  F (S, sms_tries, INT, "sms-tries", REQUIRED, 100, _)                                                       \
  F (S, sms_per_day, INT, "sms-per-day", REQUIRED, 1000, _)                                                  \
  F (S, session_idle, INT, "session-idle", REQUIRED, 86400, _)                                               \
  F (S, session_total, INT, "session-total", REQUIRED, 604800, _)                                            \
  F (S, staff_idle, INT, "staff-idle", REQUIRED, 86400, _)                                                   \
  F (S, staff_total, INT, "staff-total", REQUIRED, 604800, _)                                                \
  F (S, pay_code, INT, "pay-code", REQUIRED, 86400, _)                                                       \
  F (S, review_days, INT, "review-days", REQUIRED, 60, _)                                                    \
  F (S, renew_days, INT, "renew-days", REQUIRED, 400, _)                                                     \
  F (S, download_code, INT, "download-code", OPTIONAL, 2592000, _)                                           \
  F (S, grace_days, INT, "grace-days", OPTIONAL, 3650, _)                                                    \
  F (S, pin_min, INT, "pin-min", OPTIONAL, 64, _)                                                            \
  F (S, pin_max, INT, "pin-max", OPTIONAL, 64, _)                                                            \
  F (S, account_bytes, INT, "account-bytes", REQUIRED, 1073741824, _)
CH_WIRE_DECLARE (ChLimits, ch_limits, CH_LIMITS_FIELDS)

/* When the new certificate of a replaced one ends */
#define CH_NEW_ENDS(X)                                                                                       \
  X (ADDED, "added") /* the term begins where the old one ends, or now when it has ended */                  \
  X (FRESH, "fresh") /* the term begins now */                                                               \
  X (KEPT, "kept")   /* with the old one */
#define X(code, id) CH_NEW_END_##code,
typedef enum
{
  CH_NEW_ENDS (X) CH_N_NEW_ENDS
} ChNewEnd;
#undef X
extern const ChWireEnum ChNewEnd_enum;

/* What becomes of the old certificate once the new one was proved to work */
#define CH_OLD_FATES(X)                                                                                      \
  X (SUPERSEDED, "superseded") /* revoked */                                                                 \
  X (KEPT, "kept")             /* good until its end */
#define X(code, id) CH_OLD_FATE_##code,
typedef enum
{
  CH_OLD_FATES (X) CH_N_OLD_FATES
} ChOldFate;
#undef X
extern const ChWireEnum ChOldFate_enum;

/* How a business that puts a new certificate in the place of an old one is done here. review: somebody of the
 * CA looks at it first. fen: what it costs where no term is chosen, for the new end is the old one; nothing
 * is settled when it is not said. notice: what the user is to see to afterwards */
#define CH_REPLACING_RULE_FIELDS(F, S)                                                                       \
  F (S, business, ENUM, "business", REQUIRED, 0, ChBusiness)                                                 \
  F (S, review, BOOL, "review", REQUIRED, 0, _)                                                              \
  F (S, new_end, ENUM, "new-end", REQUIRED, 0, ChNewEnd)                                                     \
  F (S, old, ENUM, "old", REQUIRED, 0, ChOldFate)                                                            \
  F (S, fen, INT, "fen", OPTIONAL, 100000000, _)                                                             \
  F (S, notice, OBJECT, "notice", OPTIONAL, 0, ChText)
CH_WIRE_DECLARE (ChReplacingRule, ch_replacing_rule, CH_REPLACING_RULE_FIELDS)

/* A root by which the CA’s certificates are trusted, in DER; told by the server, not in the file */
#define CH_TRUSTED_ROOT_FIELDS(F, S) F (S, der, BYTES, "der", REQUIRED, 65536, _)
CH_WIRE_DECLARE (ChTrustedRoot, ch_trusted_root, CH_TRUSTED_ROOT_FIELDS)

/* A form, a template or a list of what is to be handed in. file: its name, beside the profile in a folder
 * that is called like it */
#define CH_OFFERED_FILE_FIELDS(F, S)                                                                         \
  F (S, file, STRING, "file", REQUIRED, 64, _)                                                               \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, note, OBJECT, "note", REQUIRED, 0, ChText)
CH_WIRE_DECLARE (ChOfferedFile, ch_offered_file, CH_OFFERED_FILE_FIELDS)

/* Days on which the office works otherwise than the day of the week says: both ends in the row, YYYY-MM-DD
 * where the office is. works: true for a Sunday that is worked instead of a bridging day */
#define CH_OFFICE_DAYS_FIELDS(F, S)                                                                          \
  F (S, from, STRING, "from", REQUIRED, 10, _)                                                               \
  F (S, to, STRING, "to", REQUIRED, 10, _)                                                                   \
  F (S, works, BOOL, "works", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChOfficeDays, ch_office_days, CH_OFFICE_DAYS_FIELDS)

/* How long what belongs to an account is kept after its end; kind: "certificate" (from the end of the
 * certificate), "payment" (from the payment). What no rule names goes at once. */
#define CH_RETENTION_FIELDS(F, S)                                                                            \
  F (S, kind, STRING, "kind", REQUIRED, 32, _)                                                               \
  F (S, months, INT, "months", REQUIRED, 1200, _)                                                            \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, reason, OBJECT, "reason", REQUIRED, 0, ChText)
CH_WIRE_DECLARE (ChRetention, ch_retention, CH_RETENTION_FIELDS)

/* two-people: a store for trying out, too, wants two people where others always do.
 * login-picture: "always" or, if it is not there, "after-failures". order-lookup: applications can be looked
 * up without an account, by document number and SMS. unlock-proof: before a medium is unlocked for the first
 * time, who the handler is must be proved. made-here: media on which the CA itself makes new certificates and
 * hands them over */
#define CH_PROFILE_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, version, INT, "version", REQUIRED, 1000000, _)                                                       \
  F (S, name, OBJECT, "name", REQUIRED, 0, ChText)                                                           \
  F (S, short_name, OBJECT, "short-name", REQUIRED, 0, ChText)                                               \
  F (S, hotline, STRING, "hotline", REQUIRED, 32, _)                                                         \
  F (S, hours, OBJECT, "hours", REQUIRED, 0, ChText)                                                         \
  F (S, website, STRING, "website", REQUIRED, 256, _)                                                        \
  F (S, entries, LIST, "entries", REQUIRED, 16, ChEntry)                                                     \
  F (S, flows, STRINGS, "flows", REQUIRED, 200, _)                                                           \
  F (S, projects, LIST, "projects", REQUIRED, 1000, ChProject)                                               \
  F (S, documents, LIST, "documents", REQUIRED, 100, ChDocumentRule)                                         \
  F (S, consents, LIST, "consents", REQUIRED, 20, ChConsentText)                                             \
  F (S, channels, STRINGS, "channels", REQUIRED, 4, _)                                                       \
  F (S, limits, OBJECT, "limits", REQUIRED, 0, ChLimits)                                                     \
  F (S, two_people, BOOL, "two-people", OPTIONAL, 0, _)                                                      \
  F (S, login_picture, STRING, "login-picture", OPTIONAL, 16, _)                                             \
  F (S, order_lookup, BOOL, "order-lookup", OPTIONAL, 0, _)                                                  \
  F (S, unlock_proof, BOOL, "unlock-proof", OPTIONAL, 0, _)                                                  \
  F (S, retention, LIST, "retention", OPTIONAL, 20, ChRetention)                                             \
  F (S, files, LIST, "files", OPTIONAL, 32, ChOfferedFile)                                                   \
  F (S, office_days, LIST, "office-days", OPTIONAL, 100, ChOfficeDays)                                       \
  F (S, replacing, LIST, "replacing", OPTIONAL, 9, ChReplacingRule)                                          \
  F (S, made_here, STRINGS, "made-here", OPTIONAL, 3, _)                                                     \
  F (S, issue, OBJECT, "issue", REQUIRED, 0, ChIssueRule)                                                    \
  F (S, roots, LIST, "roots", OPTIONAL, 16, ChTrustedRoot)
CH_WIRE_DECLARE (ChProfile, ch_profile, CH_PROFILE_FIELDS)

G_END_DECLS
