#include "config.h"

#include "wire/messages-profile.h"

CH_WIRE_DEFINE_ENUM (ChNewEnd, CH_NEW_ENDS, "new-end")
CH_WIRE_DEFINE_ENUM (ChOldFate, CH_OLD_FATES, "old-fate")

CH_WIRE_DEFINE (ChText, ch_text, CH_TEXT_FIELDS, "text")
CH_WIRE_DEFINE (ChEntry, ch_entry, CH_ENTRY_FIELDS, "entry")
CH_WIRE_DEFINE (ChTerm, ch_term, CH_TERM_FIELDS, "term")
CH_WIRE_DEFINE (ChProject, ch_project, CH_PROJECT_FIELDS, "project")
CH_WIRE_DEFINE (ChDocumentRule, ch_document_rule, CH_DOCUMENT_RULE_FIELDS, "document-rule")
CH_WIRE_DEFINE (ChConsentText, ch_consent_text, CH_CONSENT_TEXT_FIELDS, "consent-text")
CH_WIRE_DEFINE (ChSubjectRow, ch_subject_row, CH_SUBJECT_ROW_FIELDS, "subject-row")
CH_WIRE_DEFINE (ChExtensionRow, ch_extension_row, CH_EXTENSION_ROW_FIELDS, "extension-row")
CH_WIRE_DEFINE (ChIssueRule, ch_issue_rule, CH_ISSUE_RULE_FIELDS, "issue-rule")
CH_WIRE_DEFINE (ChOfferedFile, ch_offered_file, CH_OFFERED_FILE_FIELDS, "offered-file")
CH_WIRE_DEFINE (ChReplacingRule, ch_replacing_rule, CH_REPLACING_RULE_FIELDS, "replacing-rule")
CH_WIRE_DEFINE (ChOfficeDays, ch_office_days, CH_OFFICE_DAYS_FIELDS, "office-days")
CH_WIRE_DEFINE (ChRetention, ch_retention, CH_RETENTION_FIELDS, "retention")
CH_WIRE_DEFINE (ChLimits, ch_limits, CH_LIMITS_FIELDS, "limits")
CH_WIRE_DEFINE (ChTrustedRoot, ch_trusted_root, CH_TRUSTED_ROOT_FIELDS, "trusted-root")
CH_WIRE_DEFINE (ChProfile, ch_profile, CH_PROFILE_FIELDS, "profile")
